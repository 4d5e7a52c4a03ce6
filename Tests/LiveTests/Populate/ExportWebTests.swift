import Foundation
import MirrorTesting
import Testing

/// `layout = tree`, `mirror export --layout web` and `mirror push`: one tree, which is that of `wget -x`.
@Suite(
  .serialized, .enabled(if: PeerServer.areInstalled(["nginx"]), "nginx is missing: Tests/run"),
  .enabled(if: Tool.areInstalled("wget", "diff"), "wget or diff is missing: Tests/run"))
struct ExportWebTests {
  private func mirror(_ words: String..., in folder: String) async throws -> Tool.Outcome {
    try await Tool.run([Tool.mirror] + words, in: folder)
  }

  /// Records these paths of a server, each with other bytes unless told otherwise.
  private func record(
    _ paths: [String], from server: FaultServer, in folder: String, areAlike: Bool = false
  ) async throws {
    for path in paths { server.script(path, .file(Array("\(areAlike ? "" : path)\n".utf8))) }
    let recorded = try await Tool.mirrorRun(
      [], ["wget", "-q", "-O", "first"] + paths.map { "\(server.url)\($0)" }, in: folder)
    #expect(recorded.status == 0, "\(recorded.errors)")
  }

  private func configure(_ url: String, in folder: String) throws {
    try "[mirror acme]\nurl = \(url)\nlayout = tree\n[chain web]\nsources = store, acme\n"
      .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
  }

  @Test func `lies as wget -x lays it, exported and pushed, and is read back from each`()
    async throws
  {
    let paths = [
      "/dl/?mode=json", "/pool//tool.tgz", "//lead.txt", "/folder/", "/x?", "/y?p=/q",
      "/z?p=%2Fq%20r%2B+",
      "/b%2B%20c.txt", "/api/a%2Fb/raw", "/e%3Ff", "/v%C3%A9.txt", "/a;b=c,d",
    ]
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        try await record(paths, from: server, in: folder)
        let laid = try await Tool.run(
          ["wget", "-q", "-x", "-P", "wget"] + paths.map { "\(server.url)\($0)" }, in: folder)
        #expect(laid.status == 0, "\(laid.errors)")
        let nginx = try await Nginx.start(
          in: folder, "root \(folder); location /dav { dav_methods PUT; create_full_put_path on; }")
        let exported = try await mirror("export", "--layout", "web", "exported", in: folder)
        #expect(exported.status == 0, "\(exported.errors)")
        for url in ["file://\(folder)/disk", "\(nginx.url)/dav"] {
          try configure(url, in: folder)
          let pushed = try await mirror("push", "acme", in: folder)
          #expect(pushed.status == 0, "\(url): \(pushed.errors)")
        }
        for tree in ["exported", "disk", "dav"] {
          let difference = try await Tool.run(["diff", "-r", "wget", tree], in: folder)
          #expect(difference.status == 0, "\(tree): \(difference.text)\(difference.errors)")
        }
        for url in ["file://\(folder)/wget", "\(nginx.url)/wget", "\(nginx.url)/exported"] {
          try configure(url, in: folder)
          let pulled = try await mirror("pull", "--store", UUID().uuidString, in: folder)
          #expect(pulled.status == 0, "\(url): \(pulled.errors)")
          #expect(pulled.errors.contains("\(paths.count) from acme"), "\(url): \(pulled.errors)")
        }
        withExtendedLifetime(nginx) {}
      }
    }
  }

  @Test func `writes nothing where two things want one place, and names both`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        try await record(["/a//b", "/a/b"], from: server, in: folder)
        try configure("file://\(folder)/disk", in: folder)
        for words in [["export", "--layout", "web", "tree"], ["push", "acme"]] {
          let outcome = try await Tool.run([Tool.mirror] + words, in: folder)
          #expect(outcome.status == 25, "\(words): \(outcome.errors)")
          #expect(outcome.errors.contains("\(server.url)/a//b"), "\(outcome.errors)")
          #expect(outcome.errors.contains("\(server.url)/a/b"), "\(outcome.errors)")
        }
        for tree in ["tree", "disk"] {
          #expect(!FileManager.default.fileExists(atPath: "\(folder)/\(tree)"))
        }
      }
    }
  }

  @Test func `lays the same bytes once`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        try await record(["/a//b", "/a/b"], from: server, in: folder, areAlike: true)
        let outcome = try await mirror("export", "--layout", "web", "tree", in: folder)
        #expect(
          outcome.status == 0 && outcome.errors.contains("1 files in tree"), "\(outcome.errors)")
      }
    }
  }
}
