import Foundation
import MirrorCore
import MirrorTesting
import Testing

/// `mirror push`: a mirror filled from the store, in the layout that it is read with.
@Suite(.serialized, .enabled(if: Tool.areInstalled("wget"), "wget is missing: Tests/run"))
struct PushTests {
  private static let files = ["/a.txt": Array("one\n".utf8), "/dir/b%2B.txt": Array("two\n".utf8)]

  /// Records both files from a server into a store, and writes a configuration with one mirror.
  private func record(
    from server: FaultServer, mirror: String, in folder: String
  ) async throws {
    for (path, bytes) in Self.files { server.script(path, .file(bytes)) }
    let urls = Self.files.keys.sorted().map { "\(server.url)\($0)" }
    let outcome = try await Tool.mirrorRun([], ["wget", "-q"] + urls, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    try """
    [mirror acme]
    \(mirror)
    [chain web]
    sources = store, acme
    """.write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
  }

  private func mirror(_ words: String..., in folder: String) async throws -> Tool.Outcome {
    var environment = Tool.environment(home: folder)
    environment["ACME_TOKEN"] = "sesame"
    return try await Tool.run([Tool.mirror] + words, in: folder, environment: environment)
  }

  /// Whether a machine with an empty store gets everything from the mirror alone.
  private func expectComplete(in folder: String) async throws {
    let outcome = try await mirror("pull", "--store", "fresh", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("2 from acme"), "\(outcome.errors)")
  }

  @Test(
    .enabled(if: PeerServer.areInstalled(["nginx"]), "nginx is missing: Tests/run"),
    arguments: ["tree", "name-md5", "sha256", "{host}/{sha256}/{file}"])
  func `fills nginx in every layout, once`(layout: String) async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let nginx = try await Nginx.start(
          in: folder,
          """
          root \(folder)/dav; client_max_body_size 0;
          location / { dav_methods PUT; create_full_put_path on; }
          """)
        try await record(
          from: server, mirror: "url = \(nginx.url)/web\nlayout = \(layout)", in: folder)
        let first = try await mirror("push", "acme", in: folder)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("acme: 2 uploaded, 8 B; 0 were there"))
        let second = try await mirror("push", "acme", in: folder)
        #expect(second.status == 0 && second.errors.contains("0 uploaded, 0 B; 2 were there"))
        // A lock holds no MD5: such a mirror is read by whoever knows it, as SONiC's lists do.
        if layout != "name-md5" { try await expectComplete(in: folder) }
        withExtendedLifetime(nginx) {}
      }
    }
  }

  @Test(
    .enabled(if: PeerServer.areInstalled([Moto.program]), "moto is missing: Tests/run"))
  func `fills a bucket by signed requests, once, and is read from it`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let moto = try await Moto.start(isPrivate: true, in: folder)
        try await record(from: server, mirror: "url = file:///nowhere", in: folder)
        try SystemPage("S3.md").configuration(
          of: "bucket", places: ["https://s3.acme.example": moto.process.url], hasLogin: true
        ).write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
        let commands = try SystemPage("S3.md").commands
        var environment = Tool.environment(home: folder)
        environment["PATH"] = "\(Tool.products):\(environment["PATH"] ?? "/usr/bin:/bin")"
        for (keys, isRight, words) in [
          ("\(moto.keys)x", false, "answered 403"), (moto.keys, true, "2 uploaded"),
          (moto.keys, true, "0 uploaded, 0 B; 2 were there"),
        ] {
          environment["ACME_LOGIN"] = keys
          let outcome = try await Tool.run(
            ["bash", "-ec", commands], in: folder, environment: environment)
          #expect((outcome.status == 0) == isRight, "\(outcome.errors)")
          #expect(outcome.errors.contains(words), "\(outcome.errors)")
          #expect(!outcome.errors.contains(keys.split(separator: ":")[1]))
        }
        let pulled = try await Tool.run(
          [Tool.mirror, "pull", "--store", "fresh"], in: folder, environment: environment)
        #expect(pulled.status == 0 && pulled.errors.contains("2 from bucket"), "\(pulled.errors)")
        moto.process.stop()
      }
    }
  }

  @Test func `fills a folder`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        try await record(from: server, mirror: "url = file://\(folder)/disk", in: folder)
        for count in [2, 0] {
          let outcome = try await mirror("push", "acme", in: folder)
          #expect(outcome.status == 0 && outcome.errors.contains("\(count) uploaded"))
        }
        try await expectComplete(in: folder)
        let path = "\(folder)/disk/127.0.0.1:\(server.port)/a.txt"
        try "six\n".write(toFile: path, atomically: true, encoding: .utf8)
        let taken = try await mirror("push", "acme", in: folder)
        #expect(taken.status == 23, "\(taken.errors)")
        #expect(taken.errors.contains("/a.txt is something else already"), "\(taken.errors)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "six\n")
      }
    }
  }

  @Test func `fills a folder with more files than may be open at once`() async throws {
    try await TemporaryFolder.with { folder in
      try await StoredFiles.lay(100, in: folder)
      try "[mirror acme]\nurl = file://\(folder)/disk\n[chain web]\nsources = store, acme\n"
        .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
      for words in ["export --layout web tree", "push acme"] {
        let outcome = try await Tool.run(
          ["sh", "-c", "ulimit -n 60; exec '\(Tool.mirror)' \(words)"], in: folder)
        #expect(outcome.status == 0, "\(words): \(outcome.errors)")
      }
      for tree in ["tree", "disk"] {
        let names = Disk.list("\(folder)/\(tree)/files.example")
        #expect(names.count == 100, "\(tree)")
      }
    }
  }

  @Test(.enabled(if: PeerServer.areInstalled(["nginx"]), "nginx is missing: Tests/run"))
  func `keeps what differs in its query alone apart, in a folder, behind nginx, and when exported`()
    async throws
  {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let urls = ["a=%2B", "a=b"].map { "/get?\($0)" }
        for url in urls { server.script(url, .file(Array("\(url)\n".utf8))) }
        let fetch = ["wget", "-q"] + urls.map { "\(server.url)\($0)" }
        let recorded = try await Tool.mirrorRun([], fetch, in: folder)
        #expect(recorded.status == 0, "\(recorded.errors)")
        let exported = try await mirror("export", "--layout", "web", "exported", in: folder)
        #expect(exported.status == 0, "\(exported.errors)")
        let nginx = try await Nginx.start(
          in: folder, "root \(folder); location /dav { dav_methods PUT; create_full_put_path on; }")
        for (url, isFilled) in [
          ("file://\(folder)/disk", true), ("\(nginx.url)/dav", true),
          ("file://\(folder)/exported", false), ("\(nginx.url)/exported", false),
        ] {
          try "[mirror acme]\nurl = \(url)\nlayout = tree\n[chain web]\nsources = store, acme\n"
            .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
          if isFilled {
            let pushed = try await mirror("push", "acme", in: folder)
            #expect(pushed.errors.contains("2 uploaded"), "\(url): \(pushed.errors)")
          }
          let pulled = try await mirror("pull", "--store", UUID().uuidString, in: folder)
          #expect(pulled.status == 0, "\(url): \(pulled.errors)")
          #expect(pulled.errors.contains("2 from acme"), "\(url): \(pulled.errors)")
        }
        withExtendedLifetime(nginx) {}
      }
    }
  }

  @Test(arguments: [true, false])
  func `shows its credential, and checks what was uploaded`(namesChecksums: Bool) async throws {
    let deposit = UploadServer(namesChecksums: namesChecksums)
    try await FaultServer.run { server in
      try await FaultServer.run { store in
        store.setDefault(deposit.answer)
        try await TemporaryFolder.with { folder in
          try await record(
            from: server, mirror: "url = \(store.url)/generic\ncredential = env:ACME_TOKEN",
            in: folder)
          let outcome = try await mirror("push", "acme", in: folder)
          #expect(outcome.status == 0, "\(outcome.errors)")
          #expect(!outcome.errors.contains("sesame"))
          #expect(Set(deposit.holdings.values) == Set(Self.files.values))
          // What the server itself vouches for is not fetched to see.
          let fetched = store.requests.filter { $0.method == "GET" }.count
          #expect(fetched == (namesChecksums ? 0 : 2))
          let puts = store.requests.filter { $0.method == "PUT" }
          #expect(puts.count == 2)
          #expect(puts.allSatisfy { $0.headers["X-Checksum-Sha256"] != nil })

          let denied = try await Tool.run([Tool.mirror, "push", "acme"], in: folder)
          #expect(denied.status == 25, "the credential is not set: \(denied.errors)")
        }
      }
    }
  }

  @Test(arguments: [true, false])
  func `what is there and something else stays, and is named`(namesChecksums: Bool) async throws {
    let deposit = UploadServer(namesChecksums: namesChecksums)
    try await FaultServer.run { server in
      try await FaultServer.run { store in
        store.setDefault(deposit.answer)
        try await TemporaryFolder.with { folder in
          try await record(
            from: server, mirror: "url = \(store.url)\ncredential = env:ACME_TOKEN", in: folder)
          let path = "/127.0.0.1:\(server.port)/a.txt"
          deposit.hold(Array("six\n".utf8), at: path)
          let outcome = try await mirror("push", "acme", in: folder)
          #expect(outcome.status == 23, "\(outcome.errors)")
          #expect(outcome.errors.contains("1 uploaded") && outcome.errors.contains("/a.txt"))
          #expect(outcome.errors.contains("is something else already"))
          #expect(deposit.holdings[path] == Array("six\n".utf8))
        }
      }
    }
  }

  @Test(arguments: [
    (FaultAnswer.status(405), 25, "takes no uploads there"),
    (.status(413), 25, "takes no file of that length"),
    (.status(403), 22, "check netrc"), (.status(409), 23, "not what its checksum says"),
    (.html("<h1>409 Conflict</h1>", code: 409), 25, "its folder is not there"),
    (.status(201), 23, "took the upload, but gives nothing"),
    (.redirect(to: "/elsewhere", code: 307), 25, "redirects an upload"),
  ])
  func `says why a mirror is not filled`(
    answer: FaultAnswer, status: Int32, message: String
  ) async throws {
    try await FaultServer.run { server in
      try await FaultServer.run { store in
        store.setDefault(.choosing { $0.method == "PUT" ? answer : .status(404) })
        try await TemporaryFolder.with { folder in
          try await record(from: server, mirror: "url = \(store.url)", in: folder)
          let outcome = try await mirror("push", "acme", in: folder)
          #expect(outcome.status == status, "\(outcome.errors)")
          #expect(outcome.errors.contains("2 could not be uploaded\n"))
          #expect(outcome.errors.contains(message), "\(outcome.errors)")
        }
      }
    }
  }

  @Test func `pull --into brings in what is missing, and then fills the mirror`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        try await record(from: server, mirror: "url = file://\(folder)/disk", in: folder)
        try FileManager.default.removeItem(atPath: "\(folder)/.mirror")
        let refused = try await mirror("pull", "--into", "acme", in: folder)
        #expect(refused.status == 20, "the chain has nobody who has it: \(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/disk"))
        try """
        [mirror acme]
        url = file://\(folder)/disk
        [chain web]
        sources = store, acme, origin
        """.write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
        let outcome = try await mirror("pull", "--into", "acme", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("2 from origin"))
        #expect(outcome.errors.contains("acme: 2 uploaded"))
        try await expectComplete(in: folder)
      }
    }
  }

  @Test(arguments: [
    (["push", "acne"], "did you mean 'acme'?"), (["push", "other"], "nothing in the lock"),
    (["push", "acme", "--store", "empty"], "2 of the lock's things are not in the store"),
  ])
  func `says what it lacks`(words: [String], message: String) async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        try await record(
          from: server,
          mirror: "url = file://\(folder)/disk\n[mirror other]\nurl = file:///nowhere", in: folder)
        let outcome = try await Tool.run([Tool.mirror] + words, in: folder)
        #expect(outcome.status == (words.count > 2 ? 26 : 25))
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
      }
    }
  }
}
