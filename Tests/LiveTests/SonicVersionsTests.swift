import Foundation
import MirrorCore
import MirrorTesting
import Testing

/// `sonic-mirror versions` and `hook`, through the built program.
@Suite struct SonicVersionsTests {
  private static let fixtures =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
    + "/MirrorSonicTests/Fixtures"

  private func sonic(_ words: String..., in folder: String) async throws -> Tool.Outcome {
    try await Tool.run([SonicSite.program] + words, in: folder)
  }

  @Test func `merge writes what upstream's generator writes`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await sonic(
        "versions", "merge", "--versions", "\(Self.fixtures)/versions", "--image",
        "docker-orchagent", "--dist", "trixie", "--arch", "arm64", "--out", "out", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        try FolderContents("\(folder)/out")
          == FolderContents("\(Self.fixtures)/golden/docker-orchagent/trixie-arm64"))
      let pins = try await sonic(
        "versions", "pins", "apt", "--priority", "1001", "out", in: folder)
      #expect(pins.text.contains("Package: arping\nPin: version 2.25-1+b1\nPin-Priority: 1001\n"))
      let constraints = try await sonic("versions", "pins", "pip", "out", in: folder)
      #expect(
        constraints.text.contains("\ngpg===1.14.0-unknown\n")
          || constraints.text.hasPrefix("gpg==="))
    }
  }

  @Test func `diff names what differs, and says by its code whether anything does`() async throws {
    try await TemporaryFolder.with { folder in
      for (name, text) in [("old", "a==1\nb==1"), ("new", "a==1\nb==2\n")] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)/dockers/docker-x", withIntermediateDirectories: true)
        try text.write(
          toFile: "\(folder)/\(name)/dockers/docker-x/versions-deb-trixie", atomically: true,
          encoding: .utf8)
      }
      let different = try await sonic("versions", "diff", "old", "new", in: folder)
      #expect(different.status == 1)
      #expect(different.text == "dockers/docker-x: ~ versions-deb-trixie b 1 -> 2\n")
      let same = try await sonic("versions", "diff", "old", "old", in: folder)
      #expect(same.status == 0 && same.text == "")
      let none = try await sonic("versions", "diff", "none", "nothing", in: folder)
      #expect(none.status == 25 && none.errors.contains("no lock files"))
    }
  }

  @Test func `diff takes a lock on either side, as the lists that it would be exported to`()
    async throws
  {
    try await FaultServer.run { server in
      server.script("/hello", .file(Array("hello".utf8)))
      try await TemporaryFolder.with { folder in
        let hex = String(repeating: "0", count: 64)
        func write(_ text: String, to path: String) throws {
          try Disk.makeFolder(Disk.parent(of: "\(folder)/\(path)"))
          try Disk.replace("\(folder)/\(path)", with: text.utf8)
        }
        // The MD5 of `hello`.
        try write(
          "\(server.url)/hello==5d41402abc4b2a76b9719d911017c592\n", to: "lists/versions-web")
        let imported = try await sonic("versions", "import", "--versions", "lists", in: folder)
        #expect(imported.status == 0, "\(imported.errors)")
        let recorded = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        for (name, version) in [("mirror", "1.16.0"), ("other", "1.17.0")] {
          let deb = "apt https://deb.example/debian/pool/main/c/curl/curl_8_amd64.deb"
          try write(
            recorded + """
              \(deb) sha256:\(hex) 1 architecture=amd64 package=curl release=trixie version=8
              pip pkg:pypi/six@\(version)?file_name=six.whl sha256:\(hex) 1

              """, to: "\(name).lock")
        }
        // One list for all architectures has what the lock's for one has, and what no lock can tell.
        try write("curl==8\n", to: "lists/versions-deb-trixie")
        try write("six==1.16.0\n", to: "lists/versions-py3")
        try write("x==1\n", to: "lists/versions-docker")
        for sides in [
          ["lists", "mirror.lock"], ["mirror.lock", "lists"], ["mirror.lock", "mirror.lock"],
        ] {
          let same = try await sonic("versions", "diff", sides[0], sides[1], in: folder)
          #expect(same.status == 0 && same.text == "", "\(sides): \(same.text)\(same.errors)")
        }
        let newer = try await sonic("versions", "diff", "lists", "other.lock", in: folder)
        #expect(newer.status == 1, "\(newer.errors)")
        #expect(newer.text == "~ versions-py3 six 1.16.0 -> 1.17.0\n")
        let locks = try await sonic("versions", "diff", "other.lock", "mirror.lock", in: folder)
        #expect(locks.status == 1 && locks.text == "~ versions-py3 six 1.17.0 -> 1.16.0\n")

        let gaps = try await sonic(
          "versions", "diff", "--store", "empty", "lists", "mirror.lock", in: folder)
        #expect(gaps.status == 26 && gaps.errors.contains("/hello: its bytes are not in the store"))
        try write("x==1\n", to: "tree/dockers/docker-x/versions-deb")
        let tree = try await sonic("versions", "diff", "tree", "mirror.lock", in: folder)
        #expect(tree.status == 25 && tree.errors.contains("tree/default"), "\(tree.errors)")
      }
    }
  }

  @Test func `versions-web goes into lock and store and comes out the same`() async throws {
    try await FaultServer.run { server in
      server.script("/hello", .file(Array("hello".utf8)))
      server.script("/dir//x%2By?b=1", .file(Array("hello\n".utf8)))
      server.script("/wrong", .file(Array("other".utf8)))
      try await TemporaryFolder.with { folder in
        // The MD5 of `hello` and of `hello\n`.
        let list = """
          \(server.url)/dir//x%2By?b=1==b1946ac92492d2347c6235b4d2611184
          \(server.url)/hello==5d41402abc4b2a76b9719d911017c592

          """
        try FileManager.default.createDirectory(
          atPath: "\(folder)/lists", withIntermediateDirectories: true)
        let path = "\(folder)/lists/versions-web"
        try list.write(toFile: path, atomically: true, encoding: .utf8)
        let first = try await sonic("versions", "import", "--versions", "lists", in: folder)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("2 of 2 URLs in mirror.lock: 2 fetched, 0 were in the store"))
        let again = try await sonic(
          "versions", "import", "--offline", "--versions", "lists", in: folder)
        #expect(again.errors.contains("0 fetched, 2 were in the store"), "\(again.errors)")
        let export = try await sonic("versions", "export", "--out", "out", in: folder)
        #expect(export.status == 0, "\(export.errors)")
        #expect(try String(contentsOfFile: "\(folder)/out/versions-web", encoding: .utf8) == list)

        let before = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        try "\(server.url)/wrong==5d41402abc4b2a76b9719d911017c592"
          .write(toFile: path, atomically: true, encoding: .utf8)
        let wrong = try await sonic("versions", "import", "--versions", "lists", in: folder)
        #expect(wrong.status == 23, "\(wrong.errors)")
        #expect(try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8) == before)
      }
    }
  }

  @Test(
    .enabled(if: Tool.areInstalled("wget", "dpkg-deb"), "wget or dpkg-deb is missing: Tests/run"))
  func `a file of an archive that was recorded keeps its line, and an import makes a whole one`()
    async throws
  {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let package = "/debian/pool/main/h/hello/hello_2.10-3_amd64.deb"
        let control =
          "Package: hello\nVersion: 1:2.10-3\nArchitecture: amd64\nMaintainer: x\nDescription: x\n"
        let build = """
          mkdir -p hello/DEBIAN lists && printf '\(control)' > hello/DEBIAN/control
          dpkg-deb --build hello hello.deb && md5sum < hello.deb | cut -d ' ' -f 1
          """
        let built = try await Tool.run(["sh", "-c", build], in: folder)
        #expect(built.status == 0, "\(built.errors)")
        let sum = try #require(built.text.split(separator: "\n").last)
        server.script(
          package, .file([UInt8](try Data(contentsOf: URL(filePath: "\(folder)/hello.deb")))))
        // The MD5 of `hello`.
        server.script("/debian/dists/stable/Release", .file(Array("hello".utf8)))
        let list = """
          \(server.url)/debian/dists/stable/Release==5d41402abc4b2a76b9719d911017c592
          \(server.url)\(package)==\(sum)

          """
        try list.write(toFile: "\(folder)/lists/versions-web", atomically: true, encoding: .utf8)

        // Into an empty lock, and once more from the store.
        var imported: [String] = []
        for _ in 1...2 {
          let outcome = try await sonic("versions", "import", "--versions", "lists", in: folder)
          #expect(outcome.status == 0, "\(outcome.errors)")
          imported.append(try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8))
        }
        #expect(imported[0] == imported[1])
        #expect(imported[0].contains("architecture=amd64"), "\(imported[0])")
        #expect(imported[0].contains("version=1:2.10-3"), "\(imported[0])")
        #expect(imported[0].contains("changes=yes"), "\(imported[0])")

        // What a run recorded says the same, and stays.
        try FileManager.default.removeItem(atPath: "\(folder)/mirror.lock")
        let run = try await sonic(
          "run", "--", "wget", "-q", "\(server.url)\(package)",
          "\(server.url)/debian/dists/stable/Release", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let recorded = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(recorded == imported[0])
        #expect(
          try await sonic("versions", "import", "--versions", "lists", in: folder).status == 0)
        #expect(
          try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8) == recorded)

        // A package of Debian is listed as one, and not by its URL; the suite has no date.
        let export = try await sonic("versions", "export", "--out", "out", in: folder)
        #expect(try FolderContents("\(folder)/out").names == ["versions-deb-all-amd64"])
        #expect(export.status == 0, "\(export.errors)")
      }
    }
  }

  @Test func `the seat is laid, laid again without a change, and taken away`() async throws {
    try await TemporaryFolder.with { folder in
      let config = "export BUILD_PACKAGES_URL=https://packages.example/p"
      try FileManager.default.createDirectory(
        atPath: "\(folder)/info/config", withIntermediateDirectories: true)
      try config.write(
        toFile: "\(folder)/info/config/buildinfo.config", atomically: true, encoding: .utf8)
      let install = {
        try await sonic(
          "hook", "install", "--buildinfo", "info", "--gateway", "http://172.17.0.1:8040",
          in: folder)
      }
      let first = try await install()
      #expect(first.status == 0, "\(first.errors)")
      let listing = [
        "sh", "-c",
        "find info -type f | sort | xargs stat -c '%A %n' && find info -type f -exec sha256sum {} +",
      ]
      let laid = try await Tool.run(listing, in: folder).text
      #expect(laid.contains("info/mirror/bin/") && laid.contains("info/hooks/go"))
      #expect(try await install().status == 0)
      #expect(try await Tool.run(listing, in: folder).text == laid)
      let seat = try String(contentsOfFile: "\(folder)/info/mirror/seat", encoding: .utf8)
      #expect(seat.contains("\ngateway=http://172.17.0.1:8040\n"))
      #expect(seat.contains("\nset PIP_INDEX_URL={gateway}/pip/simple/\n"))
      #expect(seat.contains("\nset PIP_TRUSTED_HOST={authority}\n"))

      let conf = try await sonic("hook", "config", "--buildinfo", "info", in: folder)
      #expect(conf.text.contains("url    = https://packages.example/p\nlayout = name-md5\n"))

      #expect(try await sonic("hook", "remove", "--buildinfo", "info", in: folder).status == 0)
      #expect(
        try await Tool.run(["find", "info"], in: folder).text
          == "info\ninfo/config\ninfo/config/buildinfo.config\n")
      let left = try String(
        contentsOfFile: "\(folder)/info/config/buildinfo.config", encoding: .utf8)
      #expect(left == config + "\n")
    }
  }

  @Test(arguments: [
    "http://user:secret@172.17.0.1:8040", "https://172.17.0.1:8040", "http://gateway.example:8040",
    "http://172.17.0.1:8040/path", "http://127.0.0.+1:80", "nonsense",
  ])
  func `a gateway that must not or cannot be in the folder is refused`(url: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await sonic(
        "hook", "install", "--buildinfo", "info", "--gateway", url, in: folder)
      #expect(outcome.status == 25)
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(!outcome.errors.contains("secret"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/info/mirror/seat"))
    }
  }

  @Test(.enabled(if: Tool.areInstalled("make"), "make is missing: Tests/run"))
  func `one line in an optional file of make's lays the seat after SONiC wrote its file`()
    async throws
  {
    try await TemporaryFolder.with { folder in
      // The order of SONiC's Makefile.work: options, the file, the slave's Dockerfile, the copy.
      let makefile = """
        DOCKER_EXTRA_OPTS = $(HOUSE)
        -include rules/config.organization
        $(shell mkdir -p info/config; echo "export BUILD_PACKAGES_URL=" > info/config/buildinfo.config)
        $(shell DOCKER_EXTRA_OPTS=$(DOCKER_EXTRA_OPTS) sh -c 'echo "options=$$DOCKER_EXTRA_OPTS" > Dockerfile')
        $(shell rm -rf slave; cp -r info slave)
        all: ; @cat Dockerfile slave/config/buildinfo.config
        """
      try makefile.write(toFile: "\(folder)/Makefile.work", atomically: true, encoding: .utf8)
      let bare = try await Tool.run(["make", "-f", "Makefile.work"], in: folder)
      #expect(bare.text == "options=\nexport BUILD_PACKAGES_URL=\n")
      try FileManager.default.createDirectory(
        atPath: "\(folder)/rules", withIntermediateDirectories: true)
      let line =
        "DOCKER_EXTRA_OPTS += $(shell \(SonicSite.program) hook install --buildinfo info "
        + "--gateway http://172.17.0.1:8040)\n"
      try line.write(
        toFile: "\(folder)/rules/config.organization", atomically: true, encoding: .utf8)
      for _ in 1...2 {
        let seated = try await Tool.run(["make", "-f", "Makefile.work", "HOUSE=--mtu"], in: folder)
        #expect(seated.status == 0, "\(seated.errors)")
        #expect(
          seated.text.hasPrefix("options=--mtu\nexport BUILD_PACKAGES_URL=\nif [ -r /usr/local/"))
        #expect(seated.text.split(separator: "\n").count == 3)
        #expect(FileManager.default.fileExists(atPath: "\(folder)/slave/mirror/seat"))
      }
    }
  }
}
