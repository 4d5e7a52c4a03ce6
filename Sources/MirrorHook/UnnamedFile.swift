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
  package static func path(holding bytes: [UInt8]) -> String? {
    let folder = ToolSurroundings.process.nonEmpty("TMPDIR") ?? "/tmp"
    var template = Array("\(folder)/mirror-hook.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    unlink(template)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { return nil }
    let path = "/proc/self/fd/\(descriptor)"
    return access(path, R_OK) == 0 ? path : nil
  }
}
