/// What a chain may do, apart from the order of its sources.
public struct Policy: Sendable {
  /// Every source a gatekeeper, pins required, incidents fatal.
  public var isStrict: Bool
  /// Everything must be in the lock with its digest.
  public var isLocked: Bool
  /// No socket is opened: the store answers or nobody does.
  public var isOffline: Bool
  /// The names that only mirrors marked as owner may be asked for, per ecosystem.
  public var owned: [Ecosystem: OwnedNames]

  /// Creates a policy; without arguments the everyday one.
  public init(
    isStrict: Bool = false, isLocked: Bool = false, isOffline: Bool = false,
    owned: [Ecosystem: OwnedNames] = [:]
  ) {
    self.isStrict = isStrict
    self.isLocked = isLocked
    self.isOffline = isOffline
    self.owned = owned
  }

  /// The policy that is as strict as both, and owns the names of both.
  public func tightened(by other: Policy) -> Policy {
    Policy(
      isStrict: isStrict || other.isStrict, isLocked: isLocked || other.isLocked,
      isOffline: isOffline || other.isOffline,
      owned: owned.merging(other.owned) { $0.union($1) })
  }

  /// Whether look-ups that may change are answered from the lock instead of upstream.
  public var isFrozen: Bool { isLocked || isOffline }

  /// Whether the request's name belongs to the organisation.
  public func owns(_ request: Request) -> Bool {
    owned[request.ecosystem]?.contains(request.ownerName) ?? false
  }
}
