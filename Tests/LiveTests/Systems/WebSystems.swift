import Foundation
import MirrorCore
import MirrorTesting

extension MirrorSystem {
  /// Systems that keep plain files.
  static let web: [MirrorSystem] = [disk, byMD5]

  /// A folder behind nginx, laid out by host and path.
  private static let disk = MirrorSystem(
    "disk, by URL", page: "Disk.md", mirror: "disk", host: "https://files.acme.example", needs: []
  ) { (goods: WebGoods) in
    let root = "\(goods.folder)/srv"
    try goods.keep(at: "\(root)/web/\(goods.path(of: .kept))")
    return [try await Nginx.serve(root, in: goods.folder)]
  }

  /// A folder behind nginx, laid out by name and MD5, which a SONiC build knows of every URL.
  private static let byMD5 = MirrorSystem(
    "disk, by name and MD5", page: "Disk.md", mirror: "packages",
    host: "https://packages.acme.example", needs: [], program: SonicSite.program,
    environment: { (goods: WebGoods) in ["SONIC_VERSIONS": "\(goods.folder)/versions"] }
  ) { goods in
    let root = "\(goods.folder)/srv"
    try goods.keep(at: "\(root)/kept.bin-\(md5(of: .kept))")
    let list = [Thing.kept, .other].map { "\(goods.url(of: $0))==\(md5(of: $0))\n" }.joined()
    let versions = "\(goods.folder)/versions"
    try FileManager.default.createDirectory(atPath: versions, withIntermediateDirectories: true)
    try list.write(toFile: "\(versions)/versions-web", atomically: true, encoding: .utf8)
    return [try await Nginx.serve(root, in: goods.folder)]
  }

  private static func md5(of thing: Thing) -> String {
    var hash = ContentHash(also: [.md5])
    bytes(of: thing.rawValue).withUnsafeBytes { hash.update($0) }
    return hash.digests().first { $0.algorithm == .md5 }?.hex ?? ""
  }
}

extension WebGoods {
  /// Writes the file that a mirror keeps.
  func keep(at path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes(of: Thing.kept.rawValue)).write(to: url)
  }
}
