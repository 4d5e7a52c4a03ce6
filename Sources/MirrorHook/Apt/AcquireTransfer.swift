/// One thing that apt asked for: the question to the gateway, the file it comes in, and what apt is told.
///
/// The conditions are those of apt's own method: what apt has of an earlier day is asked for if it
/// changed since, what is left of a broken transfer is continued if it is still the same thing, and what
/// is longer than apt wants, or has another length than its index says, is not taken.
struct AcquireTransfer {
  /// What becomes of the transfer after an event.
  enum Verdict: Equatable {
    /// More has to come.
    case underWay
    /// It is over, and so is the answer.
    case over
    /// It is over, but its answer is not: the connection is of no use any more.
    case brokenOff
    /// What was left cannot be continued, so the whole has to be asked for.
    case again
  }

  /// What the gateway's answer is.
  private enum Course {
    case awaited
    case bytes
    case unchanged
    case alreadyWhole
    case askedAgain
    case refusal(status: Int, text: [UInt8])
  }

  /// The longest reason that apt is told, in bytes.
  private static let longestReason = 4096

  /// What apt's own method calls every length but the expected one.
  private static let otherLength = "MaximumSizeExceeded"

  /// The name by which apt asked.
  let uri: String
  /// The path at the gateway, without a leading slash.
  let path: String
  /// How many connections ended on which it was the next to be answered.
  var tries = 0
  /// Whether apt was told that the answer takes its time.
  var isKnownToWait = false

  private let fileName: String
  private let expectedSize: Int?
  private let mostBytes: Int?
  private let knownSince: Int?
  private var file: AcquiredFile
  private var course = Course.awaited
  private var start: Int?
  private var resumed = 0
  private var count = 0
  private var modified: String?

  /// Reads `600 URI Acquire`; nil when it asks for nothing that the gateway carries.
  init?(_ message: AcquireMessage) {
    guard let uri = message["URI"], let fileName = message["Filename"],
      let path = AcquireLink.path(for: message)
    else { return nil }
    self.uri = uri
    self.path = path
    self.fileName = fileName
    expectedSize = message["Expected-Checksum-FileSize"].flatMap { Int($0) }
    let limit = message["Maximum-Size"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    mostBytes = [limit, expectedSize].compactMap { $0 }.min()
    knownSince = message["Last-Modified"].flatMap { HTTPDate.seconds($0) }
    file = AcquiredFile(path: fileName)
  }

  /// Whether nothing of the answer has come.
  var isAwaited: Bool {
    if case .awaited = course { return true }
    return false
  }

  /// The fields of the question that say under which condition what is wanted.
  mutating func conditions() -> [String] {
    let isAskedAgain = if case .askedAgain = course { true } else { false }
    course = .awaited
    start = nil
    resumed = 0
    // What is as long as the whole, and yet is not taken by apt, is damaged.
    if !isAskedAgain, let remains = file.remains, remains.count < expectedSize ?? .max {
      start = remains.count
      return [
        "Range: bytes=\(remains.count)-", "If-Range: \(HTTPDate.text(remains.seconds))",
      ]
    }
    return knownSince.map { ["If-Modified-Since: \(HTTPDate.text($0))"] } ?? []
  }

  /// Takes what came, and says what apt is to be told.
  mutating func take(_ event: GatewayAnswerReader.Event) -> ([AcquireMessage], Verdict) {
    switch event {
    case .head(let answer): begin(answer)
    case .body(let bytes): take(bytes)
    case .end: end()
    }
  }

  /// Ends a transfer that the gateway did not finish; what came of it is left for the next time.
  mutating func breakOff(_ reason: String) -> AcquireMessage {
    failure(reason, isTransient: true)
  }

  // MARK: The answer

  private mutating func begin(_ answer: GatewayAnswer) -> ([AcquireMessage], Verdict) {
    modified = answer["last-modified"]
    let length: Int? = if case .counted(let count) = answer.framing { count } else { nil }
    switch answer.status {
    case 200:
      return open(at: 0, size: length)
    case 206:
      guard let range = answer.range, let start, range.start == start else {
        return refuse("the gateway answered with another part than was asked for")
      }
      return open(at: start, size: range.total)
    case 304 where knownSince != nil:
      course = .unchanged
    case 416 where start != nil:
      let whole = answer["content-range"].flatMap { Int($0.drop { $0 != "/" }.dropFirst()) }
      // apt looks at the digest of what it has.
      course = whole == start ? .alreadyWhole : .askedAgain
    default:
      course = .refusal(status: answer.status, text: [])
    }
    return ([], .underWay)
  }

  private mutating func open(at offset: Int, size: Int?) -> ([AcquireMessage], Verdict) {
    if let size {
      if let mostBytes, size > mostBytes { return refuse(tooLong: size, mostBytes) }
      if let expectedSize, size != expectedSize {
        return refuse(
          "it is \(size) bytes long, and the index says \(expectedSize)", Self.otherLength)
      }
    }
    if let problem = file.open(continuing: offset > 0) { return refuse(problem) }
    course = .bytes
    count = offset
    resumed = offset
    return ([told("200 URI Start", size)], .underWay)
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>) -> ([AcquireMessage], Verdict) {
    switch course {
    case .bytes:
      count += bytes.count
      if let mostBytes, count > mostBytes { return refuse(tooLong: count, mostBytes) }
      if let problem = file.write(bytes) { return refuse(problem) }
    case .refusal(let status, let text):
      course = .refusal(
        status: status, text: text + bytes.prefix(Self.longestReason - text.count))
    case .awaited, .unchanged, .alreadyWhole, .askedAgain:
      break
    }
    return ([], .underWay)
  }

  private mutating func end() -> ([AcquireMessage], Verdict) {
    switch course {
    case .bytes:
      file.close(seconds: modified.flatMap { HTTPDate.seconds($0) })
      return ([told("201 URI Done", count)], .over)
    case .unchanged:
      modified = modified ?? knownSince.map { HTTPDate.text($0) }
      var message = told("201 URI Done", nil)
      message["IMS-Hit"] = "true"
      return ([message], .over)
    case .alreadyWhole:
      resumed = start ?? 0
      return ([told("200 URI Start", start), told("201 URI Done", start)], .over)
    case .askedAgain, .awaited:
      file.remove()
      return ([], .again)
    case .refusal(let status, let text):
      // The gateway answers 500 and 502 when it has tried all it may: asking again changes nothing.
      let mayPass = [408, 425, 429, 503, 504].contains(status)
      return (
        [failure(Self.reason(status, text), "HttpError\(status)", isTransient: mayPass)], .over
      )
    }
  }

  // MARK: What apt is told

  private func told(_ head: String, _ size: Int?) -> AcquireMessage {
    var message = AcquireMessage(head: head, fields: [])
    message["URI"] = uri
    if head.hasPrefix("201") { message["Filename"] = fileName }
    if let size { message["Size"] = String(size) }
    if let modified { message["Last-Modified"] = modified }
    // From here apt counts what was transferred.
    if resumed > 0 { message["Resume-Point"] = String(resumed) }
    return message
  }

  private mutating func failure(
    _ text: String, _ reason: String? = nil, isTransient: Bool = false
  ) -> AcquireMessage {
    file.close(seconds: modified.flatMap { HTTPDate.seconds($0) })
    var message = AcquireMessage(head: "400 URI Failure", fields: [])
    message["URI"] = uri
    message["Message"] = text
    message["FailReason"] = reason
    if isTransient { message["Transient-Failure"] = "true" }
    return message
  }

  private mutating func refuse(
    _ text: String, _ reason: String? = nil
  ) -> ([AcquireMessage], Verdict) {
    ([failure(text, reason)], .brokenOff)
  }

  private mutating func refuse(tooLong size: Int, _ most: Int) -> ([AcquireMessage], Verdict) {
    refuse("it is \(size) bytes long, and at most \(most) are wanted", Self.otherLength)
  }

  /// One line for people: what the gateway says, else what the status is called.
  private static func reason(_ status: Int, _ text: [UInt8]) -> String {
    var line = String(decoding: text, as: UTF8.self).prefix { !$0.isNewline }
    if line.hasPrefix("mirror: ") { line = line.dropFirst(8) }
    if status == 404 { return "404  Not Found" }
    return line.isEmpty ? "\(status)  mirror's gateway did not deliver it" : "\(status)  \(line)"
  }
}
