import MirrorCore
import MirrorTesting
import Testing

@Suite struct ResolverConformanceTests {
  /// A resolver that does everything wrong that the table knows.
  private struct Wrong: Resolver {
    let ecosystem = Ecosystem(rawValue: "No Word")

    private static func request(_ identity: String, ecosystem: String = "other") -> Request? {
      Locator("https://files.example/a").map {
        Request(
          ecosystem: Ecosystem(rawValue: ecosystem), identity: identity,
          package: PackageURL(type: "generic", name: ""), origin: $0)
      }
    }

    func redirection(
      to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
    ) -> Redirection {
      Redirection(files: ["/etc/tool.conf": "proxy"])
    }

    func answer(to query: Query, frozen: Lockfile?) -> Answer? {
      guard query.target == .path("foreign") else { return nil }
      return Self.request("a").map { .artifact($0) }
    }

    func request(naming name: String) -> Request? {
      name == "unknown" ? nil : Self.request("two words")
    }

    func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
      InMemoryMirror("upstream")
    }
  }

  @Test func `says of a resolver all that a gateway cannot work with`() async {
    let table = ResolverConformance(
      paths: ["path"], foreign: ["foreign"], names: ["unknown", "known"])
    let found = await table.violations(of: Wrong())
    #expect(
      found == [
        "its ecosystem 'No Word' is no short lower-case word",
        "it writes outside of the run's folder: /etc/tool.conf",
        "it does not answer 'path'",
        "it answers 'foreign', which is none of its paths",
        "it does not know unknown",
        "'known' becomes a request of other",
        "'known' has an identity that a lock cannot hold: 'two words'",
        "'known' has no name to compare owners with",
        "it takes '' for one of its things",
        "it takes 'pkg:cobol/payroll@1' for one of its things",
        "it takes 'no such thing' for one of its things",
        "its origin is named 'upstream'",
      ])
  }
}
