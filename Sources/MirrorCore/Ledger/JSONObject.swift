/// A JSON object as it is written, field by field (RFC 8259).
///
/// A line of the ledger is written for every answer, before it is given, so it must not take long.
struct JSONObject {
  private var text = "{"

  /// Adds a text, if there is one.
  mutating func add(_ name: String, _ value: String?) {
    guard let value else { return }
    begin(name)
    write(value)
  }

  /// Adds a number, if there is one.
  mutating func add(_ name: String, _ value: Int?) {
    guard let value else { return }
    begin(name)
    text += String(value)
  }

  /// Adds a truth, if it is known.
  mutating func add(_ name: String, _ value: Bool?) {
    guard let value else { return }
    begin(name)
    text += value ? "true" : "false"
  }

  /// Adds an object, if there is one.
  mutating func add(_ name: String, _ value: JSONObject?) {
    guard let value else { return }
    begin(name)
    text += value.finished
  }

  /// Adds a list of objects.
  mutating func add(_ name: String, _ values: [JSONObject]) {
    begin(name)
    text += "["
    for (index, value) in values.enumerated() {
      if index > 0 { text += "," }
      text += value.finished
    }
    text += "]"
  }

  /// The whole object.
  var finished: String { text + "}" }

  private mutating func begin(_ name: String) {
    if text.utf8.count > 1 { text += "," }
    write(name)
    text += ":"
  }

  private mutating func write(_ value: String) {
    text += "\""
    if value.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
      for scalar in value.unicodeScalars { write(scalar) }
    } else {
      text += value
    }
    text += "\""
  }

  private mutating func write(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\": text += "\\\(scalar)"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    case ..<" ":
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
}
