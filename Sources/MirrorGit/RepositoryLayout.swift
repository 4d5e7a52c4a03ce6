import MirrorCore

/// How a mirror names repositories: from the upstream's address to a path below the mirror's own.
///
/// The template has `{host}`, `{path}`, `{owner}` and `{name}` in it; none of them holds `.git`.
struct RepositoryLayout: Hashable, Sendable {
  /// The template where none is given.
  static let everyday = "{host}/{path}.git"

  private let template: String

  /// - Parameter template: without one, ``everyday``.
  init(_ template: String? = nil) { self.template = template ?? Self.everyday }

  /// The path, without a slash before it; `nil` when the address lacks what the template names.
  func path(of repository: GitRepository) -> String? {
    // In a folder the path must not lead out of it, however it is written.
    let words = PercentEncoding.decode(repository.path).split(separator: "/")
    if words.contains("..") { return nil }
    if template.contains("{owner}"), repository.owner.isEmpty { return nil }
    return template.replacing("{host}", with: repository.locator.authority)
      .replacing("{path}", with: repository.path).replacing("{owner}", with: repository.owner)
      .replacing("{name}", with: repository.name)
  }
}
