/// A shell file of assignments, such as SONiC's `buildinfo.config`, read as data.
///
/// A line counts when it is `[export ]NAME=VALUE`, VALUE being one shell word; quotes are taken away, and
/// nothing is ever expanded or executed. Of two lines for one name the later counts, as in the shell.
package struct ShellSettings: Sendable, Equatable {
  /// The values by name.
  package private(set) var values: [String: String] = [:]

  /// Reads the text of a file.
  package init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      var words = line.drop { $0 == " " || $0 == "\t" }
      if words.hasPrefix("export ") { words = words.dropFirst(7).drop { $0 == " " } }
      guard let mark = words.firstIndex(of: "="), Self.isName(words[..<mark]) else { continue }
      values[String(words[..<mark])] = Self.word(words[words.index(after: mark)...])
    }
  }

  /// A value that is there and not empty.
  package subscript(name: String) -> String? {
    values[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        || byte == UInt8(ascii: "_")
    }
  }

  /// The shell word that a text begins with, without its quotes.
  private static func word(_ text: Substring) -> String {
    var result = ""
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        result.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote != nil {
        result.append(character)
      } else if character == "'" || character == "\"" {
        quote = character
      } else if " \t;&|<>()#".contains(character) {
        break
      } else {
        result.append(character)
      }
    }
    return result
  }
}
