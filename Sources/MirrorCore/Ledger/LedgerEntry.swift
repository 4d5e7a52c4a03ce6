/// One line of the ledger: what was asked, what came of it, and every source that was asked.
public struct LedgerEntry: Sendable, Codable, Hashable {
  /// The ecosystem's word.
  public var ecosystem: String
  /// The request's identity.
  public var identity: String
  /// The package (purl).
  public var package: String
  /// Where the tool itself would have got it.
  public var origin: String
  /// `served`, `missed`, or the code of the error.
  public var outcome: String
  /// The source that served it.
  public var source: String?
  /// The digest computed from what was served.
  public var digest: String?
  /// The length of what was served, in bytes.
  public var size: Int?
  /// Why it was not served, or what is wrong although it was.
  public var message: String?
  /// The URL the bytes came from in the end.
  public var location: String?
  /// Facts of the index.
  public var attributes: [String: String]?
  /// Whether the request is one whose answer may change.
  public var changes: Bool?
  /// Every source that was asked, in order.
  public var attempts: [Attempt]
  /// When the request ended, in seconds since 1970.
  public var time: Int

  /// Creates the entry for the outcome of a request.
  public init(_ request: Request, _ resolution: Resolution, time: Int) {
    ecosystem = request.ecosystem.rawValue
    identity = request.identity
    package = request.package.description
    origin = request.origin.identity
    attempts = resolution.attempts
    changes = request.changes ? true : nil
    let attributes = request.attributes.merging(resolution.facts) { $1 }
    self.attributes = attributes.isEmpty ? nil : attributes
    self.time = time
    switch resolution {
    case .satisfied(let delivery, _):
      outcome = "served"
      source = delivery.source
      digest = delivery.digest.description
      size = delivery.size
      location = delivery.content.location
    case .missed(let reply, _):
      outcome = "missed"
      message = reply.map { "answered \($0.status)" }
    case .failed(let error, _):
      outcome = error.code.rawValue
      message = error.message
    }
  }

  /// The line of the ledger.
  var json: JSONObject {
    var line = JSONObject()
    line.add(
      "attempts",
      attempts.map { attempt in
        var object = JSONObject()
        object.add("detail", attempt.detail)
        object.add("milliseconds", attempt.milliseconds)
        object.add("outcome", attempt.outcome.rawValue)
        object.add("source", attempt.source)
        return object
      })
    line.add(
      "attributes",
      attributes.map { facts in
        var object = JSONObject()
        for (name, value) in facts.sorted(by: { $0.key < $1.key }) { object.add(name, value) }
        return object
      })
    line.add("changes", changes)
    line.add("digest", digest)
    line.add("ecosystem", ecosystem)
    line.add("identity", identity)
    line.add("location", location)
    line.add("message", message)
    line.add("origin", origin)
    line.add("outcome", outcome)
    line.add("package", package)
    line.add("size", size)
    line.add("source", source)
    line.add("time", time)
    return line
  }

  /// Corrupt bytes that some source gave on the way, whether or not another one served.
  public var incidents: [Attempt] { attempts.filter { $0.outcome == .corrupt } }
}
