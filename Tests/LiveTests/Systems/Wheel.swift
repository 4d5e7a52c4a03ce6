import GoFixtures
import MirrorCore

/// A small wheel, version 1.0, that anybody's Python installs.
struct Wheel {
  let name: String

  init(name: String) { self.name = name }

  init(_ thing: Thing) { name = thing.rawValue }

  var fileName: String { "\(name)-1.0-py3-none-any.whl" }

  var archive: [UInt8] {
    let info = "\(name)-1.0.dist-info"
    return ZipWriter([
      ZipWriter.File("\(name)/__init__.py", "NAME = '\(name)'\n"),
      ZipWriter.File(
        "\(info)/METADATA", "Metadata-Version: 2.1\nName: \(name)\nVersion: 1.0\nSummary: a test\n"),
      ZipWriter.File(
        "\(info)/WHEEL",
        "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
      ZipWriter.File("\(info)/RECORD", "\(name)/__init__.py,,\n\(info)/METADATA,,\n"),
    ]).archive
  }

  var sha256: String { ContentHash.sha256(of: archive).hex }

  /// A page of an index, as PEP 503 has it.
  func page(files: String) -> String {
    """
    <!DOCTYPE html><html><body>
    <a href="\(files)\(fileName)#sha256=\(sha256)">\(fileName)</a>
    </body></html>

    """
  }
}
