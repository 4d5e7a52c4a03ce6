import MirrorCore

/// How a mirror names repositories: from the upstream's address to a path below the mirror's own.
///
/// The template has `{host}`, `{path}`, `{owner}` and `{name}` in it; none of them holds `.git`.
package struct RepositoryLayout: Hashable, Sendable {
  /// The template where none is given.
  static let everyday = "{host}/{path}.git"

  private let template: String

  /// - Parameter template: without one, ``everyday``.
  package init(_ template: String? = nil) { self.template = template ?? Self.everyday }

  /// The path, as it is written in a URL; `nil` when the address lacks what the template names, or would
  /// lead out of the mirror.
  package func path(of repository: GitRepository) -> String? {
    if template.contains("{owner}"), repository.owner.isEmpty { return nil }
    let path = template.replacing("{host}", with: repository.locator.authority)
      .replacing("{path}", with: repository.path).replacing("{owner}", with: repository.owner)
      .replacing("{name}", with: repository.name)
    // However it is written: a folder is named by the decoded path, and curl takes dots out of a URL.
    let words = PercentEncoding.decode(path).split(separator: "/").filter { $0 != "." }
    guard StaticFile(path: words.joined(separator: "/"), bytes: .made([])).isSafe else {
      return nil
    }
    return path
  }
}
