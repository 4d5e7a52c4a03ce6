import MirrorCore

/// What apt has from before, and so does not ask for again.
struct AptState {
  private let surroundings: Surroundings

  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// What a recording cannot see, one line each.
  var gaps: [String] {
    // A frozen run records nothing.
    if surroundings.isFrozen { return [] }
    var gaps: [String] = []
    if Disk.list("/var/lib/apt/lists").contains(where: { $0.hasSuffix("Release") }) {
      gaps.append(
        "apt had indices in /var/lib/apt/lists before: those that did not change were not fetched, "
          + "so not recorded; empty that folder for a complete lock")
    }
    if Disk.list("/var/cache/apt/archives").contains(where: { $0.hasSuffix(".deb") }) {
      gaps.append(
        "apt had packages in /var/cache/apt/archives before: those were not fetched, so not recorded; "
          + "run apt-get clean for a complete lock")
    }
    return gaps
  }
}
