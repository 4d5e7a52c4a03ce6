import Foundation

/// The files of a folder, for comparison: by name, each with its bytes.
struct FolderContents: Equatable {
  var files: [String: Data]

  init(_ path: String) throws {
    files = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      var isFolder: ObjCBool = false
      let file = "\(path)/\(name)"
      _ = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
      if !isFolder.boolValue { files[name] = try Data(contentsOf: URL(filePath: file)) }
    }
  }

  var names: [String] { files.keys.sorted() }
}
