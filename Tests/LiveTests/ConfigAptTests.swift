import Foundation
import MirrorTesting
import Testing

/// `mirror config apt`: a real apt without our binary reads the files.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg", "sha256sum", "mkfifo"),
    "apt-get, gpg or mkfifo is missing: Tests/run"))
struct ConfigAptTests {
  /// An image's root whose apt has a small archive as its source, and what runs that apt.
  private func image(
    _ archive: SmallArchive, _ source: String, in folder: String
  ) throws -> (root: AptRoot, script: String) {
    let root = try AptRoot(at: "\(folder)/image", sources: ["# of the image", source])
    try root.configuration.write(toFile: "\(folder)/apt.conf", atomically: true, encoding: .utf8)
    let script = """
      unset http_proxy https_proxy no_proxy all_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY
      export APT_CONFIG=$PWD/apt.conf
      apt-get -q update && apt-get -q install -y --download-only \(SmallArchive.packages.joined(separator: " "))
      """
    return (root, script)
  }

  @Test func `apt updates and installs from a mirror by the image's own sources`() async throws {
    try await FaultServer.run { mirror in
      try await TemporaryFolder.with { folder in
        let archive = try await SmallArchive(in: folder)
        archive.serve(on: mirror, at: "/apt")
        try "[mirror acme]\nurl = \(mirror.url)/apt\n[chain apt]\nsources = store, acme\n"
          .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
        let (root, script) = try image(
          archive, archive.source(at: "https://archive.example/debian"), in: folder)
        let command = [Tool.mirror, "config", "--into", "image", "apt"]
        let list = "\(folder)/image/etc/apt/sources.list"
        for _ in 1...2 {
          let outcome = try await Tool.run(command, in: folder)
          #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
          let text = try String(contentsOfFile: list, encoding: .utf8)
          #expect(text == "# of the image\n\(archive.source(at: "\(mirror.url)/apt"))\n")
        }
        let others = try FileManager.default.contentsOfDirectory(
          atPath: "\(folder)/image/etc/apt/sources.list.d")
        #expect(others.isEmpty, "this machine's own sources are in the image")
        let outcome = try await Tool.run(["sh", "-c", script], in: folder)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(try root.packages().count == SmallArchive.packages.count)
      }
    }
  }

  @Test func `apt updates and installs through a gateway, which records it`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let archive = try await SmallArchive(in: folder)
        archive.serve(on: server)
        let (root, script) = try image(archive, archive.source(on: server), in: folder)
        let outcome = try await Served.script(
          "--record --listen 0.0.0.0:0",
          """
          mirror config --into image --gateway http://localhost:$port/ apt
          echo "config $?"
          (\(script)) > said.apt 2>&1
          echo "apt $?"
          """, in: folder)
        let said = try String(contentsOfFile: "\(folder)/said.apt", encoding: .utf8)
        #expect(
          outcome.text == "config 0\napt 0\nended with 0\n",
          "\(outcome.text)\(outcome.errors)\(said)")
        #expect(try root.packages().count == SmallArchive.packages.count)
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        for name in SmallArchive.packages {
          #expect(lock.contains(" package=\(name) "), "\(lock)")
        }
      }
    }
  }
}
