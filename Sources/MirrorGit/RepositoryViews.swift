import Synchronization

/// The repositories that clients were shown last: what they ask next is about these.
///
/// One that is forgotten is looked up anew.
final class RepositoryViews: Sendable {
  private struct Shown {
    var views: [String: (view: RepositoryView, turn: Int)] = [:]
    var turn = 0
  }

  /// The most that are kept; each holds the names of all its objects that have a ref.
  private static let limit = 200

  private let shown = Mutex(Shown())

  /// What was shown last of a repository.
  func view(of repository: GitRepository) -> RepositoryView? {
    shown.withLock { $0.views[repository.identity]?.view }
  }

  /// Keeps what is shown, in place of what was shown longest ago.
  func remember(_ view: RepositoryView, of repository: GitRepository) {
    shown.withLock { shown in
      shown.turn += 1
      shown.views[repository.identity] = (view, shown.turn)
      guard shown.views.count > Self.limit,
        let oldest = shown.views.min(by: { $0.value.turn < $1.value.turn })
      else { return }
      shown.views[oldest.key] = nil
    }
  }
}
