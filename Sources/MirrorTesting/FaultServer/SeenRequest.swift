/// A request as it arrived at a ``FaultServer``.
public struct SeenRequest: Sendable, Equatable {
  /// The method, such as `GET`.
  public let method: String

  /// The target exactly as on the request line: `/a?b`, `http://host/a` or `host:443`.
  public let target: String

  /// The protocol version, such as `HTTP/1.1`.
  public let version: String

  /// The header fields.
  public let headers: Headers

  /// The body, with any chunked coding removed.
  public let body: [UInt8]

  /// The target without scheme and authority: what scripts are looked up by.
  public var path: String {
    guard let scheme = target.firstRange(of: "://"), !target.hasPrefix("/") else { return target }
    let rest = target[scheme.upperBound...]
    guard let start = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
    return rest[start] == "/" ? String(rest[start...]) : "/" + rest[start...]
  }

  /// Whether the client expects the connection to be closed after the answer.
  var wantsClose: Bool {
    let connection = headers["connection"]?.lowercased()
    return version == "HTTP/1.0" ? connection != "keep-alive" : connection == "close"
  }

  func isTo(_ path: String) -> Bool {
    target == path || self.path == path
  }
}

extension SeenRequest {
  /// The header fields of a request, in the order and spelling they had on the wire.
  public struct Headers: Sendable, Equatable {
    /// One header line.
    public struct Field: Sendable, Equatable {
      /// The name as it was sent.
      public let name: String
      /// The value without the white space around it.
      public let value: String
    }

    /// All lines.
    public let fields: [Field]

    /// The value of the first line of this name, in any case; nil when there is none.
    public subscript(name: String) -> String? {
      all(name).first
    }

    /// The values of all lines of this name, in any case.
    public func all(_ name: String) -> [String] {
      let name = name.lowercased()
      return fields.filter { $0.name.lowercased() == name }.map(\.value)
    }
  }
}

extension SeenRequest: CustomStringConvertible {
  /// The request line without the version.
  public var description: String { "\(method) \(target)" }
}
