/// A message between apt and an acquire method: a line with a code, then fields, then an empty line.
///
/// The form is that of apt's method interface (libapt-pkg-doc, method.text). Text is kept byte for
/// byte: what is not changed goes on as it came.
package struct AcquireMessage: Sendable, Equatable {
  /// The line with the code, such as `600 URI Acquire`.
  package var head: String
  /// The fields in their order; a name may come more than once.
  package var fields: [Field]

  /// Makes a message.
  package init(head: String, fields: [Field]) {
    self.head = head
    self.fields = fields
  }

  /// One field.
  package struct Field: Sendable, Equatable {
    /// The name as written.
    package var name: String
    /// The value, without white space around it.
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Reads one message without the empty line at its end; nil if there is nothing in it.
  ///
  /// A line that is no field stays as a field without a name.
  package init?(_ text: some StringProtocol) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: true)[...]
    guard let head = lines.popFirst() else { return nil }
    self.head = String(head)
    fields = lines.map { line in
      guard let colon = line.firstIndex(of: ":") else {
        return Field(name: "", value: String(line))
      }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      return Field(name: String(line[..<colon]), value: String(value))
    }
  }

  /// The number that the message begins with; 0 if there is none.
  package var code: Int { Int(head.prefix { $0 != " " }) ?? 0 }

  /// The first value of a field, by its name in any case.
  package subscript(name: String) -> String? {
    get { fields.first { Self.same($0.name, name) }?.value }
    set {
      let index = fields.firstIndex { Self.same($0.name, name) }
      switch (index, newValue) {
      case (let index?, let value?): fields[index].value = value
      case (let index?, nil): fields.remove(at: index)
      case (nil, let value?): fields.append(Field(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The message with the empty line at its end.
  package var text: String {
    var text = head + "\n"
    for field in fields {
      text += field.name.isEmpty ? "\(field.value)\n" : "\(field.name): \(field.value)\n"
    }
    return text + "\n"
  }

  private static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left.lowercased() == right.lowercased()
  }
}

/// Cuts a stream of bytes into messages.
package struct AcquireMessageReader: Sendable {
  private var bytes: [UInt8] = []

  package init() {}

  /// Takes the next bytes, and gives the messages that they complete.
  package mutating func take(_ new: some Sequence<UInt8>) -> [AcquireMessage] {
    bytes += new
    var messages: [AcquireMessage] = []
    var start = 0
    var index = 0
    let newline = UInt8(ascii: "\n")
    while index < bytes.count {
      if bytes[index] == newline, index == start || bytes[index - 1] == newline {
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if let message = AcquireMessage(text) { messages.append(message) }
        start = index + 1
      }
      index += 1
    }
    bytes.removeFirst(start)
    return messages
  }
}
