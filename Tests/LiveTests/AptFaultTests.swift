import Foundation
import MirrorTesting
import Testing

/// Real apt-get behind mirrors that fail, against an archive of the test's own.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg", "sha256sum"), "gpg is missing: Tests/run"))
struct AptFaultTests {
  /// One archive at two servers, and an apt that knows the second.
  private struct Stage {
    var archive: SmallArchive
    let mirror: FaultServer
    let origin: FaultServer
    let folder: String

    func root(_ name: String, settings: [String] = []) throws -> AptRoot {
      try AptRoot(
        at: "\(folder)/\(name)", sources: [archive.source(on: origin)], options: settings)
    }

    /// Updates and downloads both packages in a new root.
    ///
    /// - Parameters:
    ///   - options: those of `mirror run`.
    ///   - settings: those of apt.
    func download(
      _ name: String, _ options: [String] = [], settings: [String] = []
    ) async throws -> (Tool.Outcome, AptRoot) {
      let root = try root(name, settings: settings)
      let commands = [
        root.aptGet("update"),
        root.aptGet(["install", "-y", "--download-only"] + SmallArchive.packages),
      ]
      let script = commands.map { $0.map { "'\($0)'" }.joined(separator: " ") }
        .joined(separator: " && ")
      let outcome = try await Tool.mirrorRun(options, ["sh", "-c", script], in: folder)
      return (outcome, root)
    }

    /// Whether a root has exactly the right packages.
    func isComplete(_ root: AptRoot) throws -> Bool {
      let right = SmallArchive.packages.compactMap { archive.files[SmallArchive.path(of: $0)] }
      return Set(try root.packages().values.map { [UInt8]($0) }) == Set(right)
    }

    var ledger: String {
      get throws {
        try String(contentsOfFile: "\(folder)/.mirror/runs/last/ledger.jsonl", encoding: .utf8)
      }
    }
  }

  private func run(
    policy: String = "", _ body: (inout Stage) async throws -> Void
  ) async throws {
    try await FaultServer.run { mirror in
      try await FaultServer.run { origin in
        try await TemporaryFolder.with { folder in
          let archive = try await SmallArchive(in: folder)
          archive.serve(on: mirror)
          archive.serve(on: origin)
          try """
          [mirror acme]
          url = \(mirror.url)/debian
          [chain apt]
          sources = store, acme, origin
          \(policy)
          """.write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
          var stage = Stage(archive: archive, mirror: mirror, origin: origin, folder: folder)
          try await body(&stage)
        }
      }
    }
  }

  private static let path = SmallArchive.path(of: "mirror-one")

  @Test func `a mirror that has everything is the only one asked`() async throws {
    try await run { stage in
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try stage.isComplete(root))
      #expect(stage.origin.requests.isEmpty)
      let lock = try String(contentsOfFile: "\(stage.folder)/mirror.lock", encoding: .utf8)
      #expect(lock.contains("version=1:1.0-1"), "the epoch is in the index alone: \(lock)")
    }
  }

  @Test func `a file that the mirror's pool lacks comes from the next source`() async throws {
    try await run { stage in
      stage.mirror.script("/debian/\(Self.path)", .status(404))
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try stage.isComplete(root))
      #expect(stage.origin.requests.map(\.path) == ["/debian/\(Self.path)"])
    }
  }

  @Test func `wrong bytes of equal size are never delivered, and are an incident`() async throws {
    try await run { stage in
      let right = try #require(stage.archive.files[Self.path])
      let wrong = right.map { $0 ^ 1 }
      stage.mirror.script("/debian/\(Self.path)", .file(wrong))
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try stage.isComplete(root))
      #expect(outcome.errors.contains("incident"))
      #expect(try stage.ledger.contains("\"outcome\":\"corrupt\""))
    }
  }

  @Test func `a strict run stops at wrong bytes, and apt is told that it is final`() async throws {
    try await run { stage in
      let right = try #require(stage.archive.files[Self.path])
      stage.mirror.script("/debian/\(Self.path)", .file(right.map { $0 ^ 1 }))
      let (outcome, root) = try await stage.download(
        "root", ["--strict"], settings: ["Acquire::Retries=3"])
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains("mirror-one"))
      #expect(try !stage.isComplete(root))
      // Once, and once more without caches; that apt would ask again is over with the first answer.
      #expect(stage.mirror.requests(to: "/debian/\(Self.path)").count == 2)
      #expect(stage.origin.requests(to: "/debian/\(Self.path)").isEmpty)
    }
  }

  @Test(arguments: [([], "\n"), (["--strict"], "yes\n")])
  func `the tools of a strict run are told that they need the gateway`(
    options: [String], said: String
  ) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Tool.mirrorRun(
        options, ["sh", "-c", "echo $MIRROR_REQUIRED"], in: folder)
      #expect(outcome.text == said, "\(outcome.errors)")
    }
  }

  @Test func `a flat archive comes from its mirror, and again offline`() async throws {
    try await run { stage in
      let files = stage.archive.files
      try await stage.archive.flatten(in: stage.folder)
      for path in files.keys {
        for server in [stage.mirror, stage.origin] {
          server.script("/debian/\(path)", .status(404))
        }
      }
      stage.archive.serve(on: stage.mirror)
      var roots: [AptRoot] = []
      for options in [[], ["--offline"]] {
        let root = try AptRoot(
          at: "\(stage.folder)/flat\(options.count)",
          sources: [stage.archive.flatSource(on: stage.origin)])
        let install = ["install", "-y", "--download-only"] + SmallArchive.packages
        for words in [["update"], install] {
          let outcome = try await Tool.mirrorRun(options, root.aptGet(words), in: stage.folder)
          #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        }
        roots.append(root)
      }
      #expect(stage.origin.requests.isEmpty)
      #expect(try roots[0].packages().count == 2)
      #expect(try roots[1].packages() == roots[0].packages())
      #expect(try roots[1].indices() == roots[0].indices())
      let lock = try String(contentsOfFile: "\(stage.folder)/mirror.lock", encoding: .utf8)
      #expect(lock.contains("version=1:1.0-1"), "\(lock)")
    }
  }

  @Test func `a web page where the index should be is passed by`() async throws {
    try await run { stage in
      stage.mirror.script("/debian/dists/stable/InRelease", .html())
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try stage.isComplete(root))
      #expect(outcome.errors.contains("web page"), "\(outcome.errors)")
    }
  }

  @Test func `a folder stands in for the archive that its pair names`() async throws {
    try await run { stage in
      try stage.archive.write(to: "\(stage.folder)/medium/debian/2026")
      try """
      [mirror medium]
      url = file://\(stage.folder)/medium
      roots = http://elsewhere.example/debian -> none, \(stage.origin.url)/debian -> debian/2026
      [chain apt]
      sources = store, medium
      """.write(toFile: "\(stage.folder)/mirror.conf", atomically: true, encoding: .utf8)
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try stage.isComplete(root))
      #expect(stage.origin.requests.isEmpty && stage.mirror.requests.isEmpty)

      // What the lock names can be fetched by its name.
      let name = "pkg:deb/debian/mirror-one@1:1.0-1?arch=all"
      let fetched = try await Tool.run(
        [Tool.mirror, "fetch", "--offline", "-o", "one.deb", name], in: stage.folder)
      #expect(fetched.status == 0, "\(fetched.errors)")
      let bytes = try Data(contentsOf: URL(filePath: "\(stage.folder)/one.deb"))
      #expect([UInt8](bytes) == stage.archive.files[Self.path])
      let explained = try await Tool.run([Tool.mirror, "explain", name], in: stage.folder)
      #expect(explained.text.contains(Self.path) && explained.text.contains("medium"))
    }
  }

  @Test func `a silent mirror is passed by`() async throws {
    try await run(policy: "[policy]\ntime-limit = 5") { stage in
      stage.mirror.script("/debian/\(Self.path)", .hang)
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try stage.isComplete(root))
      #expect(outcome.errors.contains("acme"))
      // It was asked once, and what followed came from the next source; how long that took, the
      // benchmarks say.
      #expect(stage.mirror.requests(to: "/debian/\(Self.path)").count == 1)
      #expect(stage.origin.requests.map(\.path) == ["/debian/\(Self.path)"])
      let ledger = try stage.ledger.split(separator: "\n").filter { $0.contains(Self.path) }
      #expect(
        ledger.contains { $0.contains("\"outcome\":\"unavailable\"") && $0.contains("origin") })
    }
  }

  @Test(arguments: [false, true])
  func `a recorded world stays what it was, with its signatures`(
    inTwoFiles: Bool
  ) async throws {
    try await run { stage in
      try await stage.archive.sign(
        validUntil: nil, inTwoFiles: inTwoFiles, in: stage.folder)
      for server in [stage.mirror, stage.origin] {
        if inTwoFiles { server.script("/debian/dists/stable/InRelease", .status(404)) }
        stage.archive.serve(on: server)
      }
      let (first, one) = try await stage.download("one")
      #expect(first.status == 0, "\(first.text)\(first.errors)")
      let lock = try String(contentsOfFile: "\(stage.folder)/mirror.lock", encoding: .utf8)
      #expect(lock.contains("InRelease absent") == inTwoFiles)

      // The archive moves on: another index, and the packages are gone.
      for path in stage.archive.files.keys {
        for server in [stage.mirror, stage.origin] {
          server.script("/debian/\(path)", .status(404))
        }
      }
      for option in ["--locked", "--offline"] {
        let (again, two) = try await stage.download("two\(option)", [option])
        #expect(again.status == 0, "\(again.text)\(again.errors)")
        #expect(try stage.isComplete(two))
        #expect(try two.indices() == one.indices())
      }

      // apt itself does not trust it with another key.
      let other = "\(stage.folder)/other"
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
      let stranger = try await SmallArchive(in: other)
      let root = try AptRoot(
        at: "\(stage.folder)/three", sources: [stranger.source(on: stage.origin)])
      let refused = try await Tool.mirrorRun(["--offline"], root.aptGet("update"), in: stage.folder)
      #expect(refused.text.contains("NO_PUBKEY") || refused.errors.contains("NO_PUBKEY"))
    }
  }

  @Test func `an expired world is valid in a frozen run alone`() async throws {
    try await run { stage in
      try await stage.archive.sign(
        validUntil: "Sun, 13 Nov 2022 08:49:37 UTC", in: stage.folder)
      for server in [stage.mirror, stage.origin] { stage.archive.serve(on: server) }
      // The user's own configuration, which also keeps that of this machine out.
      let own = "\(stage.folder)/own.conf"
      try "Dir::Etc::parts \"/none\";\nDir::Etc::main \"/none\";\n"
        .write(toFile: own, atomically: true, encoding: .utf8)
      func update(
        _ name: String, _ options: [String], _ more: [String] = []
      ) async throws -> (
        Tool.Outcome, AptRoot
      ) {
        let root = try stage.root(name)
        let command = [Tool.mirror, "run"] + options + ["--"] + root.aptGet(["update"] + more)
        let outcome = try await Tool.run(
          ["env", "APT_CONFIG=\(own)"] + command, in: stage.folder)
        return (outcome, root)
      }
      let (refused, _) = try await update("bare", [])
      #expect(refused.errors.contains("expired") || refused.text.contains("expired"))
      // What apt refused, because the update went no further, is not all that a world needs.
      let lenient = ["-o", "Acquire::Check-Valid-Until=false"]
      let (recorded, recorder) = try await update("recorder", [], lenient)
      #expect(recorded.status == 0, "\(recorded.text)\(recorded.errors)")
      let (outcome, frozen) = try await update("frozen", ["--offline"])
      #expect(outcome.status == 0 && !outcome.errors.contains("expired"), "\(outcome.errors)")
      #expect(try frozen.indices() == recorder.indices())
    }
  }
}
