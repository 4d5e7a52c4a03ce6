import MirrorCore
import MirrorSonic
import MirrorTesting
import SonicHook
import Testing

/// The gateway that is written into SONiC's folder.
@Suite struct SeatInstallationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    ("http://127.0.0.1:80", "http://127.0.0.1:80"), ("http://127.0.0.1/", "http://127.0.0.1:80"),
    ("http://172.17.0.1:8040", "http://172.17.0.1:8040"),
    ("http://localhost:8040", "http://localhost:8040"),
  ])
  func `a gateway is written as the wrapper reads it`(typed: String, written: String) async throws {
    let gateway = try #require(Locator(typed))
    try await SeatInstallation(into: folder.path, gateway: gateway).install([])
    let seat = Seat(try #require(folder.text(of: "mirror/seat")))
    #expect(seat.gateway == written)
    #expect(Seat.accepts(gateway: written))
  }

  @Test(arguments: [
    "http://127.0.0.+1:80", "http://127.0.1:80", "http://gateway.example:8040",
    "https://172.17.0.1:8040", "http://172.17.0.1:8040/path", "http://u:p@172.17.0.1:8040",
  ])
  func `a gateway that the wrapper would refuse is refused`(typed: String) async throws {
    let gateway = try #require(Locator(typed))
    let error = await #expect(throws: MirrorError.self) {
      try await SeatInstallation(into: folder.path, gateway: gateway).install([])
    }
    #expect(error?.code == .misconfigured)
    #expect(folder.text(of: "mirror/seat") == nil)
  }
}
