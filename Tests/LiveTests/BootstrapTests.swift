import Foundation
import MirrorTesting
import Testing

/// Real debootstrap and mmdebstrap, which do not read the file that apt finds the method in.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("debootstrap", "mmdebstrap", "unshare", "ip"), "see Tests/run"),
  .enabled(if: Tool.canIsolate, "a network namespace needs root")
)
struct BootstrapTests {
  /// Runs a command twice, the second time offline without a network, in a folder of its own each.
  private func repeated(
    _ command: (MachineArchive, String) -> [String], environment: [String] = [],
    verify: (String, String) async throws -> Void
  ) async throws {
    let archive = try #require(try await MachineArchive.configured(), "apt has no archive here")
    try await TemporaryFolder.with { folder in
      for (name, options) in [("first", []), ("second", ["--offline"])] {
        let outcome = try await Tool.mirrorRun(
          options, ["env"] + environment + command(archive, "\(folder)/\(name)"), in: folder,
          isolated: !options.isEmpty)
        #expect(outcome.status == 0, "\(outcome.text.suffix(3000))\(outcome.errors.suffix(3000))")
      }
      let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
      #expect(lock.contains("apt \(archive.url)/dists/\(archive.release)/InRelease sha256:"))
      #expect(lock.contains(" package=hello "))
      #expect(!lock.contains("\nweb "))
      try await verify("\(folder)/first", "\(folder)/second")
    }
  }

  @Test func `debootstrap fetches the same packages again offline`() async throws {
    try await repeated { archive, target in
      [
        "debootstrap", "--variant=minbase", "--download-only", "--include=hello", archive.release,
        target, archive.url,
      ]
    } verify: { first, second in
      let packages = "var/cache/apt/archives"
      let one = try FolderContents("\(first)/\(packages)")
      #expect(one.names.filter { $0.hasSuffix(".deb") }.count > 50)
      #expect(try FolderContents("\(second)/\(packages)") == one)
    }
  }

  @Test func `mmdebstrap makes the same system again offline`() async throws {
    try await repeated(
      { archive, target in
        [
          "mmdebstrap", "--quiet", "--variant=extract", "--include=hello,bash,coreutils,apt",
          archive.release, "\(target).tar", archive.source(),
        ]
      }, environment: ["SOURCE_DATE_EPOCH=1700000000"]
    ) { first, second in
      func listing(_ path: String) async throws -> String {
        let script =
          "mkdir $0.d && tar -xf $0.tar -C $0.d && cd $0.d && find . -type f "
          + "-not -path './var/lib/apt/*' -not -path './var/cache/*' -not -path './var/log/*' "
          + "-exec sha256sum {} + | sort -k2"
        return try await Tool.run(["sh", "-c", script, path], in: "/").text
      }
      let one = try await listing(first)
      #expect(one.contains("./usr/bin/hello"))
      #expect(try await listing(second) == one)
    }
  }
}
