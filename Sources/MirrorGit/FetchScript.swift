/// What a fetch into a repository of the store is wrapped in: a shell's script that has it alone there.
///
/// The lock is held by git itself and all that it starts (flock(1)), so that one whose mirror was killed
/// is waited for, and locks and half a pack that one left behind that was killed itself are known to be
/// nobody's; one that brings nothing any more is waited for no longer than a quarter of an hour. What a
/// fetch brought is indexed with a bitmap (git-multi-pack-index(1)) each time the packs have doubled: then
/// a clone costs what it costs at a server that repacks.
package struct FetchScript {
  /// The repository.
  private let place: String
  /// Whether standard output has all that is said, as a sign of life.
  private let isAloud: Bool
  /// How long one that brings nothing is waited for, in seconds.
  private let limit: Int

  package init(place: String, isAloud: Bool = false, limit: Int = 900) {
    self.place = place
    self.isAloud = isAloud
    self.limit = limit
  }

  /// The words to put before those of git.
  package var prefix: [String] {
    ["sh", "-c", Self.script, "sh", place, isAloud ? "aloud" : "quiet", String(limit)]
  }

  /// What it says when it has waited in vain.
  static let complaint = "another fetch has held it and brought nothing"

  private static let script = """
    place=$1; limit=$3; packs="$place/objects/pack"
    [ "$2" = quiet ] || exec 2>&1
    shift 3
    command -v flock >/dev/null || { echo 'fatal: unable to create locks: install flock' >&2; exit 1; }
    exec 9>"$place/fetch~" || exit
    waited=0
    until flock -w 1 9; do
      waited=$((waited + 1)); echo waiting
      [ "$waited" -gt "$limit" ] || continue
      [ -n "$(find "$packs" -mmin "-$((limit / 60 + 1))")" ] && continue
      echo "fatal: $place: \(complaint) for $limit s; end it" >&2
      exit 1
    done
    find "$place" -name '*.lock' -type f -delete
    find "$packs" -name 'tmp_*' -type f -delete
    "$@" || exit
    count=$(find "$packs" -name '*.pack' | wc -l)
    while [ "$count" -gt 1 ] && [ $((count % 2)) = 0 ]; do count=$((count / 2)); done
    [ "$count" = 1 ] || exit 0
    index="$packs/multi-pack-index"
    [ ! -e "$index" ] || [ -n "$(find "$packs" -name '*.pack' -newer "$index")" ] || exit 0
    git --git-dir "$place" multi-pack-index write --bitmap --progress 2>&1
    exit 0
    """
}
