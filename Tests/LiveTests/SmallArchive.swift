import Foundation
import MirrorTesting

/// A signed Debian archive of a few small packages, as bytes by path below its root.
struct SmallArchive {
  /// The packages' names; each is for all architectures.
  static let packages = ["mirror-one", "mirror-two"]
  /// Their version, unless a test wants another.
  static let version = "1:1.0-1"

  /// The files by path.
  private(set) var files: [String: [UInt8]] = [:]
  /// The key that signed it.
  let keyring: String
  private let home: String

  private let suite: String
  private let component: String

  /// Builds the packages, the indices and a key below a folder.
  ///
  /// - Parameter other: an archive whose key signs this one too.
  init(
    in folder: String, suite: String = "stable", component: String = "main",
    packages: [String] = Self.packages, version: String = Self.version,
    signedAs other: SmallArchive? = nil
  ) async throws {
    self.suite = suite
    self.component = component
    home = other?.home ?? "\(folder)/gnupg"
    keyring = other?.keyring ?? "\(folder)/archive-key.gpg"
    let fileVersion = Self.withoutEpoch(version)
    let key = """
      mkdir -p gnupg; chmod 700 gnupg
      # gpg itself waits five seconds for its agent, and no more.
      gpg-agent --homedir gnupg --quiet --daemon </dev/null >/dev/null 2>&1
      gpg --homedir gnupg --batch --quiet --passphrase '' --quick-generate-key \
        'T <t@mirror.example>' rsa2048 sign never
      gpg --homedir gnupg --batch --export > archive-key.gpg
      """
    let script = """
      set -e; mkdir -p debs
      for name in \(packages.joined(separator: " ")); do
        mkdir -p $name/DEBIAN $name/usr/share/$name; echo $name \(version) > $name/usr/share/$name/text
        printf 'Package: %s\\nVersion: \(version)\\nArchitecture: all\\nMaintainer: T <t@mirror.example>\\n' \
          $name > $name/DEBIAN/control
        printf 'Description: a test\\n' >> $name/DEBIAN/control
        dpkg-deb --root-owner-group -Zgzip -b $name debs/${name}_\(fileVersion)_all.deb >/dev/null
      done
      \(other == nil ? key : "")
      """
    let outcome = try await Tool.run(["sh", "-c", script], in: folder)
    guard outcome.status == 0 else { throw CocoaError(.executableLoad) }
    var index = ""
    for name in packages {
      let path = Self.path(of: name, version: version, component: component)
      let file = "\(folder)/debs/\(name)_\(fileVersion)_all.deb"
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
      files[path] = bytes
      index += """
        Package: \(name)
        Version: \(version)
        Architecture: all
        Maintainer: T <t@mirror.example>
        Description: a test
        Filename: \(path)
        Size: \(bytes.count)
        SHA256: \(try await Self.sha256(bytes, in: folder))


        """
    }
    files["dists/\(suite)/\(component)/binary-amd64/Packages"] = Array(index.utf8)
    try await sign(validUntil: nil, in: folder)
  }

  /// Adds further indices, by their paths below the component, and signs anew.
  mutating func add(_ indices: [String: String], in folder: String) async throws {
    for (name, text) in indices { files["dists/\(suite)/\(component)/\(name)"] = Array(text.utf8) }
    try await sign(validUntil: nil, in: folder)
  }

  /// Writes Release anew and signs it, in one file or in two.
  mutating func sign(validUntil: String?, inTwoFiles: Bool = false, in folder: String) async throws
  {
    let place = "dists/\(suite)/"
    var indices = ""
    for (path, bytes) in files.sorted(by: { $0.key < $1.key })
    where path.hasPrefix("\(place)\(component)/") {
      let sum = try await Self.sha256(bytes, in: folder)
      indices += " \(sum) \(bytes.count) \(path.dropFirst(place.count))\n"
    }
    let release = """
      Origin: mirror test
      Suite: \(suite)
      Codename: \(suite)
      Architectures: amd64 all
      Components: \(component)
      Date: Sun, 06 Nov 2022 08:49:37 UTC
      \(validUntil.map { "Valid-Until: \($0)\n" } ?? "")SHA256:
      \(indices)
      """
    try release.write(toFile: "\(folder)/Release", atomically: true, encoding: .utf8)
    let gpg =
      "gpg --homedir '\(home)' --batch --quiet --yes --pinentry-mode loopback --passphrase ''"
    let script =
      "\(gpg) --clearsign -o InRelease Release && \(gpg) -abs -o Release.gpg Release"
    _ = try await Tool.run(["sh", "-c", script], in: folder)
    for name in ["InRelease", "Release", "Release.gpg"] { files["dists/\(suite)/\(name)"] = nil }
    for name in inTwoFiles ? ["Release", "Release.gpg"] : ["InRelease"] {
      files["dists/\(suite)/\(name)"] = [UInt8](
        try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }
  }

  /// Makes the archive flat: everything beside its release, as `deb URL ./` asks for it.
  ///
  /// - Parameter epoch: what the names of the files have before their version, as where apt's own copies
  ///   became an archive.
  mutating func flatten(in folder: String, epoch: String = "") async throws {
    var index = String(
      decoding: files["dists/\(suite)/\(component)/binary-amd64/Packages"] ?? [], as: UTF8.self)
    var flat: [String: [UInt8]] = [:]
    for (path, bytes) in files where path.hasSuffix(".deb") {
      let own = path.split(separator: "/").last.map { String($0) } ?? path
      let name = own.replacing("_", with: "_\(epoch)", maxReplacements: 1)
      index = index.replacing("Filename: \(path)", with: "Filename: ./\(name)")
      flat[name] = bytes
    }
    flat["Packages"] = Array(index.utf8)
    let release = """
      Date: Sun, 06 Nov 2022 08:49:37 UTC
      SHA256:
       \(try await Self.sha256(Array(index.utf8), in: folder)) \(index.utf8.count) Packages

      """
    try release.write(toFile: "\(folder)/Release", atomically: true, encoding: .utf8)
    let sign =
      "gpg --homedir '\(home)' --batch --quiet --yes --pinentry-mode loopback --passphrase ''"
    let script = "\(sign) --clearsign -o InRelease Release"
    _ = try await Tool.run(["sh", "-c", script], in: folder)
    flat["InRelease"] = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/InRelease")))
    files = flat
  }

  /// A line of sources.list for a flat archive.
  func flatSource(on server: FaultServer) -> String {
    "deb [signed-by=\(keyring)] \(server.url)/debian ./"
  }

  /// The path of a package's file.
  static func path(
    of name: String, version: String = Self.version, component: String = "main"
  ) -> String {
    "pool/\(component)/m/\(name)/\(name)_\(withoutEpoch(version))_all.deb"
  }

  /// Serves every file below a path, or below a URL of which a server is the proxy.
  func serve(on server: FaultServer, at place: String = "/debian") {
    for (path, bytes) in files {
      server.script(
        "\(place)/\(path.replacing("%", with: "%25").replacing("+", with: "%2B"))",
        .file(bytes, lastModified: Self.lastModified))
    }
  }

  /// When every file last changed, as a server says it.
  static let lastModified = "Sun, 06 Nov 2022 08:49:37 GMT"

  /// Writes every file below a folder.
  func write(to folder: String) throws {
    for (path, bytes) in files {
      let url = URL(filePath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }

  /// A line of sources.list.
  ///
  /// - Parameters:
  ///   - login: `USER:PASSWORD@`, or nothing.
  ///   - option: a further option of the source, after a space.
  func source(on server: FaultServer, login: String = "", option: String = "") -> String {
    let url = server.url.replacing("://", with: "://\(login)")
    return source(at: "\(url)/debian", option: option)
  }

  /// A line of sources.list.
  func source(at url: String, option: String = "") -> String {
    "deb [signed-by=\(keyring)\(option)] \(url) \(suite) \(component)"
  }

  /// A stanza of a `.sources` file, for packages and their sources.
  func stanza(at url: String) -> String {
    """
    Types: deb deb-src
    URIs: \(url)
    Suites: \(suite)
    Components: \(component)
    Signed-By: \(keyring)

    """
  }

  private static func withoutEpoch(_ version: String) -> String {
    version.split(separator: ":").last.map { String($0) } ?? version
  }

  private static func sha256(_ bytes: [UInt8], in folder: String) async throws -> String {
    try Data(bytes).write(to: URL(filePath: "\(folder)/hashed"))
    let outcome = try await Tool.run(["sha256sum", "hashed"], in: folder)
    return String(outcome.text.prefix(64))
  }
}
