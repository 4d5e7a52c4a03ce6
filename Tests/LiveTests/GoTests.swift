import Foundation
import GoFixtures
import MirrorTesting
import Testing

/// Real go commands against a proxy, a checksum database and repositories of the tests' own.
@Suite(.serialized, .enabled(if: Tool.areInstalled("go"), "go is missing: Tests/run"))
struct GoTests {
  private static func everything(_ go: GoTool) -> [String] {
    let go = go.rawValue
    return [
      "sh", "-ec",
      "\(go) mod tidy && \(go) mod download && \(go) build -o app . && ./app && \(go) mod vendor",
    ]
  }

  /// The sum of 1 to 30, and one for each of the other five modules.
  private static let answer = "470\n"

  @Test(
    .enabled(if: Tool.areInstalled("unshare", "ip"), "unshare or ip is missing: Tests/run"),
    .enabled(if: Tool.canIsolate, "a network namespace needs root"), arguments: GoTool.installed)
  func `a recorded build repeats offline with the same go.sum and vendor tree`(
    go: GoTool
  ) async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        let first = try await Tool.mirrorRun(
          [], Self.everything(go), in: folder, environment: world.environment)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains(Self.answer))
        let sums = try world.text(of: "go.sum")
        let vendored = try await world.digests(of: "vendor")
        let lock = try world.text(of: "mirror.lock")
        #expect(vendored.contains("example.test/Upper/Case/c.go"))
        #expect(sums.split(separator: "\n").count > 60)
        #expect(server.requests.contains { $0.path.hasPrefix("/sum/lookup/") })
        // What go is told of the checksum database it is told by us.
        #expect(lock.contains("go sumdb/sum.example.test/lookup/example.test/m1@v1.1.0 "))

        // Every zip and go.mod stands in the lock with the sum that go.sum has of it.
        for line in sums.split(separator: "\n") {
          let words = line.split(separator: " ")
          #expect(lock.contains("sum=\(words[2])"), "\(line) is not in the lock")
        }

        try world.tidyUp()
        let second = try await Tool.mirrorRun(
          ["--offline"], Self.everything(go), in: folder, isolated: true,
          environment: world.environment)
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains(Self.answer))
        #expect(try world.text(of: "go.sum") == sums)
        #expect(try await world.digests(of: "vendor") == vendored)
        #expect(try world.text(of: "mirror.lock") == lock)

        try world.tidyUp()
        let third = try await Tool.mirrorRun(
          ["--store", "other", "--lock", "other.lock"], Self.everything(go), in: folder,
          environment: world.environment)
        #expect(third.status == 0, "\(third.errors)")
        #expect(try world.text(of: "other.lock") == lock)
      }
    }
  }

  @Test(arguments: GoTool.installed)
  func `a locked run refuses what was not recorded and serves what was`(go: GoTool) async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        let get = { (module: String) in [go.rawValue, "mod", "download", "example.test/\(module)"] }
        let first = try await Tool.mirrorRun(
          [], get("m30@v1.30.0"), in: folder, environment: world.environment)
        #expect(first.status == 0, "\(first.errors)")
        let again = try await Tool.mirrorRun(
          ["--locked"], get("m30@v1.30.0"), in: folder, environment: world.environment)
        #expect(again.status == 0, "\(again.errors)")
        let other = try await Tool.mirrorRun(
          ["--locked"], get("m29@v1.29.0"), in: folder, environment: world.environment)
        #expect(other.status != 0)
        #expect(other.errors.contains("example.test/m29/@v/v1.29.0.info: not in the lock"))
        #expect(!server.requests.contains { $0.path.contains("m29") })
      }
    }
  }

  // MARK: Sources

  /// A first mirror that fails, and what go must come to see.
  enum Failure: String, CaseIterable, Sendable {
    case error, silence, truncatedZip, anotherZip, damagedZip

    /// What the mirror does when it is asked for the zip, or for anything.
    func answer(_ files: [String: [UInt8]], _ zip: [UInt8], _ other: [UInt8]) -> FaultAnswer {
      let honest = FaultAnswer.tree(files, below: "/")
      return .choosing { request in
        let isZip = request.path.hasSuffix(".zip")
        switch self {
        case .error: return .status(500)
        case .silence: return .hang
        case .truncatedZip: return isZip ? .truncated(zip, after: 100) : honest
        case .anotherZip: return isZip ? .file(other) : honest
        case .damagedZip:
          return isZip ? .file(zip.dropLast(30) + Array(repeating: 0, count: 30)) : honest
        }
      }
    }
  }

  @Test(arguments: Failure.allCases)
  func `go gets a module past a mirror that fails, and is told why where it is a gatekeeper`(
    failure: Failure
  ) async throws {
    try await FaultServer.run { mirror in
      try await FaultServer.run { server in
        try await TemporaryFolder.with { folder in
          let world = try GoWorld(server, folder)
          let module = GoModule("example.test/m30", "v1.30.0", files: ["m30.go": "package m30\n"])
          let right = try #require(GoWorld.modules.first { $0.path == "example.test/m30" })
          mirror.setDefault(
            failure.answer(GoModuleTree([right]).files, right.zip, module.zip))
          // The project's go.sum says what the module is, so that another one is not taken for it.
          try world.write("go.sum", GoWorld.sums)
          let get = ["go", "mod", "download", "-json", "example.test/m30@v1.30.0"]
          for mode in ["best-effort", "gatekeeper"] {
            try world.write(
              "mirror.conf",
              """
              [mirror acme]
              url = \(mirror.url)
              mode = \(mode)
              [chain go]
              sources = store, acme, origin
              [policy]
              time-limit = \(failure == .silence ? 5 : 3)
              """)
            let outcome = try await Tool.mirrorRun(
              ["--store", mode, "--lock", "\(mode).lock"], get, in: folder,
              environment: world.environment)
            if mode == "best-effort" {
              #expect(outcome.status == 0, "\(outcome.errors)\(outcome.text)")
              #expect(outcome.text.contains(right.sums[0].split(separator: " ")[2]))
              #expect(outcome.errors.contains("acme"), "nothing was said of the failure")
            } else {
              #expect(outcome.status != 0)
              #expect(outcome.text.contains("server response: mirror: "), "\(outcome.text)")
              #expect(outcome.text.contains("acme"))
            }
          }
        }
      }
    }
  }

  @Test func `a private module is only ever asked of its owner`() async throws {
    try await FaultServer.run { owner in
      try await FaultServer.run { server in
        try await TemporaryFolder.with { folder in
          let world = try GoWorld(server, folder)
          let secret = GoModule(
            "go.acme.test/secret", "v1.0.0", files: ["s.go": "package secret\n\nconst Value = 1\n"])
          owner.setDefault(GoModuleTree([secret]).answer(below: "/"))
          try world.write(
            "mirror.conf",
            """
            [mirror vault]
            url = \(owner.url)
            owner = yes
            [chain go]
            sources = store, vault, origin
            [owned]
            go = go.acme.test, go.acme.test/*
            """)
          try world.write(
            "main.go",
            """
            package main

            import "go.acme.test/secret"
            import "example.test/m30"

            func main() { println(secret.Value + m30.Sum()) }

            """)
          try world.write("go.mod", "module example.test/app\n\ngo 1.17\n")
          var environment = world.environment
          environment["GOPRIVATE"] = "go.acme.test"
          let tidy = ["sh", "-ec", "go mod tidy && go build -o app . && ./app"]
          let outcome = try await Tool.mirrorRun([], tidy, in: folder, environment: environment)
          #expect(outcome.status == 0, "\(outcome.errors)")
          #expect(outcome.errors.contains("31\n"))
          #expect(!owner.requests(to: "/go.acme.test/secret/@v/v1.0.0.zip").isEmpty)
          #expect(!server.requests.contains { $0.path.contains("acme") })

          let missing = try await Tool.mirrorRun(
            [], ["go", "mod", "download", "go.acme.test/other@v1.0.0"], in: folder,
            environment: environment)
          #expect(missing.status != 0)
          #expect(!server.requests.contains { $0.path.contains("acme") })
        }
      }
    }
  }

  @Test(.enabled(if: Tool.areInstalled("git"), "git is missing: Tests/run"))
  func `a module comes straight from its repository where GOPROXY says direct`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        let repository = """
          git init -q repo && cd repo && git config user.email a@b.test && git config user.name A
          printf 'module example.test/repo.git\\n\\ngo 1.17\\n' > go.mod
          printf 'package repo\\n' > repo.go
          git add . && git commit -q -m One && git tag v1.0.0
          """
        let made = try await Tool.run(["sh", "-ec", repository], in: folder)
        #expect(made.status == 0, "\(made.errors)")
        try world.write(
          ".gitconfig",
          """
          [url "file://\(folder)/repo"]
          \tinsteadOf = https://example.test/repo.git
          \tinsteadOf = https://example.test/repo
          """)
        var environment = world.environment
        environment["GOPROXY"] = "\(server.url)/proxy,direct"
        environment["GONOSUMDB"] = "example.test"
        try world.write("go.mod", "module example.test/app\n")
        let get = [
          "sh", "-ec",
          """
          go mod download -json example.test/repo.git@v1.0.0
          go list -m -versions example.test/repo.git
          go list -m example.test/repo.git@master
          """,
        ]
        let first = try await Tool.mirrorRun([], get, in: folder, environment: environment)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.text.contains("example.test/repo.git v1.0.0\n"))
        let lines = first.text.split(separator: "\n").filter { !$0.contains(".mirror/") }
        try FileManager.default.removeItem(atPath: "\(folder)/repo")
        let second = try await Tool.mirrorRun(
          ["--offline"], get, in: folder, environment: environment)
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.text.split(separator: "\n").filter { !$0.contains(".mirror/") } == lines)
        let left = try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/.mirror/runs")
        #expect(!left.contains { $0.contains("scratch") }, "a module cache was left behind")
      }
    }
  }

  @Test(
    .enabled(if: GoTool.newer.isInstalled, "a go that gets toolchains (1.21) is missing: Tests/run")
  )
  func `a toolchain that GOTOOLCHAIN names is recorded and repeated offline`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        var environment = world.environment
        environment["GOTOOLCHAIN"] = GoWorld.toolchain
        let version = [GoTool.newer.rawValue, "version"]
        for mode in [[], ["--offline"]] {
          let outcome = try await Tool.mirrorRun(
            mode, version, in: folder, environment: environment)
          #expect(outcome.text == "this is \(GoWorld.toolchain)\n", "\(outcome.errors)")
          server.setDefault(.status(500))
        }
        #expect(try world.text(of: "mirror.lock").contains("go golang.org/toolchain/@v/v0.0.1-"))
      }
    }
  }

  // MARK: Settings

  @Test func `GOFLAGS of the user stay in force`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        var environment = world.environment
        environment["GOFLAGS"] = "-mod=mod"
        // Without -mod=mod go would refuse to build before go.sum is complete.
        let outcome = try await Tool.mirrorRun(
          [], ["sh", "-ec", "go env GOFLAGS && go build -o app . && ./app"], in: folder,
          environment: environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text == "-mod=mod -modcacherw\n")
        #expect(outcome.errors.contains(Self.answer))
      }
    }
  }

  @Test func `a go that has lost its environment finds the gateway by the written file`()
    async throws
  {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        let script = """
          mkfifo said
          '\(Tool.mirror)' serve --listen 0.0.0.0:0 2> said &
          server=$!
          trap 'kill $server 2> /dev/null || true' EXIT
          exec 3< said
          read -r line <&3
          port=${line##*:}
          '\(Tool.mirror)' config --gateway "http://127.0.0.1:$port/" --into .image go
          cat .image/root/.config/go/env
          env -i PATH="$PATH" HOME="$PWD/.image/root" GOCACHE="$GOCACHE" GOFLAGS=-modcacherw \\
            sh -ec 'go mod tidy && go build -o app . && ./app'
          kill -TERM $server
          wait $server
          """
        var environment = world.environment
        environment["GOPRIVATE"] = "go.acme.test"
        let outcome = try await Tool.run(
          ["sh", "-ec", script], in: folder, environment: environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
          outcome.text.contains(/GOPROXY=http:\/\/127\.0\.0\.1:[0-9]+\/go\n/), "\(outcome.text)")
        #expect(outcome.text.contains("GONOPROXY=none\nGONOSUMDB=go.acme.test\n"))
        #expect(outcome.errors.contains(Self.answer))
      }
    }
  }

  @Test func `fetch and explain know a module by its package URL`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        let name = "pkg:golang/example.test/Upper/Case@v0.1.0"
        let zip = try #require(GoWorld.modules.first { $0.path == "example.test/Upper/Case" }).zip
        let fetched = try await Tool.run(
          [Tool.mirror, "fetch", "-o", "case.zip", name], in: folder,
          environment: world.environment)
        #expect(fetched.status == 0, "\(fetched.errors)")
        #expect(try Data(contentsOf: URL(filePath: "\(folder)/case.zip")) == Data(zip))
        let explained = try await Tool.run(
          [Tool.mirror, "explain", name], in: folder, environment: world.environment)
        #expect(explained.text.contains("example.test/!upper/!case/@v/v0.1.0.zip"))
        #expect(explained.text.contains("has it"))
      }
    }
  }

  @Test func `a folder is a mirror`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let world = try GoWorld(server, folder)
        for (path, bytes) in GoModuleTree(GoWorld.modules).files {
          let file = URL(filePath: "\(folder)/medium/\(path)")
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data(bytes).write(to: file)
        }
        try world.write(
          "mirror.conf",
          "[mirror medium]\nurl = file://\(folder)/medium\n[chain go]\nsources = store, medium\n")
        try world.write("go.sum", GoWorld.sums)
        let outcome = try await Tool.mirrorRun(
          [], ["go", "mod", "download", "all"], in: folder, environment: world.environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(server.requests.isEmpty)
      }
    }
  }
}
