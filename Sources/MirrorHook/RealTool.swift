#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The program that a name on PATH stands for, once Mirror's own programs are left out.
public struct RealTool: Sendable, Equatable {
  /// The file to execute.
  public let path: String

  /// Finds a tool by walking PATH, as execvp(3) does; nil if there is none.
  ///
  /// Leaves out the program that is running now, which is recognised by device and inode, and what
  /// resolves to one of Mirror's own programs, such as `mirror-hook`: two of them in front of one tool would
  /// otherwise call each other for ever. Where /proc is not mounted, the first program of that name
  /// is taken for the running one, since that is how a shell found it; `calledAs` helps if it holds
  /// a folder.
  ///
  /// - Parameter wrappers: a folder of other wrappers; what resolves into it is left out too.
  public static func find(
    _ name: String, path: String?, calledAs: String = "", running: String = "/proc/self/exe",
    passingBy wrappers: String? = nil
  ) -> RealTool? {
    var own = FileIdentity(running)
    if own == nil, calledAs.contains("/") { own = FileIdentity(calledAs) }
    let folders = (path ?? "/usr/local/bin:/usr/bin:/bin")
      .split(separator: ":", omittingEmptySubsequences: false)
    for folder in folders {
      let candidate = folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
      guard let identity = FileIdentity(candidate), identity.isExecutableFile,
        access(candidate, X_OK) == 0
      else { continue }
      if own == nil { own = identity }
      if identity == own || isWrapper(candidate, wrappers) { continue }
      return RealTool(path: candidate)
    }
    return nil
  }

  /// Returns the last component of the name a program was called by.
  public static func name(calledAs: String) -> String {
    calledAs.split(separator: "/").last.map(String.init) ?? ""
  }

  private static func isWrapper(_ path: String, _ wrappers: String?) -> Bool {
    guard let resolved = realpath(path, nil) else { return false }
    defer { free(resolved) }
    let target = String(cString: resolved)
    return programs.contains(name(calledAs: target))
      || wrappers.map { target.hasPrefix($0 + "/") } ?? false
  }

  /// What Mirror's own programs are called.
  private static let programs = ["mirror", "mirror-hook", "sonic-mirror", "sonic-hook"]
}

/// What tells one file from another.
private struct FileIdentity: Equatable {
  let device: dev_t
  let inode: ino_t
  let isExecutableFile: Bool

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = status.st_dev
    inode = status.st_ino
    isExecutableFile = status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o111 != 0
  }
}
