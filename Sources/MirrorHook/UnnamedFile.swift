#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that only this process, and what it becomes, can read.
package enum UnnamedFile {
  /// Writes a file without a name; its descriptor is meant to survive exec, and it ends with the process.
  ///
  /// Returns a path below `/proc`, or nil if that cannot be done.
  ///
  /// - Parameter servesChildren: whether the path leads there from a child too, which need not have the
  ///   descriptor, for as long as this process lives.
  package static func path(holding bytes: [UInt8], servesChildren: Bool = false) -> String? {
    let folder = ToolSurroundings.process.nonEmpty("TMPDIR") ?? "/tmp"
    var template = Array("\(folder)/mirror-hook.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    unlink(template)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { return nil }
    let path = "/proc/\(servesChildren ? String(getpid()) : "self")/fd/\(descriptor)"
    return access(path, R_OK) == 0 ? path : nil
  }
}
