internal import Glibc
package import MirrorCore

internal import struct Crypto.HMAC
internal import struct Crypto.SHA256
internal import struct Crypto.SymmetricKey

/// Signs requests to an S3-compatible server: AWS Signature Version 4, in a header, with the whole body's
/// digest (Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header").
///
/// The secret key never leaves the process; what is shown holds for one request and some minutes.
package struct RequestSignature: Sendable {
  private let accessKey: String
  private let secretKey: Secret
  private let sessionToken: Secret?
  private let region: String

  /// - Parameter keys: `ACCESS-KEY:SECRET-KEY`, or `ACCESS-KEY:SECRET-KEY:SESSION-TOKEN`.
  package init(keys: Secret, region: String) {
    let words = keys.reveal().split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      .map { String($0) }
    accessKey = words[0]
    secretKey = Secret(words.count > 1 ? words[1] : "")
    sessionToken = words.count > 2 ? Secret(words[2]) : nil
    self.region = region
  }

  /// The header fields that sign a request.
  ///
  /// - Parameters:
  ///   - url: in its canonical form, as it is sent.
  ///   - bodySHA256: the digest of the body, in hexadecimal; without one there is no body.
  ///   - seconds: the time, since 1970.
  ///   - further: other fields to sign, which are sent as they are.
  package func fields(
    method: String, _ url: Locator, bodySHA256: String?, at seconds: Int,
    signing further: [String: String] = [:]
  ) -> [(name: String, value: Secret)] {
    let time = Self.timestamp(seconds)
    let body = bodySHA256 ?? Self.hex(SHA256.hash(data: [UInt8]()))
    var own = ["x-amz-content-sha256": body, "x-amz-date": time]
    if let sessionToken { own["x-amz-security-token"] = sessionToken.reveal() }
    var signed = own.merging(["host": url.authority]) { $1 }
    for (name, value) in further { signed[name.lowercased()] = value }
    let names = signed.keys.sorted()
    let request =
      [method, url.path, Self.sorted(url.query ?? "")]
      + names.map { "\($0):\(signed[$0] ?? "")" } + ["", names.joined(separator: ";"), body]
    let scope = "\(time.prefix(8))/\(region)/s3/aws4_request"
    let text = [
      "AWS4-HMAC-SHA256", time, scope,
      Self.hex(SHA256.hash(data: Array(request.joined(separator: "\n").utf8))),
    ].joined(separator: "\n")
    var key = SymmetricKey(data: Array("AWS4\(secretKey.reveal())".utf8))
    for word in scope.split(separator: "/") {
      key = SymmetricKey(
        data: Array(HMAC<SHA256>.authenticationCode(for: Array(word.utf8), using: key)))
    }
    let signature = Self.hex(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    let authorization =
      "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope),"
      + "SignedHeaders=\(names.joined(separator: ";")),Signature=\(signature)"
    return own.sorted { $0.key < $1.key }.map { ($0.key, Secret($0.value)) }
      + [("Authorization", Secret(authorization))]
  }

  // MARK: Canonical forms

  /// A URL as these servers take it: everything but unreserved characters and the slashes of the path is
  /// encoded, since they read a plus sign as a space.
  package static func canonical(_ url: Locator) -> Locator {
    let query = url.query.map { query in
      query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
        pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          .map { encoded($0, isPath: false) }.joined(separator: "=")
      }.joined(separator: "&")
    }
    return Locator(
      scheme: url.scheme, host: url.host, port: url.port, path: encoded(url.path, isPath: true),
      query: query, userInfo: url.userInfo)
  }

  private static func encoded(_ text: some StringProtocol, isPath: Bool) -> String {
    PercentEncoding.encode(PercentEncoding.decode(text), allowing: isPath ? "/" : "")
      .replacing(":", with: "%3A")
  }

  /// A query in the order of its names, each with a value.
  private static func sorted(_ query: String) -> String {
    query.split(separator: "&")
      .map { parameter -> (name: Substring, value: Substring) in
        let name = parameter.prefix { $0 != "=" }
        return (name, parameter.dropFirst(name.count + 1))
      }
      .sorted { $0 < $1 }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  /// `20130524T000000Z`.
  private static func timestamp(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    func digits(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = "\(parts.tm_year + 1900)" + digits(parts.tm_mon + 1) + digits(parts.tm_mday)
    return "\(date)T\(digits(parts.tm_hour))\(digits(parts.tm_min))\(digits(parts.tm_sec))Z"
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
      let text = String(byte, radix: 16)
      return text.count < 2 ? "0\(text)" : text
    }.joined()
  }
}
