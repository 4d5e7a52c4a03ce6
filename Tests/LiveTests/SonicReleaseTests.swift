import Foundation
import MirrorTesting
import Testing

/// The wrapper that images carry, in the Debian releases that SONiC's containers are made of; the release of
/// this machine is SonicImageTests'.
///
/// The wrapper is static, so a root needs no more than that release's own bash and wget, unpacked.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("mmdebstrap", "apt-get", "unshare"),
    "mmdebstrap, apt-get or unshare is missing: Tests/run"),
  .enabled(if: Tool.canIsolate, "a chroot needs root"),
  .enabled(if: SonicSite.hasStaticHook, "there is no static sonic-hook: Tests/run builds it"))
struct SonicReleaseTests {
  private static let root = """
    mmdebstrap --quiet --mode=root --variant=extract --include=base-files,bash,coreutils,wget \
      --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "$RELEASE" root "$ARCHIVE" >bootstrap.log 2>&1 ||
      { tail -5 bootstrap.log >&2; exit 1; }
    \(SonicSite.seat(in: "root", tools: ["wget"]))
    """

  private static let build = """
    exec chroot root env -i MIRROR_GATEWAY="$MIRROR_GATEWAY" PATH=/usr/local/sbin:/usr/bin:/bin bash -ec '
      wget -q -O got "$0"
      wget --version
      cat /etc/debian_version' "$FILE_URL"
    """

  /// Whether the archive of this machine's apt has a release.
  private static func has(_ release: String) async throws -> Bool {
    guard let archive = try await MachineArchive.configured() else { return false }
    return try await TemporaryFolder.with { try await archive.has(release, askingIn: $0) }
  }

  private static func needs(_ release: String) -> ConditionTrait {
    .enabled("the archive of this machine's apt has no \(release)") { try await has(release) }
  }

  @Test func `the archive has two of the releases or more`() async throws {
    var found: [String] = []
    for release in ["buster", "bullseye", "trixie"] where try await Self.has(release) {
      found.append(release)
    }
    #expect(found.count >= 2, "there is none but \(found)")
  }

  @Test(needs("buster")) func `the wrapper serves wget of Debian 10`() async throws {
    try await serve("buster")
  }

  @Test(needs("bullseye")) func `the wrapper serves wget of Debian 11`() async throws {
    try await serve("bullseye")
  }

  @Test(needs("trixie")) func `the wrapper serves wget of Debian 13`() async throws {
    try await serve("trixie")
  }

  private func serve(_ release: String) async throws {
    let archive = try #require(try await MachineArchive.configured(), "apt has no archive here")
    try await FaultServer.run { server in
      server.script("/file.tgz", .file(Array("bytes".utf8)))
      try await TemporaryFolder.with { folder in
        var environment = Tool.environment(home: folder)
        environment["RELEASE"] = release
        environment["ARCHIVE"] = archive.url
        environment["FILE_URL"] = "\(server.url)/file.tgz"
        let made = try await Tool.run(
          ["bash", "-ec", Self.root], in: folder, environment: environment)
        #expect(made.status == 0, "\(made.errors)")
        let built = try await Tool.run(
          [SonicSite.program, "run", "--", "bash", "-c", Self.build], in: folder,
          environment: environment)
        #expect(built.status == 0, "\(built.errors)")
        #expect(built.text.contains("GNU Wget"))
        func text(_ name: String) -> String? {
          try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
        #expect(text("root/got") == "bytes")
        #expect(text("mirror.lock")?.contains("web \(server.url)/file.tgz ") == true)
        #expect(text("root/hooks.log") == nil, "SONiC's hook went on by itself")

        // It is the wrapper that stops, and says so, when there is no gateway.
        environment["MIRROR_GATEWAY"] = "http://127.0.0.1:9"
        let alone = try await Tool.run(
          ["bash", "-c", Self.build], in: folder, environment: environment)
        #expect(alone.status == 21, "\(alone.errors)")
        #expect(alone.errors.contains("the gateway at http://127.0.0.1:9 does not answer"))
      }
    }
  }
}
