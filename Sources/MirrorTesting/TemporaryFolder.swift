import FoundationEssentials

/// A folder of a test's own, removed with everything in it when the test lets go of it.
///
/// A folder is let go of after its last use, which may come before the last use of its ``path``. Keep it
/// as a property of the suite, or use ``with(_:)``, which removes it when the closure is done:
///
/// ```swift
/// try await TemporaryFolder.with { folder in
///   let store = try Store(at: folder)
/// }
/// ```
public final class TemporaryFolder: Sendable {
  /// Where it is; no slash at the end.
  public let path: String

  /// Makes a new, empty folder below `TMPDIR`.
  ///
  /// - Throws: the error of the file system.
  public init() throws {
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    path = "\(parent)/mirror-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { remove() }

  /// Runs a body with the folder's path, and removes the folder with all that is in it.
  public static func with<Result>(
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try await body(folder.path)
  }

  /// Writes a file, and the folders above it.
  ///
  /// - Returns: its path.
  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String {
    try write(name, bytes: Array(text.utf8))
  }

  /// Writes a file, and the folders above it.
  ///
  /// - Returns: its path.
  @discardableResult
  public func write(_ name: String, bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    if let slash = file.lastIndex(of: "/") {
      try FileManager.default.createDirectory(
        atPath: String(file[..<slash]), withIntermediateDirectories: true)
    }
    guard FileManager.default.createFile(atPath: file, contents: Data(bytes)) else {
      throw CocoaError(.fileWriteUnknown)
    }
    return file
  }

  /// The bytes of a file in it; `nil` when there is none.
  public func bytes(of name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map { Array($0) }
  }

  /// The text of a file in it; `nil` when there is none.
  public func text(of name: String) -> String? {
    bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names of the files and folders in it, or in a folder below it, sorted.
  public func names(in folder: String = "") -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")
    return names?.sorted() ?? []
  }

  private func remove() {
    // A test that took the folder away itself leaves nothing to do.
    try? FileManager.default.removeItem(atPath: path)
  }
}
