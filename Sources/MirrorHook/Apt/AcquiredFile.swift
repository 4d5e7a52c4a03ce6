#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The file that apt wants a thing in.
///
/// It has the time of the thing, so that apt can ask later whether that changed, and what is left of a
/// transfer that broke can be continued.
struct AcquiredFile {
  private let path: String
  private var descriptor: Int32 = -1

  init(path: String) { self.path = path }

  /// What is there of an earlier transfer: its length in bytes, and the time of the whole.
  var remains: (count: Int, seconds: Int)? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      return nil
    }
    return (Int(status.st_size), Int(status.st_mtim.tv_sec))
  }

  /// Opens the file at its beginning or, to continue, at its end.
  ///
  /// - Returns: what went wrong.
  mutating func open(continuing: Bool) -> String? {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (continuing ? O_APPEND : O_TRUNC)
    #if canImport(Glibc)
      descriptor = Glibc.open(path, flags, 0o644)
    #else
      descriptor = Musl.open(path, flags, 0o644)
    #endif
    return descriptor >= 0 ? nil : failure
  }

  /// Writes the next bytes.
  ///
  /// - Returns: what went wrong.
  func write(_ bytes: ArraySlice<UInt8>) -> String? {
    Descriptor.write(bytes, to: descriptor) ? nil : failure
  }

  /// Closes the file, which then has the time of the whole.
  mutating func close(seconds: Int?) {
    guard descriptor >= 0 else { return }
    if let seconds {
      let time = timespec(tv_sec: time_t(seconds), tv_nsec: 0)
      _ = futimens(descriptor, [time, time])
    }
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #else
      _ = Musl.close(descriptor)
    #endif
    descriptor = -1
  }

  /// Removes what is there.
  func remove() { unlink(path) }

  private var failure: String { "\(path): \(String(cString: strerror(errno)))" }
}
