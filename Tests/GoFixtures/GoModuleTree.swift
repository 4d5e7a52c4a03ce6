public import MirrorTesting

/// Modules as a tree of files in the GOPROXY layout.
public struct GoModuleTree: Sendable {
  /// The modules.
  public var modules: [GoModule]

  /// A tree of modules.
  public init(_ modules: [GoModule]) { self.modules = modules }

  /// The files by their paths below the root, capital letters escaped.
  public var files: [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for module in modules {
      let folder = "\(GoModule.escape(module.path))/@v"
      let stem = "\(folder)/\(GoModule.escape(module.version))"
      files["\(stem).info"] = module.info
      files["\(stem).mod"] = module.mod
      files["\(stem).zip"] = module.zip
      let line = module.isListed ? "\(module.version)\n" : ""
      files["\(folder)/list", default: []] += Array(line.utf8)
    }
    return files
  }

  /// The answer of a web server that holds the tree below a path, such as `/go/`.
  public func answer(below root: String) -> FaultAnswer { .tree(files, below: root) }
}

extension FaultAnswer {
  /// The answer of a web server that holds these files, by their paths below a root.
  public static func tree(_ files: [String: [UInt8]], below root: String) -> FaultAnswer {
    .choosing { request in
      let path = request.path.replacing("%21", with: "!")
      guard path.hasPrefix(root), let bytes = files[String(path.dropFirst(root.count))] else {
        return .status(
          404, headers: ["Content-Type": "text/plain"], body: Array("not found\n".utf8))
      }
      return .file(bytes)
    }
  }
}
