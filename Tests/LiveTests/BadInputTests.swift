import Foundation
import MirrorTesting
import Testing

/// What a person gets who types or writes something wrong: one clear line and a documented code.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var files: [String: String] = [:]
    var arguments: [String]
    var status: Int32
    /// What the line must name.
    var words: [String]
  }

  static let cases = [
    Case(
      testDescription: "an unknown key",
      files: ["mirror.conf": "[mirror acme]\nulr = https://acme.example/\n"],
      arguments: ["run", "--", "true"], status: 25, words: ["mirror.conf:2", "'ulr'", "'url'"]),
    Case(
      testDescription: "lines that end as those of Windows",
      files: ["mirror.conf": "# ours\r\n[mirror acme]\r\nulr = https://acme.example/\r\n"],
      arguments: ["run", "--", "true"], status: 25, words: ["mirror.conf:3", "'ulr'"]),
    Case(
      testDescription: "a login in a package URL",
      arguments: ["fetch", "pkg:cobol/payroll@1?download_url=https://user:secret@acme.example/"],
      status: 25, words: ["cobol"]),
    Case(
      testDescription: "roots that are no pairs",
      files: ["mirror.conf": "[mirror acme]\nurl = https://acme.example/\nroots = debian\n"],
      arguments: ["run", "--", "true"], status: 25, words: ["mirror.conf:3", "URL -> PATH"]),
    Case(
      testDescription: "a program with a login",
      files: ["mirror.conf": "[mirror acme]\nprogram = ./acme\ncredential = env:TOKEN\n"],
      arguments: ["run", "--", "true"], status: 25, words: ["mirror.conf:3", "'credential'"]),
    Case(
      testDescription: "a program that is not there",
      files: [
        "mirror.conf": "[mirror acme]\nprogram = ./none\n[chain web]\nsources = acme\n"
      ],
      arguments: ["fetch", "http://files.example/a"], status: 25, words: ["./none", "install"]),
    Case(
      testDescription: "an unknown section", files: ["c": "[mirrors acme]\n"],
      arguments: ["run", "--config", "c", "--", "true"], status: 25, words: ["c:1", "'mirror'"]),
    Case(
      testDescription: "a configuration that is not there",
      arguments: ["run", "--config", "none.conf", "--", "true"], status: 25, words: ["none.conf"]),
    Case(
      testDescription: "a configuration that is a folder",
      arguments: ["run", "--config", "/", "--", "true"], status: 25, words: ["/:", "read"]),
    Case(
      testDescription: "a source nobody named",
      files: ["mirror.conf": "[chain web]\nsources = store, acmee\n"],
      arguments: ["run", "--", "true"], status: 25, words: ["mirror.conf:1", "'acmee'"]),
    Case(
      testDescription: "a login in a URL",
      files: ["mirror.conf": "[mirror acme]\nurl = https://user:secret@acme.example/\n"],
      arguments: ["run", "--", "true"], status: 25, words: ["mirror.conf:2", "credential"]),
    Case(
      testDescription: "a broken lock line",
      files: ["mirror.lock": "mirror.lock 1\nweb http://files.example/a sha256:12 5\n"],
      arguments: ["run", "--", "true"], status: 25, words: ["mirror.lock:2"]),
    Case(
      testDescription: "a file that is no lock", files: ["mirror.lock": "hello\n"],
      arguments: ["check"], status: 25, words: ["mirror.lock:1"]),
    Case(
      testDescription: "a store that cannot be made",
      arguments: ["run", "--store", "/proc/mirror", "--", "true"], status: 25,
      words: ["/proc/mirror"]),
    Case(
      testDescription: "an unknown kind of package", arguments: ["fetch", "pkg:cobol/payroll@1"],
      status: 25, words: ["pkg:cobol/"]),
    Case(
      testDescription: "a name that is neither", arguments: ["fetch", "hello"], status: 25,
      words: ["hello"]),
    Case(
      testDescription: "a command that does not exist",
      arguments: ["run", "--", "no-such-command-anywhere"], status: 25,
      words: ["no-such-command-anywhere"]),
    Case(
      testDescription: "a locked run without a lock", arguments: ["run", "--locked", "--", "true"],
      status: 25, words: ["mirror.lock"]),
    Case(
      testDescription: "a digest that is none",
      arguments: ["fetch", "--sha256", "12", "http://files.example/a"], status: 25,
      words: ["--sha256"]),
    Case(
      testDescription: "an address that is none", arguments: ["serve", "--listen", "nowhere"],
      status: 25, words: ["nowhere"]),
    Case(
      testDescription: "a token that cannot stand in a URL", files: ["token": "a/secret\n"],
      arguments: ["serve", "--token-file", "token"], status: 25, words: ["--token-file token"]),
    Case(
      testDescription: "a gateway that does not run", arguments: ["env"], status: 21,
      words: ["mirror serve"]),
    Case(
      testDescription: "no command", arguments: ["run"], status: 64, words: ["mirror run -- make"]),
  ]

  @Test(arguments: cases)
  func `gets one clear line and the documented code`(wrong: Case) async throws {
    try await TemporaryFolder.with { folder in
      for (name, text) in wrong.files {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      let outcome = try await Tool.run([Tool.mirror] + wrong.arguments, in: folder)
      #expect(outcome.status == wrong.status, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      for word in wrong.words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
      #expect(!outcome.errors.contains("secret"))
      if wrong.status != 64 {
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
      }
    }
  }

  @Test func `is shown no login of a URL that has no file name`() async throws {
    try await FaultServer.run { server in
      server.script("/", .file(Array("hello\n".utf8)))
      try await TemporaryFolder.with { folder in
        let url = server.url.replacing("http://", with: "http://ann:s3cret@")
        let outcome = try await Tool.run([Tool.mirror, "fetch", "\(url)/"], in: folder)
        #expect(outcome.status == 25)
        #expect(
          outcome.errors == "mirror: \(server.url)/: has no file name; say where it goes with -o\n")
      }
    }
  }

  @Test(
    .enabled(
      if: Tool.areInstalled("wget", "unshare", "mount"),
      "wget, unshare or mount is missing: Tests/run"),
    .enabled(if: Tool.canIsolate, "a mount namespace needs root"))
  func `a full disk is said clearly, and leaves a sound store`() async throws {
    let big = [UInt8](repeating: 7, count: 12 << 20)
    try await FaultServer.run { server in
      server.script("/small", .file(Array("small\n".utf8)))
      server.script("/big", .file(big))
      try await TemporaryFolder.with { folder in
        let run = "'\(Tool.mirror)' run --store disk/store -- wget -q -t 1"
        let script = """
          mkdir disk && mount -t tmpfs -o size=8m none disk || exit 99
          \(run) \(server.url)/small || exit 98
          \(run) -O got \(server.url)/big; echo "status $?"
          '\(Tool.mirror)' check --store disk/store; echo "check $?"
          """
        let outcome = try await Tool.run(["unshare", "-m", "sh", "-c", script], in: folder)
        #expect(outcome.text.contains("check 0"), "\(outcome.errors)")
        #expect(!outcome.text.contains("status 0"))
        #expect(outcome.errors.contains("No space left on device"))
        #expect(outcome.errors.contains("--store"))
      }
    }
  }
}
