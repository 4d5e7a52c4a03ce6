import Foundation
import GoFixtures
import MirrorTesting
import Testing

/// `mirror export`: the real tools read the tree, from a folder and from nginx, without mirror.
@Suite(
  .serialized, .enabled(if: PeerServer.areInstalled(["nginx"]), "nginx is missing: Tests/run"),
  .enabled(if: Tool.areInstalled("unshare", "ip"), "unshare or ip is missing: Tests/run"),
  .enabled(if: Tool.canIsolate, "a network namespace needs root")
)
struct ExportTests {
  private func export(_ layout: String, in folder: String) async throws {
    let outcome = try await Tool.run(
      [Tool.mirror, "export", "--layout", layout, "tree"], in: folder)
    #expect(outcome.status == 0 && outcome.errors.contains(" files in tree"), "\(outcome.errors)")
  }

  /// Runs a command once with the tree in a folder, where there is no network, and once behind nginx.
  private func read(
    in folder: String, environment: [String: String]? = nil,
    _ command: (_ root: String) -> [String],
    check: (Tool.Outcome) throws -> Void
  ) async throws {
    try check(
      try await Tool.run(
        ["unshare", "-n"] + command("file://\(folder)/tree"), in: folder, environment: environment))
    let nginx = try await Nginx.serve("\(folder)/tree", in: folder)
    try check(try await Tool.run(command(nginx.url), in: folder, environment: environment))
    withExtendedLifetime(nginx) {}
  }

  // MARK: pip

  /// Lays two wheels, the first of which needs the second.
  private static let wheels = """
    import zipfile
    for name, needs in [("demo_one", "Requires-Dist: demo-two\\n"), ("demo_two", "")]:
      info = f"{name}-1.0.dist-info"
      with zipfile.ZipFile(f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "answer = 42\\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n{needs}")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    """

  @Test(.enabled(if: Tool.areInstalled("pip", "python3"), "pip is missing: Tests/run"))
  func `pip installs from an exported index, and checks its hashes`() async throws {
    try await TemporaryFolder.with { folder in
      _ = try await Tool.run(["python3", "-c", Self.wheels], in: folder)
      var environment = Tool.environment(home: folder)
      for name in environment.keys where name.hasPrefix("PIP_") { environment[name] = nil }
      environment["PIP_CONFIG_FILE"] = "/dev/null"
      environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
      environment["PIP_NO_CACHE_DIR"] = "1"
      try await FaultServer.run { server in
        for name in ["demo_one", "demo_two"] {
          let file = "\(name)-1.0-py3-none-any.whl"
          let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(file)")))
          server.script(
            "/simple/\(name.replacing("_", with: "-"))/",
            .html("<a href=\"/files/\(file)\" data-requires-python=\"&gt;=3\">\(file)</a>"))
          server.script("/files/\(file)", .file(bytes))
        }
        let recorded = try await Tool.mirrorRun(
          [], ["pip", "download", "-q", "-d", "first", "demo-one"], in: folder,
          environment: environment.merging(["PIP_INDEX_URL": "\(server.url)/simple/"]) { $1 })
        #expect(recorded.status == 0, "\(recorded.errors)")
      }
      try await export("pip", in: folder)
      let first = try FolderContents("\(folder)/first")
      #expect(first.names.count == 2)
      try await read(in: folder, environment: environment) { root in
        let download = "pip download -q -d got --index-url \(root)/simple/ demo-one"
        return ["sh", "-c", "rm -rf got; \(download)"]
      } check: { outcome in
        #expect(outcome.status == 0, "\(outcome.errors)")
        let got = try FolderContents("\(folder)/got")
        #expect(got == first)
      }
      // The link's own hash is what pip goes by.
      let wheel = "\(folder)/tree/packages/demo-two/demo_two-1.0-py3-none-any.whl"
      try FileManager.default.removeItem(atPath: wheel)
      try FileManager.default.copyItem(
        atPath: "\(folder)/demo_one-1.0-py3-none-any.whl", toPath: wheel)
      let spoilt = try await Tool.run(
        [
          "pip", "download", "-d", "no", "--index-url", "file://\(folder)/tree/simple/", "demo-two",
        ],
        in: folder, environment: environment)
      #expect(spoilt.status != 0 && spoilt.errors.contains("HASH"), "\(spoilt.errors)")
    }
  }

  // MARK: go

  @Test(.enabled(if: Tool.areInstalled("go"), "go is missing: Tests/run"))
  func `go builds from an exported proxy, its checksum database included`() async throws {
    try await TemporaryFolder.with { folder in
      var environment: [String: String] = [:]
      var sums = ""
      try await FaultServer.run { server in
        let world = try GoWorld(server, folder)
        environment = world.environment
        environment["GOSUMDB"] = world.database.verifierKey
        let words = ["sh", "-ec", "go mod tidy && go mod download && go build -o app ."]
        let first = try await Tool.mirrorRun([], words, in: folder, environment: world.environment)
        #expect(first.status == 0, "\(first.errors)")
        sums = try world.text(of: "go.sum")
      }
      try await export("go", in: folder)
      environment["GOFLAGS"] = "-trimpath -modcacherw"
      try await read(in: folder, environment: environment) { root in
        let build = "go mod tidy && go mod download && go build -o app . && ./app"
        return [
          "sh", "-ec",
          """
          rm -rf cache go.sum go
          GOPROXY=\(root) GOMODCACHE=$PWD/cache GOPATH=$PWD/go; export GOPROXY GOMODCACHE GOPATH
          \(build)
          """,
        ]
      } check: { outcome in
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("470\n"))
        let again = try String(contentsOfFile: "\(folder)/go.sum", encoding: .utf8)
        #expect(again == sums)
      }
    }
  }

  // MARK: apt

  @Test(
    .enabled(
      if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg", "sha256sum"), "gpg is missing: Tests/run")
  )
  func `apt reads an exported archive, and its signature holds`() async throws {
    try await TemporaryFolder.with { folder in
      let archive = try await SmallArchive(in: folder)
      func commands(_ root: AptRoot) -> [String] {
        let words = [
          root.aptGet("update"),
          root.aptGet(["install", "-y", "--download-only"] + SmallArchive.packages),
        ]
        let script = words.map { $0.map { "'\($0)'" }.joined(separator: " ") }
        return ["sh", "-c", script.joined(separator: " && ")]
      }
      var place = ""
      var recorded: [String: Data] = [:]
      try await FaultServer.run { server in
        archive.serve(on: server)
        place = "127.0.0.1:\(server.port)/debian"
        let root = try AptRoot(at: "\(folder)/first", sources: [archive.source(on: server)])
        let outcome = try await Tool.mirrorRun([], commands(root), in: folder)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        recorded = try root.packages()
      }
      try await export("apt", in: folder)
      let release = try Data(
        contentsOf: URL(filePath: "\(folder)/tree/\(place)/dists/stable/InRelease"))
      #expect([UInt8](release) == archive.files["dists/stable/InRelease"])
      var roots: [AptRoot] = []
      try await read(in: folder) { root in
        let source = "deb [signed-by=\(archive.keyring)] \(root)/\(place) stable main"
        let apt = try? AptRoot(at: "\(folder)/root\(roots.count)", sources: [source])
        if let apt { roots.append(apt) }
        return apt.map { commands($0) } ?? ["false"]
      } check: { outcome in
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(!outcome.errors.contains("not signed"))
      }
      // From a folder apt takes the packages where they are.
      #expect(roots.count == 2)
      let packages = try #require(roots.last).packages()
      #expect(packages == recorded && recorded.count == 2)
    }
  }

  // MARK: web

  @Test(.enabled(if: Tool.areInstalled("wget"), "wget is missing: Tests/run"))
  func `nginx serves an exported tree to wget, and gives the recorded bytes`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let paths = ["/a.txt", "/dir/b%2B.txt", "/folder/"]
        for path in paths { server.script(path, .file(Array("\(path)\n".utf8))) }
        let recorded = try await Tool.mirrorRun(
          [], ["wget", "-q", "-O", "first"] + paths.map { "\(server.url)\($0)" }, in: folder)
        #expect(recorded.status == 0, "\(recorded.errors)")
        try await export("web", in: folder)
        let nginx = try await Nginx.serve("\(folder)/tree", in: folder)
        let outcome = try await Tool.run(
          ["wget", "-q", "-O", "again"]
            + paths.map { "\(nginx.url)/127.0.0.1:\(server.port)\($0)" }, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
          try String(contentsOfFile: "\(folder)/again", encoding: .utf8)
            == paths.map { "\($0)\n" }.joined())
        withExtendedLifetime(nginx) {}
      }
    }
  }

  @Test func `writes nothing where something is missing, and names all of it`() async throws {
    try await TemporaryFolder.with { folder in
      let hex = String(repeating: "0", count: 64)
      try """
      mirror.lock 1
      web https://files.example/a sha256:\(hex) 1
      web https://files.example/b sha256:\(hex.replacing("0", with: "1")) 1

      """.write(toFile: "\(folder)/mirror.lock", atomically: true, encoding: .utf8)
      for (layout, status, message) in [
        ("web", 26, "https://files.example/b"), ("pip", 25, "has nothing of pip"),
        ("cargo", 25, "no such ecosystem"),
      ] {
        let outcome = try await Tool.run(
          [Tool.mirror, "export", "--layout", layout, "tree"], in: folder)
        #expect(outcome.status == Int32(status) && outcome.errors.contains(message))
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/tree"))
      }
    }
  }
}
