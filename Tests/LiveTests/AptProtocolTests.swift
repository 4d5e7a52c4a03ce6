import Foundation
import MirrorTesting
import Testing

/// Real apt-get speaking all of its protocol with our method: what is left, what did not change, and what
/// lies elsewhere.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg"), "gpg is missing: Tests/run"))
struct AptProtocolTests {
  private static let one = SmallArchive.path(of: "mirror-one")
  /// apt's own name for that file.
  private static let partial = "var/cache/apt/archives/partial/mirror-one_1%3a1.0-1_all.deb"

  @Test func `an index that did not change is not transferred again`() async throws {
    try await AptStage.run { stage in
      let (first, one) = try await stage.run([], "root", [["update"]])
      #expect(first.status == 0 && first.text.contains("Get:1"), "\(first.text)\(first.errors)")
      let indices = try one.indices()
      let (second, two) = try await stage.run([], "root", [["update"]])
      #expect(second.status == 0 && second.text.contains("Hit:1"), "\(second.text)")
      #expect(!second.text.contains("Get:"))
      #expect(try two.indices() == indices && !indices.isEmpty)
    }
  }

  @Test func `an index that changed is`() async throws {
    try await AptStage.run { stage in
      _ = try await stage.run([], "root", [["update"]])
      let other = "\(stage.folder)/other"
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
      let next = try await SmallArchive(in: other, version: "1:2.0-1", signedAs: stage.archive)
      for (path, bytes) in next.files {
        let file = FaultAnswer.file(bytes, lastModified: "Mon, 07 Nov 2022 08:49:37 GMT")
        stage.origin.script("/debian/\(path)", file)
      }
      let (second, _) = try await stage.run([], "root", [["update"], ["policy", "mirror-one"]])
      #expect(second.status == 0 && second.text.contains("Get:1"), "\(second.text)")
      #expect(second.text.contains("1:2.0-1"))
    }
  }

  @Test(arguments: [nil, "v1"])
  func `what is left of a package is continued, and only its rest is transferred`(
    tag: String?
  ) async throws {
    try await AptStage.run { stage in
      let bytes = try #require(stage.archive.files[Self.one])
      stage.origin.script(
        "/debian/\(Self.one)",
        .file(bytes, etag: tag, lastModified: SmallArchive.lastModified))
      let (updated, root) = try await stage.run([], "root", [["update"]])
      #expect(updated.status == 0, "\(updated.errors)")
      try leave(Array(bytes.prefix(100)), changed: 1_667_724_577, in: root)
      let (outcome, _) = try await stage.run(
        [], "root", [["install", "-y", "--download-only", "mirror-one"]])
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(outcome.text.contains("Fetched \(bytes.count - 100) B "), "\(outcome.text)")
      #expect(try root.packages().values.map { [UInt8]($0) } == [bytes])
    }
  }

  @Test(arguments: [nil, "v1"])
  func `what is left of another day's file is not continued`(tag: String?) async throws {
    try await AptStage.run { stage in
      let bytes = try #require(stage.archive.files[Self.one])
      stage.origin.script(
        "/debian/\(Self.one)",
        .file(bytes, etag: tag, lastModified: SmallArchive.lastModified))
      let (updated, root) = try await stage.run([], "root", [["update"]])
      #expect(updated.status == 0, "\(updated.errors)")
      try leave([UInt8](repeating: 120, count: 100), changed: 1_667_638_177, in: root)
      let (outcome, _) = try await stage.run(
        [], "root", [["install", "-y", "--download-only", "mirror-one"]])
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(outcome.text.contains("Fetched \(bytes.count) B "), "\(outcome.text)")
      #expect(try root.packages().values.map { [UInt8]($0) } == [bytes])
    }
  }

  private func leave(_ bytes: [UInt8], changed seconds: Int, in root: AptRoot) throws {
    let path = "\(root.path)/\(Self.partial)"
    try Data(bytes).write(to: URL(filePath: path))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: Double(seconds))], ofItemAtPath: path)
  }

  @Test(.timeLimit(.minutes(2)))
  func `what apt asks for at once reaches the archive at once`() async throws {
    // As many as apt has under way with one host.
    let packages = (0..<10).map { "mirror-\($0)" }
    try await AptStage.run(packages: packages) { stage in
      let gate = Gate()
      for name in packages {
        let path = SmallArchive.path(of: name)
        let file = FaultAnswer.file(try #require(stage.archive.files[path]))
        stage.origin.script("/debian/\(path)", .gated(gate, file))
      }
      // None is answered before all are asked for.
      async let opening: Void = {
        await gate.waitForRequests(packages.count)
        gate.open()
      }()
      let (outcome, root) = try await stage.run(
        [], "root", [["update"], ["install", "-y", "--download-only"] + packages])
      await opening
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try root.packages().count == packages.count)
    }
  }

  /// Where apt finds a login.
  enum LoginPlace: CaseIterable, Sendable {
    case sources
    case authFile
  }

  @Test(arguments: LoginPlace.allCases)
  func `an archive that leads elsewhere keeps its name, and shows nobody else its login`(
    place: LoginPlace
  ) async throws {
    try await AptStage.run { stage in
      try await FaultServer.run { elsewhere in
        stage.archive.serve(on: elsewhere, at: "/there")
        for path in stage.archive.files.keys {
          stage.origin.script("/debian/\(path)", .redirect(to: "\(elsewhere.url)/there/\(path)"))
        }
        let auth = "\(stage.folder)/auth.conf"
        try "machine \(stage.origin.url) login ann password s3cret\n"
          .write(toFile: auth, atomically: true, encoding: .utf8)
        let configuration = "\(stage.folder)/own.conf"
        try "Dir::Etc::netrc \"\(auth)\";\n"
          .write(toFile: configuration, atomically: true, encoding: .utf8)
        let login = place == .sources ? "ann:s3cret@" : ""
        let (outcome, root) = try await stage.run(
          [], "root", AptStage.download,
          source: stage.archive.source(on: stage.origin, login: login),
          configuration: place == .authFile ? configuration : nil)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(try stage.isComplete(root))

        let shown = stage.origin.requests.map { $0.headers["authorization"] }
        #expect(!shown.isEmpty && shown.allSatisfy { $0 == "Basic YW5uOnMzY3JldA==" })
        #expect(!elsewhere.requests.isEmpty)
        #expect(elsewhere.requests.allSatisfy { $0.headers["authorization"] == nil })
        let (lock, ledger) = (try stage.lock, try stage.ledger)
        #expect(lock.contains("apt \(stage.origin.url)/debian/\(Self.one) sha256:"))
        #expect(!lock.contains(elsewhere.url))
        #expect(ledger.contains("\"location\":\"\(elsewhere.url)/there/\(Self.one)\""))
        #expect(!(lock + ledger + outcome.errors).contains("s3cret"))

        // The lock alone says what the archive was, and nobody is asked.
        let asked = stage.origin.requests.count + elsewhere.requests.count
        let (again, two) = try await stage.run(["--offline"], "two", AptStage.download)
        #expect(again.status == 0, "\(again.text)\(again.errors)")
        #expect(try stage.isComplete(two))
        #expect(stage.origin.requests.count + elsewhere.requests.count == asked)
      }
    }
  }
}
