import Foundation

/// The page of a mirror system in the user's guide, whose configuration and commands are what the tests run.
struct SystemPage {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let page: GuidePage

  /// Reads `Documentation/Systems/NAME`.
  init(_ name: String) throws { page = try GuidePage("Documentation/Systems/\(name)") }

  /// The page's commands.
  var commands: String { page.commands.joined() }

  /// The `mirror.conf` of the page that has this mirror in it.
  ///
  /// - Parameters:
  ///   - places: what stands for the hosts of the page.
  ///   - hasLogin: whether the line with the credential, a comment on the page, is in force.
  func configuration(
    of mirror: String, places: [String: String], hasLogin: Bool
  ) throws -> String {
    let blocks = page.blocks.filter { $0.language == "ini" }.map(\.text)
    guard var block = blocks.first(where: { $0.contains("[mirror \(mirror)]") }) else {
      throw Failure(description: "\(page.path) has no configuration of [mirror \(mirror)]")
    }
    for (host, place) in places {
      guard block.contains(host) else {
        throw Failure(description: "\(page.path): the configuration does not say \(host)")
      }
      block = block.replacing(host, with: place)
    }
    if hasLogin {
      guard block.contains("# credential = ") else {
        throw Failure(description: "\(page.path): [mirror \(mirror)] shows no credential")
      }
      block = block.replacing("# credential = ", with: "credential = ")
    }
    return block
  }
}
