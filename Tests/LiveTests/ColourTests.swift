import MirrorTesting
import Testing

/// What a person sees at a terminal, which util-linux's `script` plays.
@Suite(.enabled(if: Tool.areInstalled("script"), "script is missing"))
struct ColourTests {
  private static let red = "\u{1B}["

  /// What a command that fails says.
  private func complaint(_ environment: [String: String], atTerminal: Bool) async throws -> String {
    try await TemporaryFolder.with { folder in
      let fails = "'\(Tool.mirror)' check --lock nowhere.lock"
      let words =
        atTerminal ? ["script", "-qec", fails, "/dev/null"] : ["sh", "-c", "\(fails) 2>&1"]
      let variables = Tool.environment(home: folder)
        .merging(["TERM": "xterm", "NO_COLOR": ""].merging(environment) { $1 }) { $1 }
      return try await Tool.run(words, in: folder, environment: variables).text
    }
  }

  @Test func `a terminal is shown errors in colour`() async throws {
    let said = try await complaint([:], atTerminal: true)
    #expect(said.contains("nowhere.lock"), "\(said)")
    #expect(said.contains(Self.red))
  }

  @Test(arguments: [("NO_COLOR", "1"), ("TERM", "dumb")])
  func `a terminal that wants none is shown none`(name: String, value: String) async throws {
    let said = try await complaint([name: value], atTerminal: true)
    #expect(said.contains("nowhere.lock"), "\(said)")
    #expect(!said.contains(Self.red))
  }

  @Test func `a file or a pipe gets none`() async throws {
    let said = try await complaint([:], atTerminal: false)
    #expect(said.contains("nowhere.lock"), "\(said)")
    #expect(!said.contains(Self.red))
  }
}
