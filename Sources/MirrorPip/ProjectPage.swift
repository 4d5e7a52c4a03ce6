import FoundationEssentials
import MirrorCore

/// What an index lists of one project: the JSON form of the simple API (PEP 691).
///
/// Also the form in which pages are kept, whatever form the index spoke.
struct ProjectPage: Codable, Hashable, Sendable {
  /// The media type of this form.
  static let json = "application/vnd.pypi.simple.v1+json"
  /// What we ask an index for: JSON first, since the HTML form is frozen (PEP 833).
  static let accept =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"

  struct Meta: Codable, Hashable, Sendable {
    var version: String
    enum CodingKeys: String, CodingKey { case version = "api-version" }
  }

  var meta = Meta(version: "1.0")
  var name: String
  var versions: [String]?
  var files: [ProjectFile]

  /// A page of these files.
  init(name: String, versions: [String]? = nil, files: [ProjectFile]) {
    self.name = name
    self.files = files
    // Sizes are mandatory from 1.1 on (PEP 700).
    guard files.allSatisfy({ $0.size != nil }) else { return }
    meta = Meta(version: "1.1")
    self.versions =
      versions
      ?? Set(files.compactMap { ProjectName.version(of: $0.filename, in: name) }).sorted()
  }

  /// Reads a page in either form; links become absolute.
  ///
  /// - Parameter location: where the page came from in the end.
  /// - Throws: `unavailable` when it is no page, as an error page of a front end is none.
  init(_ bytes: [UInt8], _ content: Content, project: String, location: Locator) throws(MirrorError)
  {
    let isJSON = content.type?.contains("json") ?? (bytes.first == UInt8(ascii: "{"))
    if isJSON {
      do {
        self = try JSONDecoder().decode(ProjectPage.self, from: Data(bytes))
      } catch {
        throw MirrorError(
          .unavailable, "pypi \(project): \(location) gave a page that is not of the simple API",
          underlying: error)
      }
      guard meta.version.hasPrefix("1.") else {
        throw MirrorError(
          .misconfigured,
          "pypi \(project): \(location) speaks version \(meta.version) of the simple API")
      }
    } else {
      let html = String(decoding: bytes, as: UTF8.self)
      let files = HTMLPage.files(in: html)
      guard !files.isEmpty || html.contains("pypi:repository-version") else {
        throw MirrorError(
          .unavailable, "pypi \(project): \(location) gave a web page that lists no files")
      }
      self.init(name: project, files: files)
    }
    files = files.compactMap { file in
      guard let url = location.resolving(file.url) else { return nil }
      var file = file
      file.url = url.url
      return file
    }
  }

  /// The JSON form.
  var encoded: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { Array($0) } ?? []
  }

  /// This page with the files of another added; of two files of one name, ours counts.
  func merging(_ other: ProjectPage) -> ProjectPage {
    let known = Set(files.map(\.filename))
    let versions = self.versions.flatMap { mine in
      other.versions.map { mine + $0.filter { !mine.contains($0) } }
    }
    return ProjectPage(
      name: name, versions: versions,
      files: files + other.files.filter { !known.contains($0.filename) })
  }
}
