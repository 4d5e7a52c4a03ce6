import Foundation
import MirrorTesting
import Testing

/// `mirror serve --record`: the lock has what was served, however the server ends.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("wget", "mkfifo", "nohup"),
    "wget, mkfifo or nohup is missing: Tests/run")
)
struct ServeRecordTests {
  private static let bytes = Array("hello\n".utf8)

  @Test func `records what it served in the lock, when that is wanted`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          wget -q -O - \(server.url)/a
          """
        let outcome = try await Served.script("--record", script, in: folder)
        #expect(outcome.text == "hello\nended with 0\n", "\(outcome.errors)")
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(lock.contains("web \(server.url)/a sha256:"))
        #expect(outcome.errors.contains("mirror.lock"), "\(outcome.errors)")
      }
    }
  }

  @Test(arguments: ["INT", "TERM", "HUP"])
  func `records it too when a signal ends it`(signal: String) async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          wget -q -O - \(server.url)/a
          kill -\(signal) $server
          wait $server; echo "server $?"
          """
        let outcome = try await Served.script("--record", script, in: folder)
        #expect(outcome.text.hasPrefix("hello\nserver 0\n"), "\(outcome.errors)")
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(lock.contains("web \(server.url)/a sha256:"))
      }
    }
  }

  @Test func `goes on at a hang-up when nohup started it`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          kill -HUP $server
          wget -q -O - \(server.url)/a
          """
        let outcome = try await Served.script("--record", script, in: folder, under: "nohup")
        #expect(outcome.text == "hello\nended with 0\n", "\(outcome.errors)")
      }
    }
  }

  @Test func `has recorded what it served before when it is killed`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      server.script("/b", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          for name in a b; do
            wget -q -O - \(server.url)/$name
            until grep -q "/$name " mirror.lock; do kill -0 $server || break; done 2> /dev/null
          done
          kill -9 $server
          wait $server 2> /dev/null
          mirror check
          """
        let outcome = try await Served.script("--record", script, in: folder)
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(lock.contains("web \(server.url)/a sha256:"), "\(outcome.text)\(outcome.errors)")
        #expect(lock.contains("web \(server.url)/b sha256:"))
        #expect(
          outcome.errors.contains("2 checked, 12 B, all there"), "\(outcome.text)\(outcome.errors)")
      }
    }
  }

  @Test func `says once that the lock keeps what it has`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      server.script("/b", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let old = "web \(server.url)/a sha256:\(String(repeating: "0", count: 64)) 6"
        let script = """
          eval "$(mirror env)"
          printf '%s\\n' 'mirror.lock 1' '\(old)' > mirror.lock
          wget -q -O - \(server.url)/a
          wget -q -O - \(server.url)/b
          until grep -q "/b " mirror.lock; do kill -0 $server || break; done 2> /dev/null
          """
        let outcome = try await Served.script("--record", script, in: folder)
        let parts = outcome.errors.components(separatedBy: "is not what mirror.lock says any more")
        #expect(parts.count == 2, "\(outcome.errors)")
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(lock.contains(old))
      }
    }
  }

  @Test func `does not begin when the lock has no place`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Tool.run(
        [Tool.mirror, "serve", "--record", "--lock", "none/mirror.lock"], in: folder)
      #expect(outcome.status == 25)
      #expect(
        outcome.errors.hasPrefix("mirror: none: cannot write the lock there"), "\(outcome.errors)")
    }
  }

  @Test func `says that its ledger lacks lines`() async throws {
    try await FaultServer.run { server in
      for name in ["a", "b", "c", "d"] { server.script("/\(name)", .file(Self.bytes)) }
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          for name in a b c d; do wget -q -O - \(server.url)/$name; done
          """
        // No file may be longer than 1024 bytes, which the lines of three answers are.
        let limited = "sh -c 'trap \"\" XFSZ; ulimit -f 2; exec \"$@\"' sh"
        let outcome = try await Served.script("--record", script, in: folder, under: limited)
        #expect(outcome.text.hasSuffix("ended with 25\n"), "\(outcome.text)\(outcome.errors)")
        #expect(outcome.errors.contains("lines could not be written"), "\(outcome.errors)")
      }
    }
  }
}
