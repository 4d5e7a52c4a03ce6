import Foundation
import Testing

/// A page of the user's guide: its fenced blocks, and the text around them.
struct GuidePage: Sendable, CustomTestStringConvertible {
  /// What stands between two fences.
  struct Block: Sendable {
    /// The word behind the opening fence.
    var language: String
    var text: String
    /// The line of the opening fence, from 1.
    var line: Int
  }

  /// Its path below the repository.
  let path: String
  private(set) var blocks: [Block] = []
  /// All that is in no block.
  private(set) var text = ""

  var testDescription: String { path }

  /// The text of the `sh` blocks, in their order.
  var commands: [String] { blocks.filter { $0.language == "sh" }.map(\.text) }

  /// The folder of the repository.
  static let repository =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// The README, and every page below Documentation.
  static let all: [GuidePage] = {
    let below = FileManager.default.subpaths(atPath: "\(repository)/Documentation") ?? []
    let paths = below.filter { $0.hasSuffix(".md") }.sorted().map { "Documentation/\($0)" }
    return (["README.md"] + paths).compactMap { try? GuidePage($0) }
  }()

  /// Reads a page.
  init(_ path: String) throws {
    self.path = path
    let whole = try String(contentsOfFile: "\(Self.repository)/\(path)", encoding: .utf8)
    var block: Block?
    for (index, line) in whole.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if var open = block {
        if line == "```" {
          blocks.append(open)
          block = nil
        } else {
          open.text += "\(line)\n"
          block = open
        }
      } else if line.hasPrefix("```") {
        block = Block(language: String(line.dropFirst(3)), text: "", line: index + 1)
      } else {
        text += "\(line)\n"
      }
    }
  }
}
