internal import Glibc
import MirrorCore

/// A folder for the front of PATH: a wrapper for each tool that has no setting of its own.
struct WrapperFolder {
  let path: String

  /// Lays the wrappers.
  ///
  /// - Returns: `nil` when there are no tools to wrap.
  /// - Throws: `misconfigured` when the folder cannot be written.
  init?(at path: String, for tools: [String]) throws(MirrorError) {
    guard !tools.isEmpty else { return nil }
    try Disk.makeFolder(path)
    for tool in tools { try WrapperProgram.link(at: "\(path)/\(tool)") }
    self.path = path
  }

  /// A search path that begins with the folder, once.
  func first(in search: String?) -> String {
    let search = search ?? "/usr/local/bin:/usr/bin:/bin"
    return search.split(separator: ":").first ?? "" == path ? search : "\(path):\(search)"
  }
}

/// The program that wrappers are links to.
enum WrapperProgram {
  /// Lays a link to it, also in the place of an older one.
  static func link(at path: String) throws(MirrorError) {
    let new = "\(path).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
    guard symlink(program, new) == 0 else { throw Disk.failure("link", path) }
    try Disk.rename(new, to: path)
  }

  /// `mirror-hook` beside this program; this program itself, which starts slower, where it is missing.
  private static var program: String {
    let own = ownPath ?? CommandLine.arguments[0]
    let folder = own.lastIndex(of: "/").map { own[...$0] } ?? ""
    let hook = "\(folder)mirror-hook"
    return access(hook, X_OK) == 0 ? hook : own
  }

  private static var ownPath: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
