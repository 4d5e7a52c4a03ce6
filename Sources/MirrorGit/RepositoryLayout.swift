import MirrorCore

/// How a mirror names repositories: from the upstream's address to a path below the mirror's own.
///
/// The template has `{host}`, `{path}`, `{owner}` and `{name}` in it; none of them holds `.git`.
struct RepositoryLayout: Hashable, Sendable {
  private let template: String

  /// - Parameter template: without one, `{host}/{path}.git`.
  init(_ template: String? = nil) { self.template = template ?? "{host}/{path}.git" }

  /// The path, without a slash before it; `nil` when the address lacks what the template names.
  func path(of repository: GitRepository) -> String? {
    if template.contains("{owner}"), repository.owner.isEmpty { return nil }
    return template.replacing("{host}", with: repository.locator.authority)
      .replacing("{path}", with: repository.path).replacing("{owner}", with: repository.owner)
      .replacing("{name}", with: repository.name)
  }
}
