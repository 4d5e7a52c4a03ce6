import Foundation
import MirrorTesting
import Testing

/// Real apt-get against the archive that this machine is configured with.
@Suite(
  .serialized, .enabled(if: Tool.areInstalled("apt-get", "unshare", "ip"), "apt-get is missing"),
  .enabled(if: Tool.canIsolate, "a network namespace needs root")
)
struct AptTests {
  /// They depend on one another and on libraries: about a hundred packages.
  private static let packages = [
    "hello", "coreutils", "grep", "sed", "gawk", "tar", "gzip", "bzip2", "xz-utils", "less", "file",
    "nano", "bc", "figlet", "time", "jq", "patch", "diffutils", "findutils", "m4", "cpio", "zip",
    "procps", "wget",
  ]

  private func download(_ root: AptRoot) -> String {
    let update = root.aptGet("update").map(Self.quoted).joined(separator: " ")
    let install = root.aptGet(
      ["install", "-y", "--download-only", "--no-install-recommends"] + Self.packages)
    return "\(update) && \(install.map(Self.quoted).joined(separator: " "))"
  }

  private static func quoted(_ word: String) -> String { "'\(word)'" }

  @Test(arguments: ["root", "_apt"])
  func `an update and 60 packages repeat offline, byte for byte`(sandbox: String) async throws {
    let archive = try #require(try await MachineArchive.configured(), "apt has no archive here")
    try await TemporaryFolder.with { folder in
      func root(_ name: String) throws -> AptRoot {
        try AptRoot(at: "\(folder)/\(name)", sources: [archive.source()], sandbox: sandbox)
      }
      let first = try root("first")
      let recorded = try await Tool.mirrorRun(
        ["--json-report", "report.json"], ["sh", "-c", download(first)], in: folder)
      #expect(recorded.status == 0, "\(recorded.text)\(recorded.errors)")
      #expect(!recorded.text.contains("127.0.0.1"), "\(recorded.text)")
      let packages = try first.packages()
      #expect(packages.count >= 60)

      let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
      for name in packages.keys {
        let words = name.dropLast(4).split(separator: "_")
        #expect(lock.contains(" package=\(words[0]) "), "\(name) is not named")
      }
      #expect(lock.contains("InRelease sha256:"))
      // An archive that has its indices by digest is asked for them so, and what follows repeats that.
      let release = try #require(
        try first.indices().first { $0.key.hasSuffix("_InRelease") }?.value)
      let isByHash = String(decoding: release, as: UTF8.self).contains("Acquire-By-Hash: yes")
      #expect(lock.contains("/by-hash/") == isByHash)

      let second = try root("second")
      let repeated = try await Tool.mirrorRun(
        ["--offline"], ["sh", "-c", download(second)], in: folder, isolated: true)
      #expect(repeated.status == 0, "\(repeated.text)\(repeated.errors)")
      #expect(try second.packages() == packages)
      #expect(try second.indices() == first.indices())

      let third = try root("third")
      let anew = try await Tool.mirrorRun(
        ["--store", "other", "--lock", "other.lock"], ["sh", "-c", download(third)], in: folder)
      #expect(anew.status == 0, "\(anew.errors)")
      #expect(try String(contentsOfFile: "\(folder)/other.lock", encoding: .utf8) == lock)
    }
  }

  @Test func `a source package comes with all its parts, and again offline`() async throws {
    let archive = try #require(try await MachineArchive.configured(), "apt has no archive here")
    try await TemporaryFolder.with { folder in
      func run(_ name: String, _ options: [String], isolated: Bool) async throws -> FolderContents {
        let root = try AptRoot(at: "\(folder)/\(name)", sources: [archive.source("deb-src")])
        let target = "\(folder)/\(name)-source"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        let update = root.aptGet("update").map(Self.quoted).joined(separator: " ")
        let source = root.aptGet("source", "--download-only", "hello").map(Self.quoted)
          .joined(separator: " ")
        let outcome = try await Tool.mirrorRun(
          options, ["sh", "-c", "\(update) && cd \(target) && \(source)"], in: folder,
          isolated: isolated)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        return try FolderContents(target)
      }
      let first = try await run("first", [], isolated: false)
      #expect(first.names.contains { $0.hasSuffix(".dsc") })
      #expect(first.names.contains { $0.contains(".orig.tar.") })
      #expect(try await run("second", ["--offline"], isolated: true) == first)
    }
  }
}
