import Foundation
import MirrorTesting

/// Two suites of an archive, with a package each.
///
/// A mirror holds the suite `stable`.
struct AptGoods: Goods {
  let folder: String
  let origin: FaultServer
  let kept: SmallArchive
  let other: SmallArchive

  static let package: [Thing: String] = [.kept: "mirror-one", .other: "mirror-two"]

  static func run(_ body: @Sendable (AptGoods) async throws -> Void) async throws {
    try await FaultServer.run { origin in
      try await TemporaryFolder.with { folder in
        for name in ["kept", "other"] {
          try FileManager.default.createDirectory(
            atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let goods = AptGoods(
          folder: folder, origin: origin,
          kept: try await SmallArchive(in: "\(folder)/kept", packages: ["mirror-one"]),
          other: try await SmallArchive(
            in: "\(folder)/other", suite: "testing", packages: ["mirror-two"]))
        goods.kept.serve(on: origin)
        goods.other.serve(on: origin)
        try await body(goods)
      }
    }
  }

  var environment: [String: String] { Tool.environment(home: folder) }
  var wasAsked: Bool { !origin.requests.isEmpty }

  /// The packages' files, for a mirror to take in.
  var packageFiles: String { "\(folder)/kept/debs" }
  /// The home of the key that signs.
  var keyHome: String { "\(folder)/kept/gnupg" }

  func script(_ thing: Thing) throws -> String {
    let archive = thing == .kept ? kept : other
    let root = try AptRoot(
      at: "\(folder)/root-\(UUID().uuidString)", sources: [archive.source(on: origin)])
    let commands = [
      root.aptGet("update"),
      root.aptGet("install", "-y", "--download-only", Self.package[thing] ?? ""),
    ]
    return commands.map { $0.map { "'\($0)'" }.joined(separator: " ") + " >&2" }
      .joined(separator: "\n")
      + "\nmkdir -p out; cp \(root.path)/var/cache/apt/archives/*.deb out/"
  }

  func expected(_ thing: Thing) -> [String: Data] {
    let archive = thing == .kept ? kept : other
    let name = Self.package[thing] ?? ""
    // apt writes the epoch, which a name in the pool lacks.
    return ["\(name)_1%3a1.0-1_all.deb": Data(archive.files[SmallArchive.path(of: name)] ?? [])]
  }
}
