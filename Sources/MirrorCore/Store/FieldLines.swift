/// The store's small records as text: a `name: value` line for each field that has a value.
///
/// They are read for every warm answer, so the form is one that is read at a glance, by people too.
enum FieldLines {
  /// The text of fields, in the order given; those without a value are left out.
  static func text(_ fields: KeyValuePairs<String, String?>) -> String {
    var text = ""
    for (name, value) in fields {
      guard let value else { continue }
      text += name
      text += ": "
      text += value.utf8.contains(where: { $0 < 0x20 || $0 == escape }) ? escaped(value) : value
      text += "\n"
    }
    return text
  }

  /// The fields of a text, by name; `nil` when it is cut short or is none.
  static func fields(in bytes: [UInt8]) -> [String: String]? {
    guard bytes.last == UInt8(ascii: "\n") else { return nil }
    var fields: [String: String] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon + 1 < line.endIndex,
        line[colon + 1] == UInt8(ascii: " ")
      else { return nil }
      let value = line[(colon + 2)...]
      fields[String(decoding: line[..<colon], as: UTF8.self)] = String(
        decoding: value.contains(escape) ? unescaped(value) : Array(value), as: UTF8.self)
    }
    return fields
  }

  private static let escape = UInt8(ascii: "\\")

  /// Control characters become a backslash and a printable character.
  private static func escaped(_ value: String) -> String {
    var bytes: [UInt8] = []
    for byte in value.utf8 {
      if byte < 0x20 {
        bytes += [escape, byte | 0x40]
      } else {
        if byte == escape { bytes.append(escape) }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func unescaped(_ value: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in value {
      if isEscaped {
        bytes.append(byte == escape ? escape : byte & 0x1F)
        isEscaped = false
      } else if byte == escape {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}

extension Content {
  /// The description as it is kept beside bytes.
  var lines: String {
    FieldLines.text([
      "location": location, "redirect": redirect, "content-length": size.map { String($0) },
      "content-type": type, "content-disposition": disposition, "last-modified": lastModified,
      "etag": entityTag,
    ])
  }

  /// Reads the description from the fields of a record.
  init(_ fields: [String: String]) {
    self.init(
      location: fields["location"], redirect: fields["redirect"],
      size: fields["content-length"].flatMap { Int($0) }, type: fields["content-type"],
      disposition: fields["content-disposition"], lastModified: fields["last-modified"],
      entityTag: fields["etag"])
  }
}
