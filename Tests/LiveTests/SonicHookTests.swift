import Foundation
import MirrorTesting
import Testing

/// Real tools behind hooks in the shape of SONiC's, with a real gateway.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("wget", "curl", "bash", "unshare", "ip"),
    "wget, curl, bash, unshare or ip is missing: Tests/run"),
  .enabled(if: Tool.canIsolate, "a network namespace needs root"))
struct SonicHookTests {
  @Test(arguments: [nil, TestCertificate.trusted])
  func `every form in the recipes is recorded and repeats offline, byte for byte`(
    tls: TestCertificate?
  ) async throws {
    try await FaultServer.run(tls: tls) { server in
      SonicDownloads.serve(on: server)
      try await TemporaryFolder.with { folder in
        let site = try await SonicSite(in: folder)
        try site.trustTestAuthority()
        let build = SonicDownloads.forms(of: server.url)
        let first = try await site.build(build, in: "first")
        #expect(first.status == 0, "\(first.errors)")
        let second = try await site.build(build, ["--offline"], in: "second", isolated: true)
        #expect(second.status == 0, "\(second.errors)")
        #expect(try FolderContents("\(folder)/second") == FolderContents("\(folder)/first"))
        #expect(site.text("first/c6") == "ran\n")
        #expect(site.text("first/c9") == (tls == nil ? "" : "ran\n"))
        #expect(site.hooksCalled == "", "SONiC's hook went on by itself")
        #expect(site.lock.split(separator: "\n").count > 17)
        #expect(!first.errors.contains("not mirrored"), "\(first.errors)")
        #expect(server.requests(to: "/a.tgz").count == 1, "a file was asked for twice")
      }
    }
  }

  @Test(.enabled(if: Tool.areInstalled("dget"), "dget is missing: Tests/run"))
  func `dget takes a source package with all its parts, and again offline`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      SonicDownloads.serveSource(on: server)
      try await TemporaryFolder.with { folder in
        let site = try await SonicSite(in: folder)
        try site.trustTestAuthority()
        let build = "dget -d -u \(server.url)/pool/tool_1.0-1.dsc"
        let first = try await site.build(build, in: "first")
        #expect(first.status == 0, "\(first.errors)")
        let files = try FolderContents("\(folder)/first")
        #expect(files.names.count == 3, "\(files.names)")
        for name in files.names {
          // Packages below pool are taken for what they are, by whatever way.
          #expect(site.lock.contains("apt \(server.url)/pool/\(name) "), "\(site.lock)")
        }
        let second = try await site.build(build, ["--offline"], in: "second", isolated: true)
        #expect(second.status == 0, "\(second.errors)")
        #expect(try FolderContents("\(folder)/second") == files)
        #expect(site.hooksCalled == "", "SONiC's hook went on by itself")
      }
    }
  }

  @Test func `120 downloads at once leave 120 records`() async throws {
    try await FaultServer.run { server in
      for number in 0..<120 { server.script("/file\(number)", .file(Array("\(number)\n".utf8))) }
      try await TemporaryFolder.with { folder in
        let site = try await SonicSite(in: folder)
        let outcome = try await site.build(
          "seq 0 119 | xargs -I{} -P 24 wget -q \(server.url)/file{}", in: "work")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(site.lock.split(separator: "\n").filter { $0.hasPrefix("web ") }.count == 120)
      }
    }
  }

  @Test func `a file that has not the MD5 of versions-web is not accepted`() async throws {
    try await FaultServer.run { server in
      SonicDownloads.serve(on: server)
      try await TemporaryFolder.with { folder in
        let site = try await SonicSite(
          in: folder,
          versions: ["versions-web": "\(server.url)/a.tgz==0123456789abcdef0123456789abcdef"])
        for command in ["wget -q \(server.url)/a.tgz", "curl -o a.tgz \(server.url)/a.tgz"] {
          let outcome = try await site.build(
            command, in: "work", versions: "\(site.root)/versions")
          #expect(outcome.status != 0, "\(command) was satisfied")
          #expect(!site.lock.contains("a.tgz"))
        }
        let other = try await site.build(
          "wget -q \(server.url)/b.tgz", in: "work", versions: "\(site.root)/versions")
        #expect(other.status == 0, "\(other.errors)")
      }
    }
  }

  @Test(arguments: ["wget -q", "curl -fsSO"])
  func `without pins the mirror is asked, and the MD5 of versions-web does not count`(
    command: String
  ) async throws {
    try await FaultServer.run { server in
      SonicDownloads.serve(on: server)
      try await TemporaryFolder.with { folder in
        let url = "\(server.url)/a.tgz"
        let site = try await SonicSite(
          in: folder, versions: ["versions-web": "\(url)==0123456789abcdef0123456789abcdef"])
        let outcome = try await site.build(
          "SKIP_BUILD_HOOK=y \(command) \(url)", in: "work", versions: "\(site.root)/versions")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(site.lock.contains(url))
      }
    }
  }

  @Test(
    arguments: [TestCertificate.selfSigned, .wrongHost],
    [
      "curl -k -o got URL/script", "curl -k -fsSL URL/script -o got",
      "wget -q --no-check-certificate -O got URL/script",
    ])
  func `TLS off in a recipe lets no unknown server in`(
    certificate: TestCertificate, command: String
  ) async throws {
    try await FaultServer.run(tls: certificate) { server in
      SonicDownloads.serve(on: server)
      try await TemporaryFolder.with { folder in
        let site = try await SonicSite(in: folder)
        try site.trustTestAuthority()
        let outcome = try await site.build(command.replacing("URL", with: server.url), in: "work")
        #expect(outcome.status != 0, "\(command) was satisfied")
        #expect(outcome.errors.contains("\(server.url) cannot be trusted"), "\(outcome.errors)")
        let got = site.text("work/got")
        #expect(got.isEmpty || got.hasPrefix("mirror: \(server.url)/script: "), "\(got)")
        #expect(site.text("store/runs/last/ledger.jsonl").contains(#""outcome":"insecure""#))
        #expect(!site.lock.contains("/script"))
        #expect(server.requests.isEmpty, "\(server.requests)")
      }
    }
  }

  @Test func `two URLs in one command keep their own bytes, and a damaged store gives none`()
    async throws
  {
    try await FaultServer.run { server in
      server.script("/one.tgz", .file(Array("one".utf8)))
      server.script("/two.tgz", .file(Array("two".utf8)))
      try await TemporaryFolder.with { folder in
        let site = try await SonicSite(in: folder)
        let command = "wget -q \(server.url)/one.tgz \(server.url)/two.tgz"
        #expect(try await site.build(command, in: "first").status == 0)
        #expect(try await site.build(command, ["--offline"], in: "second").status == 0)
        #expect(site.text("second/one.tgz") == "one")
        #expect(site.text("second/two.tgz") == "two")
        let damage = "for f in store/sha256/*/*; do chmod +w $f; echo bad > $f; done"
        #expect(try await Tool.run(["sh", "-c", damage], in: folder).status == 0)
        let third = try await site.build(command, ["--offline"], in: "third")
        #expect(third.status != 0)
        #expect(!site.text("third/one.tgz").contains("bad"))
      }
    }
  }

  @Test(
    .enabled(if: Tool.areInstalled("git"), "git is missing: Tests/run"),
    arguments: [
      "git log --grep clone", "git clone /nonexistent/repository.git || true",
      "git clone -q $PWD foo.bar", "git -C . clone -q $PWD other",
    ])
  func `nobody's work tree is reset`(command: String) async throws {
    try await TemporaryFolder.with { folder in
      let site = try await SonicSite(in: folder)
      let outcome = try await site.build(
        """
        git init -q . && git config user.email a@a.example && git config user.name a
        echo one > file && git add file && git commit -qm 'clone the sheep'
        echo edited > file
        \(command)
        """, in: "work")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(site.text("work/file") == "edited\n")
      #expect(site.hooksCalled == "")
    }
  }

  @Test(.enabled(if: Tool.areInstalled("pip3"), "pip3 is missing: Tests/run"))
  func `pip is held to the list, and takes the same offline`() async throws {
    try await TemporaryFolder.with { folder in
      let site = try await SonicSite(in: folder, versions: ["versions-py3": "Six==1.15.0\n"])
      let command = "pip3 download -q --disable-pip-version-check --no-cache-dir -d . six"
      let first = try await site.build(command, in: "first")
      #expect(first.status == 0, "\(first.errors)")
      let names = try FolderContents("\(folder)/first").names
      #expect(names.count == 1 && names.first?.contains("six-1.15.0") == true, "\(names)")
      let second = try await site.build(command, ["--offline"], in: "second", isolated: true)
      #expect(second.status == 0, "\(second.errors)")
      #expect(try FolderContents("\(folder)/second") == FolderContents("\(folder)/first"))
      #expect(site.hooksCalled == "")
    }
  }
}
