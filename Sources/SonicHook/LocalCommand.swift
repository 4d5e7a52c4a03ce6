import MirrorHook

/// The command lines that fetch nothing, so that nobody needs to ask whether the gateway is there.
///
/// What is not in the tables may fetch, aliases and sub-commands that are younger than this among them.
/// Some that are in them may as well, if rarely: git, where a clone is partial, and go, where a module
/// wants another toolchain. They have the gateway's settings all the same, and so find it or fail.
package enum LocalCommand {
  /// Whether a tool fetches nothing with these arguments.
  package static func recognises(_ tool: String, _ arguments: [String]) -> Bool {
    switch tool {
    case "dpkg": return true
    case "wget", "curl": return arguments.first.map { informing.contains($0) } ?? true
    case "git": return gitVerb(arguments).map { git.contains($0) } ?? true
    case "go": return arguments.first.map { go.contains($0) } ?? true
    case "apt", "apt-get":
      let verb = PackageCommand(tool, arguments).verb
      return verb.isEmpty || apt.contains(verb)
    case "pip", "pip2", "pip3":
      guard let verb = PipCommand(arguments).subcommand else { return true }
      // `list --outdated` looks for newer versions; requirements may be read from a URL.
      return pip.contains(verb)
        && !arguments.contains { asking.contains($0) || $0.utf8.contains(UInt8(ascii: ":")) }
    default: return false
    }
  }

  /// git's sub-command, behind its own options (git(1)); `nil` when there is none.
  private static func gitVerb(_ arguments: [String]) -> String? {
    var words = arguments[...]
    while let word = words.popFirst() {
      if !word.hasPrefix("-") { return word }
      if gitValued.contains(word) { words = words.dropFirst() }
    }
    return nil
  }

  private static let informing: Set<String> = [
    "--version", "-V", "--help", "-h", "--manual", "-M",
  ]
  private static let gitValued: Set<String> = [
    "-C", "-c", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env",
    "--attr-source",
  ]
  /// Not: what writes files of a work tree, for which git-lfs may have to fetch.
  private static let git: Set<String> = [
    "add", "blame", "branch", "cat-file", "check-attr", "check-ignore", "check-mailmap",
    "check-ref-format", "cherry", "clean", "commit", "commit-tree", "config", "count-objects",
    "describe", "diff", "diff-files", "diff-index", "diff-tree", "for-each-ref", "format-patch",
    "fsck", "gc", "grep", "hash-object", "help", "init", "log", "ls-files", "ls-tree", "merge-base",
    "mktag", "mktree", "mv", "name-rev", "notes", "pack-refs", "prune", "reflog", "rev-list",
    "rev-parse", "rm", "shortlog", "show", "show-ref", "status", "symbolic-ref", "tag",
    "update-index", "update-ref", "var", "verify-commit", "verify-tag", "version", "whatchanged",
    "write-tree",
  ]
  private static let go: Set<String> = [
    "bug", "clean", "env", "fmt", "help", "telemetry", "version",
  ]
  private static let apt: Set<String> = [
    "autoclean", "auto-clean", "check", "clean", "depends", "dist-clean", "distclean",
    "edit-sources", "help", "indextargets", "list", "markauto", "moo", "policy", "rdepends",
    "search", "show", "showsrc", "unmarkauto",
  ]
  private static let pip: Set<String> = [
    "cache", "check", "completion", "config", "debug", "freeze", "hash", "help", "inspect", "list",
    "show", "uninstall",
  ]
  private static let asking: Set<String> = ["-o", "--outdated", "-u", "--uptodate"]
}
