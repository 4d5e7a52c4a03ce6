import GoFixtures
import MirrorCore
import MirrorGo
import MirrorTesting
import Testing

@Suite struct ModuleVerifierTests {
  private static let path = "example.test/hello/@v/v1.0.0.zip"
  private static let root = "example.test/hello@v1.0.0"

  private func files(_ names: [String: String]) -> [ZipWriter.File] {
    names.sorted { $0.key < $1.key }.map { ZipWriter.File("\(Self.root)/\($0.key)", $0.value) }
  }

  private func fault(_ archive: [UInt8]) throws -> String? {
    switch try GoResolver().verdict(of: archive, as: Self.path) {
    case .success: return nil
    case .failure(let error):
      #expect(error.code == .corrupt)
      #expect(error.message.contains(Self.path) && error.message.contains("acme"))
      return error.message
    }
  }

  @Test func `computes the sums that go.sum has`() throws {
    // Computed by another program over the same names and bytes.
    let contents = [
      "go.mod": "module example.test/hello\n\ngo 1.17\n", "hello.go": "package hello\n",
      "B.go": "package hello\n// B\n", "empty": "",
    ]
    for isWide in [false, true] {
      var writer = ZipWriter(
        files(contents).map { file in
          var file = file
          file.isWide = isWide
          return file
        })
      writer.isWide = isWide
      writer.comment = Array("a comment".utf8)
      let zip = try GoResolver().verdict(of: writer.archive, as: Self.path).get()
      #expect(zip == ["sum": "h1:Zae7zC/3ITLhNExFtpHo78mrC50pxblhOfxJ+MJrv7c="])
    }
    let mod = try GoResolver().verdict(
      of: Array("module example.test/hello\n\ngo 1.17\n".utf8),
      as: "example.test/hello/@v/v1.0.0.mod"
    ).get()
    #expect(mod == ["sum": "h1:4T+stJ2hE7h00e1Ss1Z+rj3hC16CcP+cynl7eU5F4lc="])
  }

  @Test func `unpacks what is long in pieces`() throws {
    let text = (0..<200_000).map { "\($0 &* 2_654_435_761)\n" }.joined()
    var stored = ZipWriter.File("\(Self.root)/stored", text)
    stored.isDeflated = false
    let module = GoModule("example.test/hello", "v1.0.0", files: ["deflated": text])
    var writer = ZipWriter(module.contents.map { ZipWriter.File($0.name, $0.bytes) })
    let sum = try GoResolver().verdict(of: writer.archive, as: Self.path).get()
    #expect(module.sums[0].hasSuffix(sum["sum"] ?? "none"))
    writer.files.append(stored)
    #expect(try fault(writer.archive) == nil)
  }

  // MARK: Names

  @Test(arguments: [
    "../evil.go", "a/../b.go", "/abs.go", "a//b.go", "./a.go", "a\\b.go", "a:b", "a/b.", "a\nb",
    "sub/go.mod", "sub/GO.MOD", "GO.MOD",
  ])
  func `refuses a name that leads elsewhere or that go would refuse`(name: String) throws {
    #expect(try fault(ZipWriter(files(["a.go": "package a\n", name: "x"])).archive) != nil)
  }

  @Test(arguments: [
    ["a.go", "a.go"], ["a.go", "A.go"], ["a", "a/b"], ["A/b", "a/c"], ["a/", "a"],
    ["stra\u{DF}e/\u{C9}", "stra\u{DF}e/\u{E9}"],
  ])
  func `refuses two names that are one on some file system`(names: [String]) throws {
    let files = names.map { ZipWriter.File("\(Self.root)/\($0)", $0.hasSuffix("/") ? "" : "x") }
    #expect(try fault(ZipWriter(files).archive)?.contains("twice") == true)
  }

  @Test(arguments: [
    String(repeating: "a/", count: 32_000) + "a", String(repeating: "a", count: 4097),
  ])
  func `refuses a name that no file system takes`(name: String) throws {
    #expect(try fault(ZipWriter(files([name: "x"])).archive)?.contains("bytes") == true)
  }

  @Test func `takes deep folders, and as much memory as their names`() throws {
    let deep = String(repeating: "a/", count: 2000)
    let names = (0..<500).map { ("\(deep)\($0).go", "x") }
    #expect(try fault(ZipWriter(files(Dictionary(names) { $1 })).archive) == nil)
    let clash = files(["\(deep)a.go": "x", "\(deep.dropLast(2))A/b.go": "x"])
    #expect(try fault(ZipWriter(clash).archive)?.contains("twice") == true)
  }

  @Test func `takes folders and names beyond ASCII as go does`() throws {
    let names = ["a/": "", "a/b.go": "x", "\u{E9}t\u{E9}.txt": "x", "LICENSE": "free", ".x/y": ""]
    #expect(try fault(ZipWriter(files(names)).archive) == nil)
  }

  @Test(arguments: [
    "example.test/hello@v1.0.1/a.go", "example.test/other@v1.0.0/a.go", "a.go",
    "example.test/hello@v1.0.0", "example.test/Hello@v1.0.0/a.go",
  ])
  func `refuses the files of another version`(name: String) throws {
    #expect(
      try fault(ZipWriter([ZipWriter.File(name, "x")]).archive)?.contains("not below") == true)
  }

  // MARK: Hostile archives

  /// One thing that is wrong with an archive.
  enum Flaw: String, CaseIterable, Sendable {
    case checksum, longer, shorter, otherName, overlap, outside, encrypted, method, bomb, deflate
    case overlong
  }

  @Test(arguments: Flaw.allCases)
  func `refuses an archive that is not what it says`(flaw: Flaw) throws {
    let text = String(repeating: "package a\n", count: 100)
    var writer = ZipWriter(files(["a.go": text, "b.go": text]))
    switch flaw {
    case .checksum: writer.files[0].checksum = 1
    case .longer: writer.files[0].size = text.utf8.count + 1
    case .shorter: writer.files[0].size = text.utf8.count - 1
    case .otherName: writer.files[0].localName = "\(Self.root)/c.go"
    case .overlap: writer.files[1].offset = 0
    case .outside: writer.files[1].offset = 1 << 30
    case .encrypted: writer.files[0].flags = 1
    case .method: writer.files[0].method = 12
    case .bomb:
      // Ten bytes by its own account, and far more in truth.
      writer.files[0].bytes = Array(repeating: 0, count: 50 << 20)
      writer.files[0].size = 10
    case .deflate:
      writer.files[0].isDeflated = false
      writer.files[0].method = 8
    case .overlong:
      writer.files[0].isWide = true
      writer.files[0].size = 501 << 20
    }
    #expect(try fault(writer.archive) != nil)
  }

  @Test func `refuses a go.mod of more than 16 MiB, in the zip and alone`() throws {
    let text = String(repeating: "// long\n", count: 2 << 20) + "module example.test/hello\n"
    #expect(try fault(ZipWriter(files(["go.mod": text])).archive)?.contains("16 MiB") == true)
    let alone = try GoResolver().verdict(
      of: Array(text.utf8), as: "example.test/hello/@v/v1.0.0.mod")
    #expect(throws: MirrorError.self) { try alone.get() }
  }

  @Test func `refuses every beginning of an archive, and every archive with a byte flipped`() throws
  {
    let archive = ZipWriter(files(["a.go": "package a\n", "go.mod": "module a\n"])).archive
    let sound = try GoResolver().verdict(of: archive, as: Self.path).get()
    for count in 0..<archive.count {
      #expect(try fault(Array(archive[..<count])) != nil, "\(count) bytes pass")
    }
    for place in archive.indices {
      var damaged = archive
      damaged[place] ^= 0xFF
      // A byte that nobody reads may be anything, but the sum then stays what it was.
      if case .success(let facts) = try GoResolver().verdict(of: damaged, as: Self.path) {
        #expect(facts == sound, "byte \(place)")
      }
    }
  }

  @Test func `refuses what is no archive at all`() throws {
    for bytes in [[], Array("<html>".utf8), Array(repeating: UInt8(0x50), count: 100_000)] {
      #expect(try fault(bytes)?.contains("no zip archive") == true)
    }
  }

  // MARK: Sums

  @Test func `expects what a checksum database has said`() throws {
    let resolver = GoResolver()
    let module = GoModule("example.test/hello", "v1.0.0", files: ["a.go": "package a\n"])
    let database = ChecksumDatabase("sum.example.test", [module])
    let lookup = try #require(try database.files()["lookup/example.test/hello@v1.0.0"])
    let zip = try #require(resolver.request(Self.path))
    #expect(resolver.verifier?.expectations(of: zip) == [:])
    _ = try resolver.verdict(
      of: lookup, as: "sumdb/sum.example.test/lookup/example.test/hello@v1.0.0"
    ).get()
    let sum = String(module.sums[0].split(separator: " ")[2])
    #expect(resolver.verifier?.expectations(of: zip) == ["sum": sum])
    let mod = try #require(resolver.request("example.test/hello/@v/v1.0.0.mod"))
    let modSum = String(module.sums[1].split(separator: " ")[2])
    #expect(resolver.verifier?.expectations(of: mod) == ["sum": modSum])
  }

  @Test func `expects what the go.sum files around the build say, as long as they agree`() throws {
    let folder = try TemporaryFolder()
    try folder.write("go.sum", "example.test/hello v1.0.0 h1:one=\nexample.test/b v1.0.0 h1:b=\n")
    try folder.write("project/go.sum", "example.test/hello v1.0.0 h1:one=\n")
    try folder.write("elsewhere/go.sum", "example.test/b v1.0.0 h1:other=\n")
    let resolver = GoResolver()
    _ = resolver.redirection(
      to: GatewayAddress(host: "127.0.0.1", port: 1, token: nil),
      in: Surroundings(environment: [
        "PWD": "\(folder.path)/project/deep", "MIRROR_GOSUM": "\(folder.path)/elsewhere/go.sum",
      ]), scratch: "/s")
    let zip = try #require(resolver.request(Self.path))
    #expect(resolver.verifier?.expectations(of: zip) == ["sum": "h1:one="])
    let other = try #require(resolver.request("example.test/b/@v/v1.0.0.zip"))
    #expect(resolver.verifier?.expectations(of: other) == [:])
  }

  @Test(arguments: [(96, true), (95, false), (97, false)])
  func `holds a tile to its length`(count: Int, isSound: Bool) throws {
    let verdict = try GoResolver().verdict(
      of: Array(repeating: 0, count: count), as: "sumdb/sum.example.test/tile/8/0/000.p/3")
    if isSound {
      #expect(try verdict.get() == [:])
    } else {
      #expect(throws: MirrorError.self) { try verdict.get() }
    }
  }
}
