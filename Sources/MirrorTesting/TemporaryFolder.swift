internal import FoundationEssentials

/// A folder of a test's own, with a name nobody else has.
public enum TemporaryFolder {
  /// Runs a body with the folder's path, and removes the folder with all that is in it.
  public static func with<Result>(
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    let manager = FileManager.default
    let path = "\(manager.temporaryDirectory.path())mirror-test-\(UUID().uuidString)"
    try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
    // What cannot be removed is in the temporary folder anyway.
    defer { try? manager.removeItem(atPath: path) }
    return try await body(path)
  }
}
