import MirrorCore
import Testing

@Suite struct URLTreeTests {
  private func request(_ url: String) throws -> Request {
    let origin = try #require(Locator(url))
    return Request(
      ecosystem: Ecosystem(rawValue: "web"), identity: origin.identity,
      package: PackageURL(type: "generic", name: "file"), origin: origin)
  }

  // The files are what wget -x 1.21.3 writes; ExportWebTests asks it.
  @Test(arguments: [
    ("dl/?mode=json", "dl/index.html%3Fmode%3Djson", "dl/index.html?mode=json"),
    ("dl?mode=json", "dl%3Fmode%3Djson", "dl?mode=json"),
    ("/lead", "lead", "lead"), ("a///b//c", "a/b/c", "a/b/c"),
    ("tr//", "tr/index.html", "tr/index.html"), ("", "index.html", "index.html"),
    ("x?", "x%3F", "x?"), ("y?p=/q/r", "y%3Fp%3D%252Fq%252Fr", "y?p=%2Fq%2Fr"),
    ("z?p=%2Fq%20r%2B+", "z%3Fp%3D%252Fq%20r%2B%2B", "z?p=%2Fq r++"),
    ("b%2b%20c", "b%2B%20c", "b+ c"), ("g%2Fh", "g%252Fh", "g%2Fh"),
    ("e%3Ff", "e%3Ff", "e?f"), ("v%C3%A9", "v%C3%A9", "v\u{E9}"), ("o%25p", "o%25p", "o%p"),
    ("c%01d%7F", "c%2501d%257F", "c%01d%7F"), ("%2E%2E/x", "%252E%252E/x", "%2E%2E/x"),
    ("a;b=c,d", "a%3Bb%3Dc%2Cd", "a;b=c,d"),
  ])
  func `lays a file out as wget does, and asks for it by that name`(
    path: String, asked: String, file: String
  ) throws {
    let request = try request("https://h.example/\(path)")
    #expect(request.treePath == "h.example/\(asked)")
    #expect(request.treeFile == "h.example/\(file)")
    #expect(StaticFile(path: request.treeFile, bytes: .made([])).isSafe)
  }

  @Test(arguments: [
    ("http://h.example/a", "https://h.example/a", "h.example/a: would be two things"),
    ("http://h.example/a//b", "http://h.example/a/b", "h.example/a/b: would be two things"),
    ("http://h.example/a/", "http://h.example/a", "h.example/a: would be a file and a folder"),
    ("http://h.example/a", "http://h.example/a/b/c", "h.example/a: would be a file and a folder"),
  ])
  func `names both where two things want one place`(
    one: String, other: String, message: String
  ) throws {
    let (first, second) = (try request(one), try request(other))
    for pair in [[first, second], [second, first]] {
      let error = #expect(throws: MirrorError.self) {
        try URLTree(zip(pair, ["x", "y"]).map { (request: $0, digest: .of($1)) })
      }
      #expect(error?.code == .misconfigured)
      let text = try #require(error?.message)
      #expect(text.hasPrefix("\(message), "))
      #expect(text.contains("\(one) and ") || text.contains(" and \(one);"), "\(text)")
      #expect(text.contains(other))
    }
  }

  @Test func `keeps the same thing once`() throws {
    let things = try ["http", "https"].map { scheme in
      (request: try request("\(scheme)://h.example/a"), digest: Digest.of("x"))
    }
    let file = StaticFile(path: "h.example/a", bytes: .stored(.of("x")))
    #expect(try URLTree(things).files == [file])
  }
}
