internal import CLinux
internal import Glibc

/// The file system calls the store stands on, with errors a person can act on.
///
/// Each failure is `misconfigured` and names the path and the system's reason.
package enum Disk {
  /// The error for what the system just refused.
  package static func failure(_ action: String, _ path: String) -> MirrorError {
    let reason = errno
    let hint =
      switch reason {
      case ENOSPC, EDQUOT: "; free some space or choose another store with --store"
      case EACCES, EPERM, EROFS: "; check its permissions or choose another place"
      default: ""
      }
    return MirrorError(
      .misconfigured, "\(path): cannot \(action): \(String(cString: strerror(reason)))\(hint)")
  }

  /// Opens a file.
  ///
  /// - Returns: the descriptor, closed on exec.
  package static func open(
    _ path: String, _ flags: Int32, mode: UInt32 = 0o644, to action: String = "open"
  ) throws(MirrorError) -> Int32 {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure(action, path) }
    return descriptor
  }

  /// Writes all of the bytes.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  ) throws(MirrorError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("write", path)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Writes all of the bytes.
  package static func write(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(MirrorError) {
    try bytes.withUnsafeBufferPointer { buffer throws(MirrorError) in
      try write(UnsafeRawBufferPointer(buffer), to: descriptor, path: path)
    }
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws(MirrorError) {
    guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw failure("make the folder", path)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw failure("make the folder", path)
    }
  }

  /// The folder that a path lies in.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Gives a file its final name, replacing what stood there.
  package static func rename(_ old: String, to new: String) throws(MirrorError) {
    guard Glibc.rename(old, new) == 0 else { throw failure("rename to \(new)", old) }
  }

  /// Makes a file's bytes, or a folder's entries, durable; what is not there needs nothing.
  package static func synchronise(_ path: String) throws(MirrorError) {
    guard let file = try OpenFile(reading: path) else { return }
    guard fsync(file.descriptor) == 0 else { throw failure("synchronise", path) }
  }

  /// Has the kernel begin to write a part of a file to the disk, without waiting for it (sync_file_range(2)).
  ///
  /// It promises nothing; it only leaves less to do for who synchronises the file later.
  package static func beginWriting(_ range: Range<Int>, of descriptor: Int32) {
    _ = clinux_begin_writing(descriptor, Int64(range.lowerBound), Int64(range.count))
  }

  /// Makes everything durable that was written to the file system of that folder (syncfs(2)).
  package static func synchroniseAll(around path: String) throws(MirrorError) {
    guard let folder = try OpenFile(reading: path) else { return }
    guard clinux_syncfs(folder.descriptor) == 0 else { throw failure("synchronise", path) }
  }

  /// Writes a small file so that a reader sees the old or the new one, never half.
  package static func replace(
    _ path: String, with bytes: some Collection<UInt8>, mode: UInt32 = 0o644, durably: Bool = false
  ) throws(MirrorError) {
    let temporary = "\(path).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
    let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode, to: "create")
    do throws(MirrorError) {
      defer { close(descriptor) }
      try write(Array(bytes), to: descriptor, path: temporary)
      if durably, fsync(descriptor) != 0 { throw self.failure("synchronise", temporary) }
      try rename(temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// The bytes of a file; `nil` when there is none.
  ///
  /// - Throws: `misconfigured` when there is one that cannot be read.
  package static func read(_ path: String) throws(MirrorError) -> [UInt8]? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("read", path)
    }
    let file = OpenFile(descriptor: descriptor)
    var result: [UInt8] = []
    result.reserveCapacity(file.status().size)
    while true {
      let piece = try file.read(at: result.count, count: 1 << 16, path: path)
      if piece.isEmpty { return result }
      result += piece
    }
  }

  /// The names in a folder, sorted; none when there is no such folder.
  package static func list(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a folder with all that is in it; links in it are removed, not followed.
  package static func removeTree(_ path: String) {
    for name in list(path) where unlink("\(path)/\(name)") != 0 { removeTree("\(path)/\(name)") }
    rmdir(path)
  }

  /// A path that means the same wherever a process stands.
  package static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
  }

  /// Removes a file, if it is there.
  package static func remove(_ path: String) { unlink(path) }

  /// The length of a file in bytes; 0 when there is none.
  static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
