import MirrorCommand
import MirrorCore
import MirrorTesting
import Testing

@Suite struct ToolboxTests {
  /// An ecosystem that takes nothing.
  private struct Deaf: Resolver {
    let ecosystem: Ecosystem

    func redirection(
      to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
    ) -> Redirection { Redirection() }

    func answer(to query: Query, frozen: Lockfile?) -> Answer? { nil }

    func request(naming name: String) -> Request? { nil }

    func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
      InMemoryMirror("origin")
    }
  }

  @Test(arguments: [["pip", "web"], ["web", "pip"], []])
  func `keeps the ecosystems in the order in which they are offered a URL`(names: [String]) {
    let toolbox = Toolbox(
      resolvers: names.map { Deaf(ecosystem: Ecosystem(rawValue: $0)) },
      environment: ["HOME": "/home/of/nobody"])
    #expect(toolbox.resolvers.map(\.ecosystem.rawValue) == names)
    #expect(toolbox.environment == ["HOME": "/home/of/nobody"])
  }

  @Test func `says in its version which ecosystems are in it, or that none is`() {
    func version(_ names: [String]) -> String {
      Toolbox(resolvers: names.map { Deaf(ecosystem: Ecosystem(rawValue: $0)) }, environment: [:])
        .version(of: "mirror")
    }
    #expect(version(["web", "pip"]) == "mirror \(CommandLineTool.version) (pip, web)")
    #expect(version([]) == "mirror \(CommandLineTool.version) (no ecosystems)")
  }

  @Test func `has a version of three numbers`() throws {
    let numbers = CommandLineTool.version.split(separator: ".").map { Int($0) }
    #expect(numbers.count == 3)
    #expect(numbers.allSatisfy { $0 != nil })
  }
}
