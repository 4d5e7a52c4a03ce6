import MirrorCore

/// How one attempt failed: for good, or in a way that may pass.
enum TransferFailure: Error {
  /// Asking again would give the same.
  case final(MirrorError)
  /// It may pass; the server may have said when, and that it is busy.
  case passing(MirrorError, retryAfter: Duration? = nil, isBusy: Bool = false)

  /// The failure as the chain sees it.
  var error: MirrorError {
    switch self {
    case .final(let error), .passing(let error, _, _): error
    }
  }
}
