import MirrorCore

/// What git-lfs asks over HTTP (git-lfs, docs/api), as a path below the gateway's `git/`.
struct LargeFileQuestion: Hashable, Sendable {
  /// What is wanted.
  enum Matter: Hashable, Sendable {
    /// Where files can be had.
    case batch
    /// A file.
    case file(LargeFile)
    /// Who holds files for himself, or to hold one.
    case locks
  }

  let place: LargeFilePlace
  /// The path that was asked, up to `objects`.
  let folder: String
  let matter: Matter

  /// Reads `SCHEME/HOST/PATH/info/lfs/objects/…` and the like; `nil` when it is none of them.
  init?(_ path: String, method: String) {
    let words = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = words.first, let mark = address.lastIndex(of: "/") else { return nil }
    let last = address[address.index(after: mark)...]
    let folder = address[..<mark]
    let isObject = folder.hasSuffix("/objects")
    let end: String
    if isObject, method == "POST", last == "batch" {
      end = String(folder.dropLast(8))
    } else if isObject, method == "GET", last.utf8.count == 64 {
      end = String(folder.dropLast(8))
    } else if let lock = address.firstRange(of: "/info/lfs/locks") {
      end = "\(address[..<lock.lowerBound])/info/lfs"
    } else {
      return nil
    }
    guard let slash = end.firstIndex(of: "/"),
      let place = LargeFilePlace(
        scheme: String(end[..<slash]), rest: end[end.index(after: slash)...])
    else { return nil }
    self.place = place
    self.folder = String(folder)
    if !isObject {
      matter = .locks
    } else if last == "batch" {
      matter = .batch
    } else {
      guard let digest = Digest(.sha256, hex: String(last)) else { return nil }
      matter = .file(
        LargeFile(digest, size: words.count > 1 ? Self.size(in: words[1]) : nil, at: place))
    }
  }

  private static func size(in query: Substring) -> Int? {
    guard query.hasPrefix("size=") else { return nil }
    return Int(query.dropFirst(5)).flatMap { $0 < 0 ? nil : $0 }
  }
}
