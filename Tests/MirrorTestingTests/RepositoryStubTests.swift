import MirrorTesting
import Testing

/// What clients of repository managers rely on, at the stubs.
@Suite(.timeLimit(.minutes(1))) struct RepositoryStubTests {
  private static let sha256OfHello =
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

  @Test(arguments: [
    ("Authorization: Basic cmVhZGVyOnRva2Vu", 200), ("Authorization: Bearer token", 200),
    ("X-JFrog-Art-Api: token", 200), ("Authorization: Bearer other", 401), ("X-None: 1", 401),
  ]) func `Artifactory takes a login in three forms`(header: String, status: Int) async throws {
    try await FaultServer.run { server in
      ArtifactoryStub(on: server, login: "reader:token").hold("web/a", Array("hello".utf8))
      let answer = try await RawClient.exchange(server, "GET /artifactory/web/a", [header])
      #expect(answer.status == status)
      #expect(
        (status == 401)
          == answer.headers.contains("WWW-Authenticate: Basic realm=\"Artifactory Realm\""))
    }
  }

  @Test func `Artifactory tells checksums, of a file and of its facts`() async throws {
    try await FaultServer.run { server in
      ArtifactoryStub(on: server).hold("web/a", Array("hello".utf8))
      let file = try await RawClient.exchange(server, "GET /artifactory/web/a")
      #expect(file.body == "hello")
      #expect(file.headers.contains("X-Checksum-Sha256: \(Self.sha256OfHello)"))
      let facts = try await RawClient.exchange(server, "GET /artifactory/api/storage/web/a")
      #expect(facts.body.contains("\"sha256\": \"\(Self.sha256OfHello)\""))
      let none = try await RawClient.exchange(server, "GET /artifactory/api/storage/web/b")
      #expect(none.status == 404 && none.body.contains("\"status\": 404"))
    }
  }

  @Test func `Artifactory refuses an upload whose checksum disagrees, and keeps what agrees`()
    async throws
  {
    try await FaultServer.run { server in
      let stub = ArtifactoryStub(on: server)
      func put(_ sum: String) async throws -> Int? {
        var client = try await RawClient(port: server.port)
        try await client.send(
          """
          PUT /artifactory/web/a;distribution=stable HTTP/1.1\r\nHost: t\r\nConnection: close\r
          X-Checksum-Sha256: \(sum)\r\nContent-Length: 5\r\n\r\nhello
          """)
        return Transcript(try await client.readToEnd()).status
      }
      let answer1 = try await put(String(Self.sha256OfHello.reversed()))
      #expect(answer1 == 409)
      let answer2 = try await RawClient.exchange(server, "GET /artifactory/web/a")
      #expect(answer2.status == 404)
      let answer3 = try await put(Self.sha256OfHello)
      #expect(answer3 == 201)
      let answer4 = try await RawClient.exchange(server, "GET /artifactory/web/a")
      #expect(answer4.body == "hello")
      stub.forbid("web")
      let answer5 = try await RawClient.exchange(server, "GET /artifactory/web/a")
      #expect(answer5.status == 403)
    }
  }

  @Test func `Artifactory tells where large files lie, and which it does not have`() async throws {
    try await FaultServer.run { server in
      ArtifactoryStub(on: server).holdLargeFile("lfs", Array("hello".utf8))
      func ask(_ operation: String, for name: String) async throws -> Transcript {
        let question =
          #"{"operation": "\#(operation)", "objects": [{"oid": "\#(name)", "size": 5}]}"#
        var client = try await RawClient(port: server.port)
        try await client.send(
          """
          POST /artifactory/api/lfs/lfs/objects/batch HTTP/1.1\r\nHost: t\r\nConnection: close\r
          Content-Length: \(question.utf8.count)\r\n\r\n\(question)
          """)
        return Transcript(try await client.readToEnd())
      }
      let place = "/artifactory/lfs/objects/2c/f2/\(Self.sha256OfHello)"
      let known = try await ask("download", for: Self.sha256OfHello)
      #expect(known.body.replacing("\\", with: "").contains("\(server.url)\(place)"))
      #expect(try await RawClient.exchange(server, "GET \(place)").body == "hello")
      let unknown = try await ask("download", for: String(Self.sha256OfHello.reversed()))
      #expect(unknown.status == 200 && unknown.body.contains("Object does not exist"))
      #expect(try await ask("upload", for: Self.sha256OfHello).status == 422)
    }
  }

  @Test func `Artifactory that counts its upstream as away gives what is cached, else 404`()
    async throws
  {
    try await FaultServer.run { server in
      let stub = ArtifactoryStub(on: server)
      stub.hold("web/cached", Array("hello".utf8))
      stub.hold("web/other", Array("hello".utf8), isCached: false)
      let answer6 = try await RawClient.exchange(server, "GET /artifactory/web/other")
      #expect(answer6.status == 200)
      stub.isAssumedOffline = true
      let answer7 = try await RawClient.exchange(server, "GET /artifactory/web/cached")
      #expect(answer7.status == 200)
      let answer8 = try await RawClient.exchange(server, "GET /artifactory/web/other")
      #expect(answer8.status == 404)
    }
  }

  @Test func `Nexus takes Basic alone, and has everything below repository`() async throws {
    try await FaultServer.run { server in
      let stub = NexusStub(on: server, login: "reader:word")
      stub.hold("web", "a/b", Array("hello".utf8))
      let login = "Authorization: Basic cmVhZGVyOndvcmQ="
      func get(_ path: String, _ header: String) async throws -> Int? {
        try await RawClient.exchange(server, "GET \(path)", [header]).status
      }
      let answer9 = try await get("/repository/web/a/b", login)
      #expect(answer9 == 200)
      let answer10 = try await get("/repository/web/a/c", login)
      #expect(answer10 == 404)
      let answer11 = try await get("/web/a/b", login)
      #expect(answer11 == 404)
      let answer12 = try await get("/repository/web/a/b", "Authorization: Bearer word")
      #expect(answer12 == 401)
      stub.forbid("web")
      let answer13 = try await get("/repository/web/a/b", login)
      #expect(answer13 == 403)
    }
  }
}
