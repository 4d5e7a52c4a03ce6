import Foundation
import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

/// Credential helpers in git's form, with the one of Examples/ExecMirror.
@Suite(.timeLimit(.minutes(1))) struct CredentialHelperTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let example = "\(ProgramMirrorTests.examples)/credential-helper.sh"

  @Test func `answer for the host they are asked for`() async throws {
    try await FaultServer.run { server in
      server.setDefault(.empty)
      try folder.write("logins/127.0.0.1:\(server.port)", "pw\n")
      try await HTTPTransport.run { transport in
        try await transport.get(server.url + "/a") {
          $0.credential = .helper([Self.example, "\(folder.path)/logins"])
        }
      }
      let login = Data("build:pw".utf8).base64EncodedString()
      #expect(server.requests.first?.headers["authorization"] == "Basic \(login)")
    }
  }

  @Test(arguments: [
    ("username=ann\npassword=p=w\n", "Basic \(Data("ann:p=w".utf8).base64EncodedString())"),
    ("password=t0ken\n", "Bearer t0ken"),
    ("capability[]=authtype\nauthtype=Token\ncredential=abc\nusername=ann\n", "Token abc"),
  ])
  func `answer with a login, a token or a whole header`(answer: String, header: String) async throws
  {
    let script = try folder.write(
      "helper", "cat > \(folder.path)/question\nprintf '\(answer.replacing("\n", with: "\\n"))'\n")
    try await FaultServer.run { server in
      server.setDefault(.empty)
      try await HTTPTransport.run { transport in
        try await transport.get(server.url + "/a") { $0.credential = .helper(["sh", script]) }
      }
      #expect(server.requests.first?.headers["authorization"] == header)
      #expect(
        folder.text(of: "question")
          == "capability[]=authtype\nprotocol=http\nhost=127.0.0.1:\(server.port)\n\n")
    }
  }

  @Test(arguments: ["echo s3cret >&2; exit 3", "username=ann", "", "cat >&2; echo password="])
  func `that have no answer are a wrong setting, and are not quoted`(script: String) async throws {
    let script = try folder.write("helper", "\(script)\n")
    try await FaultServer.run { server in
      try await HTTPTransport.run { transport in
        let error = try await transport.failure(of: server.url + "/a") {
          $0.credential = .helper(["sh", script])
        }
        #expect(error.code == .misconfigured)
        #expect(error.message.contains("acme: the credential helper:sh"))
        #expect(!error.message.contains("s3cret"))
      }
      #expect(server.requests.isEmpty)
    }
  }
}
