/// A tile of a checksum database's tree: up to 256 hashes of one level, or the records below them
/// (golang.org/x/mod/sumdb/tlog).
struct SumTile: Hashable, Sendable {
  /// The length of a hash in bytes.
  static let hashSize = 32

  /// The height of tiles: 8, which is all that the go command asks for.
  var height: Int
  /// The level, or `nil` for the records.
  var level: Int?
  /// Which tile of its level it is, as the protocol writes it: `x123/x456/789`.
  var index: String
  /// How many hashes it holds; fewer than the whole at the right edge of a tree.
  var width: Int

  /// Reads `tile/HEIGHT/LEVEL/INDEX`, with `.p/WIDTH` after that of a partial tile.
  init?(_ path: some StringProtocol) {
    var words = path.split(separator: "/", omittingEmptySubsequences: false)[...]
    guard words.popFirst() == "tile", let height = words.popFirst().flatMap({ Int($0) }),
      height == 8, let word = words.popFirst()
    else { return nil }
    self.height = height
    if word != "data" {
      guard let number = Int(word), (0..<64).contains(number) else { return nil }
      level = number
    }
    width = 1 << height
    if words.count > 1, let last = words.dropLast().last, last.hasSuffix(".p") {
      guard let count = Int(words[words.endIndex - 1]), (1..<(1 << height)).contains(count) else {
        return nil
      }
      width = count
      words.removeLast()
      words[words.endIndex - 1] = last.dropLast(2)
    }
    guard !words.isEmpty, words.dropLast().allSatisfy({ $0.first == "x" }),
      words.enumerated().allSatisfy({ position, word in
        let digits = position == words.count - 1 ? word : word.dropFirst()
        return digits.utf8.count == 3 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
      })
    else { return nil }
    index = words.joined(separator: "/")
  }

  /// The path below the database's root.
  var path: String {
    let level = self.level.map { String($0) } ?? "data"
    return "tile/\(height)/\(level)/\(index)" + (isWhole ? "" : ".p/\(width)")
  }

  /// Whether it holds as many hashes as a tile can.
  var isWhole: Bool { width == 1 << height }

  /// The tiles of the same place that hold more, widest first: this one is the beginning of each.
  var wider: [SumTile] {
    guard !isWhole, level != nil else { return [] }
    return stride(from: 1 << height, to: width, by: -1).map { width in
      var tile = self
      tile.width = width
      return tile
    }
  }

  /// The length of its bytes; `nil` for records, which have any.
  var size: Int? { level == nil ? nil : width * Self.hashSize }
}
