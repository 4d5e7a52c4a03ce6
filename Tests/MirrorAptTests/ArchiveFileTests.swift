import MirrorApt
import MirrorCore
import MirrorHook
import MirrorTesting
import Testing

/// What the resolver makes of the things that apt, debootstrap and wget ask for.
@Suite struct ArchiveFileTests {
  private static let root = "http://archive.example/debian"
  private static let hex = String(repeating: "ab", count: 32)

  private func asked(_ url: String) -> Request? {
    guard let locator = Locator(url),
      case .artifact(let request, _) = AptResolver().answer(to: Query(.url(locator)), frozen: nil)
    else { return nil }
    return request
  }

  /// The request that the acquire method leads to.
  private func acquired(_ fields: String) throws -> Request {
    let message = try #require(AcquireMessage("600 URI Acquire\n\(fields)"))
    let path = try #require(AcquireLink.path(for: message)).dropFirst("apt/".count)
    let answer = AptResolver().answer(to: Query(.path(String(path))), frozen: nil)
    guard case .artifact(let request, let showsRedirect) = answer else {
      throw MirrorError(.misconfigured, "no request")
    }
    #expect(!showsRedirect)
    return request
  }

  // MARK: The acquire method

  @Test func `a package has its name, version with epoch, and place from apt's indices`() throws {
    let request = try acquired(
      """
      URI: \(Self.root)/pool/main/v/vim/vim-common_9.0.1378-2%2bdeb12u2_all.deb
      Filename: /var/cache/apt/archives/partial/vim-common_2%3a9.0.1378-2+deb12u2_all.deb
      Expected-SHA256: \(Self.hex)
      Expected-MD5Sum: 80f739d82e7045326c29c76312e63054
      Expected-Checksum-FileSize: 124836
      Target-Repo-URI: \(Self.root)/
      Target-Release: bookworm
      Target-Component: main
      Target-Architecture: all
      Target-Type: deb
      """)
    #expect(
      request.identity == "\(Self.root)/pool/main/v/vim/vim-common_9.0.1378-2%2Bdeb12u2_all.deb")
    #expect(
      request.package.description
        == "pkg:deb/debian/vim-common@2:9.0.1378-2%2Bdeb12u2?arch=all")
    #expect(
      request.attributes == [
        "package": "vim-common", "version": "2:9.0.1378-2+deb12u2", "architecture": "all",
        "component": "main", "release": "bookworm", "archive": "\(Self.root)/",
      ])
    #expect(request.sha256?.hex == Self.hex && request.digests.count == 2)
    #expect(request.size == 124836 && request.ownerName == "vim-common")
    #expect(!request.changes && request.isRecorded)
  }

  @Test func `the signed index may change and is recorded`() throws {
    let request = try acquired(
      """
      URI: \(Self.root)/dists/bookworm/InRelease
      Filename: /var/lib/apt/lists/partial/archive.example_debian_dists_bookworm_InRelease
      Target-Type: index
      Target-Release: bookworm
      Target-Repo-URI: \(Self.root)/
      """)
    #expect(request.changes && request.isRecorded && request.pins.isEmpty)
    #expect(request.expectsArchive, "a web page is no index")
    #expect(request.attributes == ["release": "bookworm", "archive": "\(Self.root)/"])
    #expect(request.identity == "\(Self.root)/dists/bookworm/InRelease")
  }

  @Test func `an index under its own digest never changes`() throws {
    let request = try acquired(
      """
      URI: \(Self.root)/dists/stable/updates/main/binary-amd64/by-hash/SHA256/\(Self.hex)
      Filename: /var/lib/apt/lists/partial/archive.example_debian_main_binary-amd64_Packages.xz
      Expected-SHA256: \(Self.hex)
      Target-Type: index
      Target-Repo-URI: \(Self.root)/
      """)
    #expect(!request.changes && request.isRecorded && request.sha256?.hex == Self.hex)
  }

  @Test func `a flat archive has its root from apt`() throws {
    let request = try acquired(
      """
      URI: https://user:s3cret@archive.example/flat/./Packages.gz
      Filename: /var/lib/apt/lists/partial/archive.example_flat_._Packages.gz
      Expected-SHA256: \(Self.hex)
      Target-Type: index
      Target-Repo-URI: https://user:s3cret@archive.example/flat/
      """)
    #expect(request.attributes["archive"] == "https://archive.example/flat/")
    #expect(request.identity == "https://archive.example/flat/Packages.gz")
    #expect(request.changes && request.sha256 != nil)
    #expect(request.origin.userInfo?.reveal() == "user:s3cret")
    #expect(
      !request.identity.contains("s3cret")
        && !request.attributes.values.contains { $0.contains("s3cret") })
  }

  @Test func `by a whole URL the version is not known whole, unless the file's name has an epoch`()
    throws
  {
    let folder = "\(Self.root)/pool/main/v/vim"
    let request = try #require(asked("\(folder)/vim-common_9.0-2_all.deb"))
    #expect(request.attributes["version"] == nil && request.package.version == "9.0-2")
    let named = try #require(asked("\(folder)/vim-common_2%253a9.0-2_all.deb"))
    #expect(named.attributes["version"] == "2:9.0-2" && named.package.version == "2:9.0-2")
  }

  @Test(arguments: [
    ("hello_2.10-3.dsc", "hello", "2.10-3"), ("hello_2.10.orig.tar.gz", "hello", "2.10"),
    ("hello_2.10.orig.tar.gz.asc", "hello", "2.10"),
    ("hello_2.10-3.debian.tar.xz", "hello", "2.10-3"), ("a_1.0.orig-part.tar.bz2", "a", "1.0"),
    ("a_1.0-1.diff.gz", "a", "1.0-1"), ("a_1.0.tar.xz", "a", "1.0"),
  ])
  func `a part of a source package never changes and has its name`(
    file: String, name: String, version: String
  ) throws {
    let request = try acquired(
      """
      URI: \(Self.root)/pool/main/h/hello/\(file)
      Filename: \(file)
      Expected-SHA256: \(Self.hex)
      """)
    #expect(!request.changes && request.isRecorded)
    #expect(request.package.name == name && request.package.version == version)
    #expect(request.attributes["architecture"] == nil && request.attributes["component"] == "main")
  }

  @Test(arguments: ["", "_", "_4", "_GG", "uri", "uri_3Dftp_3A_2F_2Fa.example_2Fb", "x_3Dy"])
  func `facts that are not the method's are nobody's`(facts: String) {
    #expect(AptResolver().answer(to: Query(.path("get/\(facts)")), frozen: nil) == nil)
  }

  // MARK: Whole URLs

  @Test(arguments: [
    "dists/bookworm/InRelease", "dists/bookworm/Release", "dists/bookworm/Release.gpg",
    "dists/bookworm/main/binary-amd64/Packages", "dists/bookworm/main/binary-amd64/Packages.xz",
    "dists/bookworm/main/source/Sources.gz", "dists/bookworm/main/i18n/Translation-de.bz2",
    "dists/bookworm/main/Contents-amd64.gz", "dists/bookworm/main/binary-amd64/Packages.diff/Index",
    "dists/rel/snapshots/1/Release",
  ])
  func `an index below dists may change and is recorded`(path: String) throws {
    let request = try #require(asked("\(Self.root)/\(path)"))
    #expect(request.ecosystem == .apt && request.changes && request.isRecorded)
    #expect(request.identity == "\(Self.root)/\(path)")
    #expect(request.attributes["archive"] == "\(Self.root)/")
  }

  @Test(
    arguments: [
      ("SHA256", 64, true), ("SHA512", 128, true), ("SHA1", 40, false), ("MD5Sum", 32, false),
    ] as [(String, Int, Bool)])
  func `an index under its own digest is checked against it`(
    word: String, length: Int, isPin: Bool
  ) throws {
    let hex = String(repeating: "c", count: length)
    let request = try #require(
      asked("\(Self.root)/dists/a/main/binary-amd64/by-hash/\(word)/\(hex)"))
    #expect(!request.changes)
    #expect(request.digests.map(\.hex) == [hex] && request.pins.isEmpty == !isPin)
  }

  @Test(arguments: [
    "pool/main/v/vim/vim_9.0-2+deb12u2_amd64.deb", "pool/main/v/vim/vim_9.0-2%2bdeb12u2_amd64.deb",
    "pool/main/v/vim/vim_9.0-2%2Bdeb12u2_amd64.deb",
  ])
  func `a package has one identity however its URL is encoded`(path: String) throws {
    let request = try #require(asked("\(Self.root)/\(path)"))
    #expect(request.identity == "\(Self.root)/pool/main/v/vim/vim_9.0-2%2Bdeb12u2_amd64.deb")
    #expect(request.fileName == "vim_9.0-2+deb12u2_amd64.deb")
    #expect(request.attributes["component"] == "main" && request.attributes["package"] == "vim")
    #expect(request.origin.identity == request.identity)
  }

  @Test func `what a wrapped wget asks for is the same thing`() throws {
    let wrapped = try #require(
      asked("http://archive.example.https.mirror.invalid/debian/dists/sid/InRelease"))
    #expect(wrapped.identity == "https://archive.example/debian/dists/sid/InRelease")
  }

  @Test(arguments: [
    "\(root)/dists/bookworm/main/installer-amd64/current/images/netboot/mini.iso",
    "\(root)/pool/README", "\(root)/README", "\(root)/dists/", "http://files.example/a.deb",
    "http://files.example/Release", "\(root)/pool/main/h/hello/hello_2.10-3_amd64.deb?x=1",
    "http://files.example/pool/a.zip", "\(root)/dists/a/x.deb", "\(root)/pool/main/Packages",
  ])
  func `what does not look like a file of an archive is left to others`(url: String) {
    #expect(asked(url) == nil)
  }

  @Test func `a component below updates is named without it`() throws {
    let request = try #require(
      asked("http://a.example/debian-security/pool/updates/main/o/o/o_1_all.deb"))
    #expect(request.attributes["component"] == "main")
    #expect(request.package.namespace == "debian")
  }

  @Test func `images without the binary ask by path`() throws {
    let query = Query(.path("https/archive.example/flat/a_1_all.deb"))
    guard case .artifact(let request, _) = AptResolver().answer(to: query, frozen: nil) else {
      throw MirrorError(.misconfigured, "no request")
    }
    #expect(request.identity == "https://archive.example/flat/a_1_all.deb")
    #expect(request.attributes["package"] == "a")
  }
}
