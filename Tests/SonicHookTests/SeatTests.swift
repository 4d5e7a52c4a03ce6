import SonicHook
import Testing

@Suite struct SeatTests {
  private static let seat = Seat(
    gateway: "http://172.17.0.1:8040", isRequired: true,
    changes: [
      .set("PIP_INDEX_URL", to: "{gateway}/pip/simple/"),
      .set("PIP_TRUSTED_HOST", to: "{authority}"),
      .unset("PIP_EXTRA_INDEX_URL"),
    ])

  @Test func `a seat is written and read back`() {
    #expect(Seat(Self.seat.text) == Self.seat)
    #expect(Seat(Seat().text) == Seat())
  }

  @Test(arguments: [
    ("http://172.17.0.1:8040", "http://172.17.0.1:8040/pip/simple/"),
    ("http://mirror:TOKEN@10.0.0.1:80/", "http://mirror:TOKEN@10.0.0.1:80/pip/simple/"),
  ])
  func `the gateway's URL and address are filled in`(url: String, index: String) {
    let environment = Self.seat.environment(for: url)
    #expect(
      environment.map(\.name) == ["PIP_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_EXTRA_INDEX_URL"])
    #expect(environment[0].value == index)
    #expect(environment[1].value?.contains("TOKEN") == false)
    #expect(environment[1].value?.hasPrefix(url.contains("TOKEN") ? "10.0.0.1:80" : "172.") == true)
    #expect(environment[2].value == nil)
  }

  @Test(arguments: [
    ("http://10.0.0.1:80", "http://10.0.0.1:80/go"),
    ("http://mirror:TOKEN@10.0.0.1:80", "http://10.0.0.1:80/t/TOKEN/go"),
  ])
  func `a tool that refuses a login gets the token in the path`(url: String, proxy: String) {
    let seat = Seat(changes: [.set("GOPROXY", to: "{path}/go")])
    #expect(seat.environment(for: url)[0].value == proxy)
  }

  @Test func `lines it does not know say nothing`() {
    #expect(Seat("# gateway=x\nrequired=no\nset X\nfuture=1\n") == Seat())
  }
}
