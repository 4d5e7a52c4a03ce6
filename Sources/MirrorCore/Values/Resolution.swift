/// The answer to a request, always with the trail of every source that was asked.
public enum Resolution: Sendable {
  /// Verified bytes.
  case satisfied(Delivery, [Attempt])
  /// Nobody has it; with the words of the origin, where it had any.
  case missed(Reply?, [Attempt])
  /// It could not be delivered, or must not be.
  case failed(MirrorError, [Attempt])

  /// Every source that was asked, in order.
  public var attempts: [Attempt] {
    switch self {
    case .satisfied(_, let attempts), .missed(_, let attempts), .failed(_, let attempts): attempts
    }
  }

  /// What the check of delivered bytes brought to light.
  var facts: [String: String] {
    if case .satisfied(let delivery, _) = self { delivery.facts } else { [:] }
  }
}
