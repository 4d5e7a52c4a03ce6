import Foundation

/// The page of a mirror system in the user's guide, whose configuration is what the tests run.
struct SystemPage {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let name: String
  private let text: String

  /// Reads `Documentation/Systems/NAME`.
  init(_ name: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    self.name = name
    text = try String(
      contentsOf: root.appending(path: "Documentation/Systems/\(name)"), encoding: .utf8)
  }

  /// The `mirror.conf` of the page that has this mirror in it.
  ///
  /// - Parameters:
  ///   - places: what stands for the hosts of the page.
  ///   - hasLogin: whether the line with the credential, a comment on the page, is in force.
  func configuration(
    of mirror: String, places: [String: String], hasLogin: Bool
  ) throws -> String {
    let blocks = text.components(separatedBy: "```ini\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
    guard var block = blocks.first(where: { $0.contains("[mirror \(mirror)]") }) else {
      throw Failure(description: "\(name) has no configuration of [mirror \(mirror)]")
    }
    for (host, place) in places {
      guard block.contains(host) else {
        throw Failure(description: "\(name): the configuration does not say \(host)")
      }
      block = block.replacing(host, with: place)
    }
    if hasLogin {
      guard block.contains("# credential = ") else {
        throw Failure(description: "\(name): [mirror \(mirror)] shows no credential")
      }
      block = block.replacing("# credential = ", with: "credential = ")
    }
    return block + "\n"
  }
}
