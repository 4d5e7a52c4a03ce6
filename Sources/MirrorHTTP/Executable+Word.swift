internal import Glibc
package import Subprocess
internal import SystemPackage

extension Executable {
  /// The program that a word names, as a shell would find it: a path as it is, else the first program of
  /// that name on a search path.
  ///
  /// It is looked up here, since otherwise every folder of the path is tried with a process of its own.
  ///
  /// - Parameter path: the search path; that of this process where it is `nil`.
  package init(word: String, on path: String? = nil) {
    if word.contains("/") {
      self = .path(FilePath(word))
      return
    }
    let path = path ?? getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    let found = path.split(separator: ":", omittingEmptySubsequences: false).lazy
      .map { $0.isEmpty ? "./\(word)" : "\($0)/\(word)" }
      .first(where: Self.isProgram)
    self = found.map { .path(FilePath($0)) } ?? .name(word)
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
