import Foundation
import Testing

/// A command line from a fixture, and what the hook is to make of it.
struct RecordedCommand: Sendable, CustomTestStringConvertible {
  var tool: String
  var arguments: [String]
  /// Nil if the command is to be left alone.
  var expected: [String]?

  var testDescription: String { ([tool] + arguments).joined(separator: " ") }

  /// Reads a fixture beside this file.
  static func all(in fixture: String) -> [RecordedCommand] {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/\(fixture).txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else {
      Issue.record("no fixture at \(path.path())")
      return []
    }
    var commands: [RecordedCommand] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("$ ") {
        let words = words(of: line.dropFirst(2))
        commands.append(.init(tool: words[0], arguments: Array(words.dropFirst())))
      } else if line.hasPrefix("> "), line != "> -" {
        commands[commands.count - 1].expected = Array(words(of: line.dropFirst(2)).dropFirst())
      }
    }
    return commands
  }

  /// Splits at blanks; double quotes hold a word together.
  private static func words(of line: Substring) -> [String] {
    var words: [String] = []
    var quoted = false
    var word: String?
    for character in line {
      switch character {
      case "\"":
        quoted.toggle()
        word = word ?? ""
      case " " where !quoted:
        if let finished = word { words.append(finished) }
        word = nil
      default:
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return words
  }
}
