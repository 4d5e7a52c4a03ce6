import Foundation
import MirrorTesting

extension TemporaryFolder {
  /// Writes a file that can be run, and the folders above it; returns its path.
  @discardableResult
  func write(_ name: String, _ text: String = "", executable: Bool) throws -> String {
    let file = try write(name, text)
    try FileManager.default.setAttributes(
      [.posixPermissions: executable ? 0o755 : 0o644], ofItemAtPath: file)
    return file
  }

  /// Makes a symbolic link, and the folders above it; returns its path.
  @discardableResult
  func link(_ name: String, to destination: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: destination)
    return file
  }
}
