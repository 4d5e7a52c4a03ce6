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
    verify: (_ first: String, _ second: String, _ lock: String) async throws -> Void
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
      try await verify("\(folder)/first", "\(folder)/second", lock)
    }
  }

  /// What a system is: its packages, and its files but logs and the notes of ldconfig, which hold times.
  private func system(_ path: String) async throws -> (packages: String, files: String) {
    let script =
      "cd \"$0\" && find . -xdev -type f -not -path './var/log/*' "
      + "-not -path './var/cache/ldconfig/*' -exec sha256sum {} + | sort -k2; "
      + "find . -xdev -type l -printf '%p -> %l\\n' | sort"
    let query = ["chroot", path, "dpkg-query", "-W", "-f", "${Package} ${Version} ${Status}\n"]
    return (
      try await Tool.run(query, in: "/").text,
      try await Tool.run(["sh", "-c", script, path], in: "/").text
    )
  }

  @Test func `debootstrap installs the same system again offline`() async throws {
    try await repeated(
      { archive, target in
        [
          "debootstrap", "--variant=minbase", "--include=hello", archive.release, target,
          archive.url,
        ]
        // Else the day stands in /etc/shadow.
      }, environment: ["SOURCE_DATE_EPOCH=1700000000"]
    ) { first, second, lock in
      let one = try await system(first)
      let packages = one.packages.split(separator: "\n")
      #expect(packages.count > 50 && packages.allSatisfy { $0.hasSuffix(" install ok installed") })
      #expect(one.files.contains("./usr/bin/hello\n"))
      // With their epochs, which the URLs that debootstrap asks for lack.
      #expect(packages.contains { $0.contains(" 1:") })
      for package in packages {
        let words = package.split(separator: " ")
        let facts = " package=\(words[0]) "
        let line = lock.split(separator: "\n").first { $0.contains(facts) }
        #expect(line?.hasSuffix(" version=\(words[1])") == true, "\(package): \(line ?? "nothing")")
      }
      let two = try await system(second)
      #expect(two.packages == one.packages)
      #expect(two.files == one.files)
    }
  }

  @Test func `mmdebstrap makes the same system again offline, to the last bit`() async throws {
    try await repeated(
      { archive, target in
        [
          "mmdebstrap", "--quiet", "--variant=apt", "--include=hello", archive.release,
          "\(target).tar", archive.source(),
        ]
      }, environment: ["SOURCE_DATE_EPOCH=1700000000"]
    ) { first, second, _ in
      let listing = try await Tool.run(["tar", "-tf", "\(first).tar"], in: "/").text
      #expect(listing.contains("./usr/bin/hello\n") && listing.contains("./usr/bin/apt-get\n"))
      let status = ["tar", "-xOf", "\(first).tar", "./var/lib/dpkg/status"]
      let packages = try await Tool.run(status, in: "/").text
      #expect(packages.contains("Package: hello\nStatus: install ok installed\n"))
      let compared = try await Tool.run(["cmp", "\(first).tar", "\(second).tar"], in: "/")
      #expect(compared.status == 0, "\(compared.text)\(compared.errors)")
    }
  }
}
