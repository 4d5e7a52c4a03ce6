import Foundation
import MirrorTesting

extension TemporaryFolder {
  /// Lays a symbolic link.
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }
}
