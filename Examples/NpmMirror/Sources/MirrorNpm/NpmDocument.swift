import Foundation
import MirrorCore

/// The document of a package, as a registry gives it.
struct NpmDocument {
  private var object: [String: Any]
  private let name: String

  /// Reads a document.
  ///
  /// - Throws: `corrupt` when it is none, or that of another package.
  init(_ bytes: [UInt8], of name: String) throws(MirrorError) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
      object["name"] as? String == name
    else { throw MirrorError(.corrupt, "npm: \(name): the registry's answer is not its document") }
    self.object = object
    self.name = name
  }

  /// The document whose tarballs lie below another root; as it is where there is none.
  func leading(to root: String?) throws(MirrorError) -> [UInt8] {
    var object = object
    if let root, var versions = object["versions"] as? [String: [String: Any]] {
      for (version, var manifest) in versions {
        guard var dist = manifest["dist"] as? [String: Any],
          let file = (dist["tarball"] as? String)?.split(separator: "/").last
        else { continue }
        dist["tarball"] = "\(root)\(name)/-/\(file)"
        manifest["dist"] = dist
        versions[version] = manifest
      }
      object["versions"] = versions
    }
    do {
      return Array(try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
    } catch {
      throw MirrorError(.corrupt, "npm: \(name): its document cannot be written", underlying: error)
    }
  }
}
