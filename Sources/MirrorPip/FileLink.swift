import Foundation
import MirrorCore

/// A link to a file as our pages write it: everything a request needs stands in the link itself.
///
/// `file/FACTS/NAME`, so the gateway keeps no table of links. FACTS are `key=value` pairs joined by
/// `;`, each value percent-encoded, and the whole in base64url without padding (RFC 4648, 5): pip and
/// uv normalise the percent-encoding of a path segment, and pip takes milliseconds to do so.
struct FileLink: Hashable {
  /// The normalised name of the project.
  var project: String
  /// The file's name; that of its metadata ends in `.metadata` (PEP 658).
  var fileName: String
  /// The URL that the index gave.
  var url: String
  /// The digests that the index gave.
  var digests: [Digest]
  /// The digests of the metadata.
  var metadataDigests: [Digest]
  /// The length that the index gave, in bytes.
  var size: Int?
  /// The Python versions that the file is for.
  var requiresPython: String?

  /// The link to a listed file.
  init(_ file: ProjectFile, of project: String) {
    self.project = project
    fileName = file.filename
    url = file.url
    digests = file.digests
    metadataDigests = file.metadataDigests
    size = file.size
    requiresPython = file.requiresPython
  }

  /// Reads FACTS and NAME; `nil` when they are not ours.
  init?(facts: some StringProtocol, fileName: String) {
    var values: [String: String] = [:]
    guard let text = Self.text(base64url: facts) else { return nil }
    for pair in text.split(separator: ";") {
      let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard words.count == 2 else { return nil }
      values[String(words[0])] = PercentEncoding.decode(words[1])
    }
    guard let project = values["project"], let url = values["url"] else { return nil }
    self.project = project
    self.fileName = fileName
    self.url = url
    digests = Self.digests(values["digests"])
    metadataDigests = Self.digests(values["metadata"])
    size = values["size"].flatMap { Int($0) }
    requiresPython = values["python"]
  }

  /// The link, relative to the ecosystem's root.
  var reference: String {
    var values = ["project": project, "url": url]
    values["digests"] = Self.text(digests)
    values["metadata"] = Self.text(metadataDigests)
    values["size"] = size.map { String($0) }
    values["python"] = requiresPython
    let facts = values.sorted { $0.key < $1.key }
      .map { "\($0.key)=\(PercentEncoding.encode($0.value, allowing: "/"))" }.joined(separator: ";")
    return "file/\(Self.base64url(facts))/\(PercentEncoding.encode(fileName))"
  }

  /// The request for the file, or for its metadata; `nil` when the URL is none.
  var request: Request? {
    let isMetadata = fileName.hasSuffix(".metadata")
    guard let origin = Locator(isMetadata ? url + ".metadata" : url) else { return nil }
    let package = PackageURL(
      type: "pypi", name: project, version: ProjectName.version(of: fileName, in: project),
      qualifiers: ["file_name": fileName])
    var attributes: [String: String] = [:]
    if !isMetadata, let requiresPython { attributes["requires-python"] = requiresPython }
    return Request(
      ecosystem: .pip, identity: package.description, package: package, origin: origin,
      fileName: fileName, digests: isMetadata ? metadataDigests : digests,
      size: isMetadata ? nil : size, attributes: attributes)
  }

  private static func digests(_ text: String?) -> [Digest] {
    text?.split(separator: ",").compactMap { Digest($0) } ?? []
  }

  private static func text(_ digests: [Digest]) -> String? {
    digests.isEmpty ? nil : digests.map(\.description).joined(separator: ",")
  }

  private static func base64url(_ text: String) -> String {
    String(
      Data(text.utf8).base64EncodedString().compactMap { character in
        switch character {
        case "+": "-"
        case "/": "_"
        case "=": nil
        default: character
        }
      })
  }

  private static func text(base64url: some StringProtocol) -> String? {
    var base64 = String(base64url.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    return Data(base64Encoded: base64).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
