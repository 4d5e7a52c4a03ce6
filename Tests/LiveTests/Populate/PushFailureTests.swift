import Foundation
import MirrorTesting
import Testing

/// `mirror push` where the mirror does not do its part: it is said at once, and not for ever.
@Suite(.enabled(if: Tool.areInstalled("curl", "mkfifo"), "curl or mkfifo is missing: Tests/run"))
struct PushFailureTests {
  private func configure(_ url: String, _ more: String = "", in folder: String) throws {
    try "[mirror acme]\nurl = \(url)\n[chain web]\nsources = store, acme\n\(more)"
      .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
  }

  @Test(arguments: [FaultAnswer.hang, .reset])
  func `leaves a mirror alone that did not answer for three things in a row`(
    answer: FaultAnswer
  ) async throws {
    try await FaultServer.run { store in
      store.setDefault(answer)
      try await TemporaryFolder.with { folder in
        try await StoredFiles.lay(40, in: folder)
        try configure(store.url, "[policy]\ntime-limit = 1\n", in: folder)
        let outcome = try await Tool.run([Tool.mirror, "push", "acme"], in: folder)
        #expect(outcome.status == 21, "\(outcome.errors)")
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 6, "\(outcome.errors)")
        #expect(lines.prefix(3).allSatisfy { $0.hasPrefix("mirror: not uploaded: https://files.") })
        #expect(outcome.errors.contains("3 could not be uploaded\n"), "\(outcome.errors)")
        #expect(outcome.errors.contains("37 more were not tried"), "\(outcome.errors)")
      }
    }
  }

  @Test func `tries everything where it answers, if only to refuse`() async throws {
    try await FaultServer.run { store in
      store.setDefault(.choosing { .status($0.method == "PUT" ? 405 : 404) })
      try await TemporaryFolder.with { folder in
        try await StoredFiles.lay(12, in: folder)
        try configure(store.url, in: folder)
        let outcome = try await Tool.run([Tool.mirror, "push", "acme"], in: folder)
        #expect(outcome.status == 25, "\(outcome.errors)")
        #expect(outcome.errors.contains("12 could not be uploaded\n"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("not tried"))
      }
    }
  }

  @Test func `names a failure while the others are still under way`() async throws {
    let (gate, asked) = (Gate(), Gate())
    try await FaultServer.run { store in
      store.setDefault(
        .choosing { request in
          if request.method != "PUT" { return .status(404) }
          return request.path.hasSuffix("/1") ? .gated(gate, .status(405)) : .status(413)
        })
      store.script("/asked", .gated(asked, .status(204)))
      try await TemporaryFolder.with { folder in
        try await StoredFiles.lay(2, in: folder)
        try configure(store.url, in: folder)
        let script = """
          mkfifo said
          '\(Tool.mirror)' push acme 2> said &
          exec 3< said
          read -r line <&3
          echo "$line"
          curl -fsS --noproxy '*' \(store.url)/asked
          wait $!
          echo "push $?"
          """
        async let outcome = Tool.run(["sh", "-c", script], in: folder)
        await asked.waitForRequests(1)
        asked.open()
        gate.open()
        let text = try await outcome.text
        #expect(
          text.hasPrefix("mirror: not uploaded: https://files.example/0: acme takes no file of"))
        #expect(text.hasSuffix("push 25\n"), "\(text)")
      }
    }
  }
}
