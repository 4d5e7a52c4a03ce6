/// What a fetch into a repository of the store is wrapped in: a shell's script that has it alone there.
///
/// The lock is held by git itself and all that it starts (flock(1)), so that one whose mirror was killed
/// is waited for, and locks and half a pack that one left behind that was killed itself are known to be
/// nobody's. What a fetch brought is indexed with a bitmap (git-multi-pack-index(1)) each time the packs
/// have doubled: then a clone costs what it costs at a server that repacks.
struct FetchScript {
  /// The repository.
  let place: String

  /// The words to put before those of git.
  var prefix: [String] {
    ["flock", "\(place)/fetch~", "sh", "-c", Self.script, "sh", place]
  }

  private static let script = """
    place=$1; shift
    find "$place" -name '*.lock' -type f -delete
    find "$place/objects/pack" -name 'tmp_*' -type f -delete
    "$@" || exit
    packs="$place/objects/pack"
    count=$(find "$packs" -name '*.pack' | wc -l)
    while [ "$count" -gt 1 ] && [ $((count % 2)) = 0 ]; do count=$((count / 2)); done
    [ "$count" = 1 ] || exit 0
    index="$packs/multi-pack-index"
    [ ! -e "$index" ] || [ -n "$(find "$packs" -name '*.pack' -newer "$index")" ] || exit 0
    git --git-dir "$place" multi-pack-index write --bitmap --no-progress >/dev/null 2>&1
    exit 0
    """
}
