/// The known word that someone probably meant.
enum NearestWord {
  /// The word with the fewest edits; `nil` when none is near.
  static func to(_ word: String, among known: some Collection<String>) -> String? {
    known.map { ($0, distance(word, $0)) }
      .filter { $0.1 <= max(2, word.count / 3) }
      .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// The number of insertions, deletions and replacements between two words (Levenshtein).
  private static func distance(_ left: String, _ right: String) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var previous = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let replaced = previous + (a == b ? 0 : 1)
        previous = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
