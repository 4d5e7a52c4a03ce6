import Foundation
import GoFixtures
import MirrorTesting
import Testing

/// The go commands of this machine: Debian's, and a newer one where `Tests/run` put one.
enum GoTool: String, CaseIterable, CustomTestStringConvertible {
  case debian = "go"
  case newer = "go-newer"

  static var installed: [GoTool] { allCases.filter(\.isInstalled) }

  var isInstalled: Bool { Tool.areInstalled(rawValue) }

  var testDescription: String { rawValue }
}

/// A place for go: a proxy with modules, a checksum database of its own, and a project that uses them.
struct GoWorld {
  /// Thirty modules that build on each other, and one of every kind that paths and versions come in.
  static let modules: [GoModule] = {
    var modules = (1...30).map { number in
      let name = "m\(number)"
      let next = number < 30 ? "m\(number + 1)" : nil
      let source =
        next.map { next in
          """
          package \(name)

          import "example.test/\(next)"

          func Sum() int { return \(number) + \(next).Sum() }

          """
        } ?? "package \(name)\n\nfunc Sum() int { return \(number) }\n"
      return GoModule(
        "example.test/\(name)", "v1.\(number).0",
        requires: next.map { ["example.test/\($0) v1.\(number + 1).0"] } ?? [],
        files: ["\(name).go": source, "LICENSE": "free\n"])
    }
    // An older version that nobody needs, and a version that is taken back by a newer one.
    modules.append(
      GoModule(
        "example.test/m1", "v1.0.0", files: ["m1.go": "package m1\n\nfunc Sum() int { return 0 }\n"]
      ))
    modules.append(GoModule("example.test/taken", "v1.0.0", files: ["t.go": constant("taken")]))
    modules.append(
      GoModule(
        "example.test/taken", "v1.0.1", files: ["t.go": constant("taken")],
        retracts: ["v1.0.1", "v1.0.0"]))
    modules.append(
      GoModule("example.test/Upper/Case", "v0.1.0", files: ["c.go": constant("upper")]))
    modules.append(GoModule("example.test/two/v2", "v2.1.0", files: ["t.go": constant("two")]))
    var old = GoModule("example.test/old", "v2.0.0+incompatible", files: ["o.go": constant("old")])
    old.goMod = nil
    modules.append(old)
    var pseudo = GoModule(
      "example.test/pseudo", "v0.0.0-20240102030405-abcdefabcdef",
      files: ["p.go": constant("pseudo")])
    pseudo.isListed = false
    modules.append(pseudo)
    var toolchain = GoModule(
      "golang.org/toolchain", "v0.0.1-\(Self.toolchain).linux-\(architecture)",
      files: [
        "bin/go": "#!/bin/sh\necho this is \(Self.toolchain)\n", "bin/gofmt": "\n",
        "pkg/tool/none": "\n", "lib/none": "\n",
      ])
    toolchain.goMod = nil
    modules.append(toolchain)
    return modules
  }()

  /// A toolchain that is a module, as go gets one that GOTOOLCHAIN names (go.dev/doc/toolchain).
  static let toolchain = "go1.99.0"

  #if arch(arm64)
    private static let architecture = "arm64"
  #else
    private static let architecture = "amd64"
  #endif

  private static func constant(_ name: String) -> String { "package \(name)\n\nconst Value = 1\n" }

  static let goMod = """
    module example.test/app

    go 1.17

    require (
    \texample.test/m1 v1.1.0
    \texample.test/Upper/Case v0.1.0
    \texample.test/two/v2 v2.1.0
    \texample.test/old v2.0.0+incompatible
    \texample.test/pseudo v0.0.0-20240102030405-abcdefabcdef
    \texample.test/taken v1.0.0
    )

    """

  static let program = """
    package main

    import (
    \tupper "example.test/Upper/Case"
    \t"example.test/m1"
    \t"example.test/old"
    \t"example.test/pseudo"
    \t"example.test/taken"
    \t"example.test/two/v2"
    )

    func main() {
    \tprintln(m1.Sum() + upper.Value + old.Value + pseudo.Value + taken.Value + two.Value)
    }

    """

  /// The sums of all of them.
  static var sums: String { modules.flatMap(\.sums).map { "\($0)\n" }.joined() }

  let server: FaultServer
  let folder: String
  let database = ChecksumDatabase("sum.example.test", modules)

  /// Serves the modules below `/proxy/` and the database below `/sum/`, and lays the project.
  init(_ server: FaultServer, _ folder: String) throws {
    self.server = server
    self.folder = folder
    var files: [String: [UInt8]] = [:]
    for (path, bytes) in GoModuleTree(Self.modules).files { files["proxy/\(path)"] = bytes }
    for (path, bytes) in try database.files() { files["sum/\(path)"] = bytes }
    server.setDefault(.tree(files, below: "/"))
    try write("go.mod", Self.goMod)
    try write("main.go", Self.program)
  }

  /// The environment of a user who has set up go for this place.
  var environment: [String: String] {
    var environment = Tool.environment(home: folder)
    for name in environment.keys where name.hasPrefix("GO") { environment[name] = nil }
    return environment.merging([
      "PWD": folder, "GOPROXY": "\(server.url)/proxy", "GOTOOLCHAIN": "local",
      "GOSUMDB": "\(database.verifierKey) \(server.url)/sum", "GOFLAGS": "-trimpath",
      "GOCACHE": "\(Tool.products)/live-go-cache",
    ]) { $1 }
  }

  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  func text(of name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// Takes away all that go has written into the project.
  func tidyUp() throws {
    for name in ["go.sum", "vendor", "app"] {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    try write("go.mod", Self.goMod)
  }

  /// Every file below a folder with its digest, for comparison.
  func digests(of name: String) async throws -> String {
    let words = ["sh", "-c", "cd \(name) && find . -type f -exec sha256sum {} + | sort -k2"]
    return try await Tool.run(words, in: folder).text
  }
}
