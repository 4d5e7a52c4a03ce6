import MirrorHook
import Testing

/// The user that apt's configuration names for its methods.
@Suite struct SandboxUserTests {
  private static let passwd = """
    root:x:0:0:root:/root:/bin/bash
    _apt:x:42:65534::/nonexistent:/usr/sbin/nologin
    broken:x:seven:1::/:/bin/sh
    """

  private func user(_ items: String...) throws -> SandboxUser? {
    let lines = items.map { "Config-Item: \($0)" }.joined(separator: "\n")
    let message = try #require(AcquireMessage("601 Configuration\n\(lines)"))
    return SandboxUser.name(in: message).flatMap { SandboxUser($0, passwd: Self.passwd) }
  }

  @Test func `is looked up by its name`() throws {
    let user = try user("APT::Architecture=amd64", "APT::Sandbox::User=_apt")
    #expect(user?.user == 42 && user?.group == 65534)
  }

  @Test func `is the last that was named`() throws {
    #expect(try user("APT::Sandbox::User=_apt", "APT::Sandbox::User=root") == nil)
  }

  @Test(arguments: ["APT::Sandbox::User=root", "APT::Sandbox::User=", "APT::Architecture=amd64"])
  func `is not named where root may stay`(item: String) throws {
    let message = try #require(AcquireMessage("601 Configuration\nConfig-Item: \(item)"))
    #expect(SandboxUser.name(in: message) == nil)
  }

  @Test(arguments: ["nobody-known", "broken"])
  func `is nobody where an unknown one is named`(name: String) throws {
    let message = try #require(
      AcquireMessage("601 Configuration\nConfig-Item: APT::Sandbox::User=\(name)"))
    #expect(SandboxUser.name(in: message) == name)
    #expect(SandboxUser(name, passwd: Self.passwd) == nil)
  }
}
