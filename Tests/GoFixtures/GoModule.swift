internal import Crypto
import Foundation

/// One version of a Go module, made by a test.
public struct GoModule: Sendable {
  /// The module's path.
  public var path: String
  /// The version.
  public var version: String
  /// The files below the module's root, go.mod left out.
  public var files: [String: String]
  /// The go.mod file; `nil` where the module has none.
  public var goMod: String?
  /// Whether lists name the version.
  public var isListed = true

  /// A module that requires others, as `PATH VERSION`.
  public init(
    _ path: String, _ version: String, requires: [String] = [], files: [String: String],
    retracts: [String] = []
  ) {
    self.path = path
    self.version = version
    self.files = files
    var text = "module \(path)\n\ngo 1.17\n"
    for requirement in requires { text += "\nrequire \(requirement)\n" }
    for version in retracts { text += "\nretract \(version)\n" }
    goMod = text
  }

  /// The go.mod as proxies give it.
  public var mod: [UInt8] { Array((goMod ?? "module \(path)\n").utf8) }

  /// The version's facts, with more than is needed.
  public var info: [UInt8] {
    Array(
      """
      {"Version": "\(version)", "Time": "2024-01-02T03:04:05Z", "Origin": {"VCS": "git"}}
      """.utf8)
  }

  /// The names and bytes in the zip.
  public var contents: [(name: String, bytes: [UInt8])] {
    var contents = files.map { (name: "\(path)@\(version)/\($0.key)", bytes: Array($0.value.utf8)) }
    if let goMod { contents.append(("\(path)@\(version)/go.mod", Array(goMod.utf8))) }
    return contents.sorted { $0.name < $1.name }
  }

  /// The zip file.
  public var zip: [UInt8] {
    ZipWriter(contents.map { ZipWriter.File($0.name, $0.bytes) }).archive
  }

  /// The two lines that go.sum has of it.
  public var sums: [String] {
    [
      "\(path) \(version) \(Self.h1(contents))",
      "\(path) \(version)/go.mod \(Self.h1([("go.mod", mod)]))",
    ]
  }

  private static func h1(_ files: [(name: String, bytes: [UInt8])]) -> String {
    let lines = files.map { file in
      let hex = SHA256.hash(data: file.bytes).map { String(format: "%02x", $0) }.joined()
      return "\(hex)  \(file.name)\n"
    }
    return "h1:" + Data(SHA256.hash(data: Data(lines.joined().utf8))).base64EncodedString()
  }

  /// Capital letters as proxies write them.
  static func escape(_ text: String) -> String {
    text.map { $0.isUppercase ? "!\($0.lowercased())" : "\($0)" }.joined()
  }
}
