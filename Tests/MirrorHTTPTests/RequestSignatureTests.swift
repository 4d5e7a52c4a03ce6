import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

/// AWS Signature Version 4, with the values of the examples in the Amazon S3 API Reference ("Examples:
/// Signature Calculations"): the keys, the time and the first four signatures are AWS's own.
@Suite(.timeLimit(.minutes(1))) struct RequestSignatureTests {
  private static let keys = "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  private static let root = "https://examplebucket.s3.amazonaws.com"
  /// 24 May 2013, 00:00:00 GMT.
  private static let time = 1_369_353_600

  struct Example: Sendable {
    var method = "GET"
    var target: String
    var body: String?
    var fields: [String: String] = [:]
    var signed: String
    var signature: String
  }

  @Test(arguments: [
    Example(
      target: "/test.txt", fields: ["Range": "bytes=0-9"],
      signed: "host;range;x-amz-content-sha256;x-amz-date",
      signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    Example(
      method: "PUT", target: "/test$file.text",
      body: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      fields: [
        "Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY",
      ],
      signed: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
    Example(
      target: "/?lifecycle", signed: "host;x-amz-content-sha256;x-amz-date",
      signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    Example(
      target: "/?max-keys=2&prefix=J", signed: "host;x-amz-content-sha256;x-amz-date",
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    // Names are sorted, and not the pairs: the value is what botocore computes.
    Example(
      target: "/?a1=2&a=9&a=1", signed: "host;x-amz-content-sha256;x-amz-date",
      signature: "9980c9c821d3c063272003515c1da5e9e8d488f970af2411a1fbcf155d325a0b"),
  ])
  func `is what AWS computes`(example: Example) throws {
    let signature = RequestSignature(keys: Secret(Self.keys), region: "us-east-1")
    let url = RequestSignature.canonical(try #require(Locator(Self.root + example.target)))
    let fields = signature.fields(
      method: example.method, url, bodySHA256: example.body, at: Self.time,
      signing: example.fields)
    let values = Dictionary(fields.map { ($0.name, $0.value.reveal()) }) { $1 }
    #expect(
      values["Authorization"]
        == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=\(example.signed),Signature=\(example.signature)")
    #expect(values["x-amz-date"] == "20130524T000000Z")
  }

  @Test(arguments: [
    ("/a+b", "/a%2Bb"), ("/dir:80/x", "/dir%3A80/x"), ("/%7euser/%2b", "/~user/%2B"),
    ("/a%20b", "/a%20b"), ("/x%3Fv=1", "/x%3Fv%3D1"), ("/\u{e9}", "/%C3%A9"),
  ])
  func `encodes names as S3 does`(path: String, canonical: String) throws {
    let url = try #require(Locator("https://s3.example\(path)"))
    #expect(RequestSignature.canonical(url).target == canonical)
  }

  /// What a server sees of a request to it.
  private func seen(
    _ environment: [String: String], path: String = "/mirror/a",
    _ change: @Sendable (inout Retrieval) -> Void
  ) async throws -> SeenRequest {
    try await FaultServer.run { server in
      server.setDefault(.file(Array("bytes".utf8)))
      try await HTTPTransport.run(environment) { transport in
        try await transport.get(server.url + path) {
          $0.s3Region = "eu-central-1"
          change(&$0)
        }
      }
      return try #require(server.requests.first)
    }
  }

  @Test func `is shown in the place of the keys`() async throws {
    let seen = try await seen(["KEYS": "access:s3cret-key:t0ken"], path: "/mirror/a+b") {
      $0.credential = .environment("KEYS")
    }
    #expect(seen.target == "/mirror/a%2Bb")
    let value = try #require(seen.headers["authorization"])
    #expect(value.hasPrefix("AWS4-HMAC-SHA256 Credential=access/"))
    #expect(value.contains("/eu-central-1/s3/aws4_request"))
    #expect(value.contains("host;x-amz-content-sha256;x-amz-date;x-amz-security-token"))
    #expect(seen.headers["x-amz-security-token"] == "t0ken")
    #expect(seen.headers["x-amz-content-sha256"]?.hasPrefix("e3b0c442") == true)
    #expect(!"\(seen.headers)".contains("s3cret-key"))
  }

  @Test func `nothing is shown of what nobody gave`() async throws {
    let anonymous = try await seen([:]) { _ in }
    #expect(anonymous.headers["authorization"] == nil)
    #expect(anonymous.headers["x-amz-date"] == nil)
  }

  @Test func `is not shown to another host`() async throws {
    let elsewhere = try await seen(["KEYS": "access:s3cret-key"]) {
      $0.credential = .environment("KEYS")
      $0.credentialEndpoint = "https://s3.example"
    }
    #expect(elsewhere.headers["authorization"] == nil)
  }

  @Test(arguments: [(nil, 403, MirrorError.Code.denied), ("KEYS", 400, .misconfigured)])
  func `a refusal says which setting to look at`(
    variable: String?, status: Int, code: MirrorError.Code
  ) async throws {
    try await FaultServer.run { server in
      server.setDefault(.status(status))
      try await HTTPTransport.run(["KEYS": "access:s3cret-key"]) { transport in
        let error = try await transport.failure(of: server.url + "/a") {
          $0.credential = variable.map { .environment($0) }
          $0.s3Region = "eu-central-1"
        }
        #expect(error.code == code && error.message.contains("s3-region"))
        #expect(!error.message.contains("s3cret-key"))
      }
    }
  }

  @Test func `a credential that is no pair of keys is a wrong setting`() async throws {
    try await FaultServer.run { server in
      try await HTTPTransport.run(["KEYS": "no-colon"]) { transport in
        let error = try await transport.failure(of: server.url + "/a") {
          $0.credential = .environment("KEYS")
          $0.s3Region = "eu-central-1"
        }
        #expect(error.code == .misconfigured && error.message.contains("NAME:PASSWORD"))
        #expect(!error.message.contains("no-colon"))
      }
      #expect(server.requests.isEmpty)
    }
  }
}
