internal import Glibc

/// Durability, for many objects at once.
///
/// To make each object durable on its own costs more than to fetch it from near by, so objects are published
/// first and settled together. Until then nothing vouches for them after a power cut but their digest: what has
/// no stamp is hashed before anyone gets it.
extension Store {
  /// So many objects are made durable one by one; for more, one call for the whole file system is cheaper.
  static let fewObjects = 32
  /// So many may wait to be settled, in objects.
  static let mostUnsettled = 512

  /// Whether so many objects wait that it is time to settle them.
  var isDue: Bool { unsettledCount >= Self.mostUnsettled }

  /// Makes every object that was published or hashed through this store durable, then stamps it.
  ///
  /// To be called before anything promises that the objects are here, as a lock does.
  ///
  /// - Throws: `misconfigured` when the disk does not take them.
  public func settle() throws(MirrorError) {
    let waiting = takeUnsettled()
    guard !waiting.isEmpty else { return }
    do throws(MirrorError) {
      try makeDurable(waiting.keys.map(objectPath))
    } catch {
      putBack(waiting)
      throw error
    }
    for (digest, status) in waiting
    where try OpenFile(reading: objectPath(digest))?.status() == status {
      // A read-only store cannot keep stamps; it only costs a second look next time.
      try? stamp(digest, status)
    }
  }

  private func makeDurable(_ objects: [String]) throws(MirrorError) {
    if objects.count > Self.fewObjects {
      try Disk.synchroniseAll(around: path)
    } else {
      for path in objects + Set(objects.map(Disk.parent)) { try Disk.synchronise(path) }
    }
  }
}
