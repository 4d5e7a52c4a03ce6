/// What the method changes in the conversation between apt and its stock method.
///
/// apt asks for URIs of the archive; the stock method is asked for the same things at the gateway, and
/// what it answers is given back under the names that apt asked by.
package struct AcquireTranslation: Sendable {
  private let gateway: GatewayAddress
  private var originals: [String: String] = [:]

  package init(gateway: GatewayAddress) { self.gateway = gateway }

  /// A message from apt, as the stock method shall read it.
  package mutating func toStock(_ message: AcquireMessage) -> AcquireMessage {
    switch message.code {
    case 600: acquire(message)
    case 601: configured(message)
    default: message
    }
  }

  /// A message from the stock method, as apt shall read it.
  ///
  /// What ends a file ends its entry here, so nothing piles up.
  package mutating func toApt(_ message: AcquireMessage) -> AcquireMessage {
    guard let uri = message["URI"], let original = originals[uri] else { return message }
    var message = message
    message["URI"] = original
    if let target = message["New-URI"], let known = originals[target] {
      message["New-URI"] = known
    }
    if let text = message["Message"] {
      message["Message"] = named(text, for: original, isFailure: message.code >= 400)
    }
    switch message.code {
    case 201: originals[uri] = nil
    case 400:
      originals[uri] = nil
      // The gateway answers so when it has tried all it may: asking again changes nothing.
      if let reason = message["FailReason"], reason == "HttpError500" || reason == "HttpError502" {
        message["Transient-Failure"] = nil
      }
    default: break
    }
    return message
  }

  /// The failure of everything that was asked of a stock method which ended: each may pass.
  package static func failure(of uri: String) -> AcquireMessage? {
    AcquireMessage(
      "400 URI Failure\nURI: \(uri)\nMessage: apt's own method ended while it fetched this\n"
        + "Transient-Failure: true")
  }

  // MARK: Inside

  private mutating func acquire(_ message: AcquireMessage) -> AcquireMessage {
    guard let uri = message["URI"], let path = AcquireLink.path(for: message) else {
      return message
    }
    let asked = gateway.url(path)
    originals[asked] = uri
    var message = message
    message["URI"] = asked
    return message
  }

  /// The configuration with which the stock method reaches the gateway whatever the user's says, and
  /// waits for it: the gateway keeps the time itself.
  private func configured(_ message: AcquireMessage) -> AcquireMessage {
    var message = message
    let items = [
      "Acquire::http::Proxy::\(gateway.host)=DIRECT", "Acquire::http::Timeout=600",
      "Acquire::ForceIPv6=false",
    ]
    message.fields += items.map { AcquireMessage.Field(name: "Config-Item", value: $0) }
    return message
  }

  /// A text for people, speaking of the archive's host where the stock method speaks of the gateway.
  private func named(_ text: String, for original: String, isFailure: Bool) -> String {
    var text = text.with(" [IP: \(gateway.host) \(gateway.port)]", as: "")
    let rest = original.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
    let authority = rest.count > 1 ? rest[1] : ""
    let host = String(authority.split(separator: "@").last ?? authority)
    let name = isFailure ? "mirror's gateway" : host
    for form in ["\(gateway.host):\(gateway.port)", "\(gateway.host) (\(gateway.host))"] {
      text = text.with(form, as: name)
    }
    return text.with(gateway.host, as: name)
  }
}

extension String {
  /// The text with another in place of each occurrence of a part, without the weight of regular
  /// expressions.
  fileprivate func with(_ part: String, as other: String) -> String {
    var result: [UInt8] = []
    let part = Array(part.utf8)
    var rest = Array(utf8)[...]
    while let first = rest.first {
      if rest.starts(with: part) {
        result += other.utf8
        rest = rest.dropFirst(part.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
