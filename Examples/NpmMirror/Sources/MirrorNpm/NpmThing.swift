import MirrorCore

/// Something that a registry is asked for: the document of a package, or one of its tarballs.
struct NpmThing: Sendable {
  let name: String
  let file: String?

  /// Reads `NAME` or `NAME/-/FILE`, where a name may have a scope; `nil` when it is neither.
  init?(path: String) {
    let decoded = path.replacing("%2f", with: "/").replacing("%2F", with: "/")
    var words = decoded.split(separator: "/").map { String($0) }
    var file: String?
    if words.count > 2, words[words.count - 2] == "-", words[words.count - 1].hasSuffix(".tgz") {
      file = words.removeLast()
      words.removeLast()
    }
    let isScoped = words.first?.hasPrefix("@") ?? false
    guard words.count == (isScoped ? 2 : 1),
      words.allSatisfy({ !$0.hasPrefix(".") && !$0.hasPrefix("-") && !$0.contains("?") })
    else { return nil }
    name = words.joined(separator: "/")
    self.file = file
  }

  /// The path below a registry.
  var path: String { file.map { "\(name)/-/\($0)" } ?? name }

  var request: Request {
    let words = name.split(separator: "/").map { String($0) }
    let bare = words.last ?? name
    // The name of a tarball is NAME-VERSION.tgz.
    let version = file.map { String($0.dropFirst(bare.count + 1).dropLast(4)) }
    let package = PackageURL(
      type: "npm", namespace: words.count > 1 ? words[0] : "", name: bare, version: version)
    return Request(
      ecosystem: .npm, identity: "\(package)", package: package, ownerName: name,
      // Which registry it is, only the user's npm knows; see NpmRegistry.
      origin: Locator(scheme: "npm", host: "registry", path: "/\(path)"),
      fileName: file ?? "", changes: file == nil, isRecorded: true)
  }
}
