import MirrorCore
import Synchronization

/// The sums that go.sum files and checksum databases have told us of: what a module's files must be.
///
/// A sum is the h1 hash, with its name before it, as go.sum lines have it (golang.org/x/mod/sumdb/dirhash).
final class KnownSums: Sendable {
  private struct Name: Hashable {
    var module: String
    /// The version, with `/go.mod` after it for the go.mod file alone.
    var version: String
  }

  private let sums = Mutex<[Name: Set<String>]>([:])

  /// Takes in every line `MODULE VERSION h1:…` of a text.
  func learn(from text: some StringProtocol) {
    let found = text.split(whereSeparator: \.isNewline).compactMap { line -> (Name, String)? in
      let words = line.split(separator: " ")
      guard words.count == 3, words[2].hasPrefix("h1:") else { return nil }
      return (Name(module: String(words[0]), version: String(words[1])), String(words[2]))
    }
    sums.withLock { sums in
      for (name, sum) in found { sums[name, default: []].insert(sum) }
    }
  }

  /// The sum that a thing must have.
  ///
  /// - Returns: `nil` when none is known, or when two differ: then the go command has to judge.
  func sum(of path: ProxyPath) -> String? {
    let name: Name
    switch path {
    case .zip(let module, let version):
      name = Name(module: module.description, version: version.description)
    case .mod(let module, let version):
      name = Name(module: module.description, version: "\(version)/go.mod")
    default: return nil
    }
    return sums.withLock { sums in
      guard let known = sums[name], known.count == 1 else { return nil }
      return known.first
    }
  }

  /// Reads the go.sum and go.work.sum that a go command in that folder would, and those that are named.
  func learn(near folder: String?, naming files: [String]) {
    var paths = files
    var folder = folder?[...]
    while let place = folder, place.hasPrefix("/") {
      paths += ["\(place)/go.sum", "\(place)/go.work.sum"]
      folder = place.count > 1 ? place.lastIndex(of: "/").map { place[..<$0] } : nil
    }
    for path in paths {
      guard let bytes = try? Disk.read(path) else { continue }
      learn(from: String(decoding: bytes, as: UTF8.self))
    }
  }
}
