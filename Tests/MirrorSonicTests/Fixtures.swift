import Foundation
import MirrorSonic
import Testing

/// Lock files that lie beside the tests, and the whole releases where they are at hand.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"

  /// The data of whole releases: `MIRROR_SONIC_DATA`, or `shared/data/sonic` beside the repository.
  static let releases: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = root.deletingLastPathComponent().path + "/shared/data/sonic"
    let path = ProcessInfo.processInfo.environment["MIRROR_SONIC_DATA"] ?? beside
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  static func list(_ text: String, _ type: VersionType = .deb) -> VersionList {
    VersionList(text, type: type)
  }

  static func file(_ name: String, _ text: String) throws -> VersionFile {
    let name = try #require(VersionFileName(name))
    return VersionFile(name, VersionList(text, type: name.type))
  }
}
