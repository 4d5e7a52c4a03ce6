import Foundation
import MirrorTesting
import Testing

/// Tools that run git themselves: they inherit the way to the gateway.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct GitToolsTests {
  @Test(.enabled(if: Tool.areInstalled("pip"), "pip is missing: Tests/run"))
  func `pip builds from git+https at a tag, and again offline`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.shell(
        """
        git init -q --bare "$ROOT/pkg.git" && git clone -q "$ROOT/pkg.git" pkg && cd pkg
        cat > pyproject.toml <<'E'
        [build-system]
        requires = []
        build-backend = "backend"
        backend-path = ["."]
        E
        cat > backend.py <<'E'
        import os, zipfile
        def build_wheel(folder, config_settings=None, metadata_directory=None):
          name = "demo-1.0-py3-none-any.whl"
          with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
            wheel.writestr("demo.py", "x = 1")
            wheel.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
            wheel.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
            wheel.writestr("demo-1.0.dist-info/RECORD", "")
          return name
        E
        git add . && git commit -qm one && git tag v1 && git push -q origin HEAD:main v1
        """)
      let script =
        "rm -rf w && pip wheel -q --disable-pip-version-check --no-deps -w w "
        + "git+https://git.example/pkg@v1 && ls w"
      let first = try await fixture.build([], script.replacing("/pkg@", with: "/pkg.git@"))
      #expect(first.text == "demo-1.0-py3-none-any.whl\n", "\(first.errors)")
      try FileManager.default.removeItem(atPath: fixture.server.root)
      let second = try await fixture.build(["--offline"], script)
      #expect(second.text == first.text, "\(second.errors)")
    }
  }

  /// The repository is one that this package depends on, so whoever runs the tests can read it.
  @Test(.enabled(if: Tool.canIsolate, "a network namespace needs root"))
  func `a public package is cloned, and again without any way to it`()
    async throws
  {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let manifest = try String(
      contentsOf: package.appending(path: "Package.swift"), encoding: .utf8)
    let address = try #require(
      manifest.firstMatch(of: /url: "(https:[^"]*swift-log[^"]*)"/)
    ).output.1
    try await TemporaryFolder.with { folder in
      var environment = Tool.environment(home: folder).filter { !$0.key.hasPrefix("GIT_") }
      let script = """
        rm -rf p && git clone -q \(address) p && cd p && git config remote.origin.url && git fsck --strict
        git describe --tags && git rev-parse HEAD && git rev-list --all | sha256sum && git status --short
        """
      let words = ["sh", "-c", script]
      let direct = try await Tool.run(words, in: folder, environment: environment)
      #expect(direct.text.hasPrefix("\(address)\n"), "\(direct.errors)")
      let recorded = try await Tool.mirrorRun([], words, in: folder, environment: environment)
      #expect(recorded.text == direct.text, "\(recorded.errors)")
      // Where the machine itself reads public addresses from elsewhere, it does not know that any more.
      environment["GIT_CONFIG_NOSYSTEM"] = "1"
      let offline = try await Tool.mirrorRun(
        ["--offline"], words, in: folder, isolated: true, environment: environment)
      #expect(offline.text == direct.text, "\(offline.errors)")
    }
  }

  @Test(.enabled(if: Tool.areInstalled("swift"), "there is no swift on PATH"))
  func `SwiftPM resolves a dependency, and again offline with an empty cache`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.shell(
        """
        git init -q --bare "$ROOT/Lib.git" && git clone -q "$ROOT/Lib.git" lib && cd lib
        mkdir -p Sources/Lib && echo 'public let x = 1' > Sources/Lib/Lib.swift
        printf '%s\\n' '// swift-tools-version: 6.0' 'import PackageDescription' \\
          'let package = Package(name: "Lib", products: [.library(name: "Lib", targets: ["Lib"])], targets: [.target(name: "Lib")])' > Package.swift
        git add . && git commit -qm one && git tag 1.2.3 && git push -q origin HEAD:main 1.2.3
        cd .. && mkdir -p app/Sources/App && cd app && echo 'import Lib' > Sources/App/main.swift
        printf '%s\\n' '// swift-tools-version: 6.0' 'import PackageDescription' \\
          'let package = Package(name: "App", dependencies: [.package(url: "https://git.example/Lib.git", from: "1.0.0")], targets: [.executableTarget(name: "App", dependencies: ["Lib"])])' > Package.swift
        """)
      let script = """
        cd app && rm -rf .build Package.resolved swiftpm
        swift package --disable-sandbox --cache-path swiftpm/cache --security-path swiftpm/security \
          --config-path swiftpm/configuration resolve >/dev/null 2>log || cat log
        grep -E 'location|revision|version' Package.resolved
        """
      let first = try await fixture.build([], script)
      #expect(first.text.contains(#""version" : "1.2.3""#), "\(first.text) \(first.errors)")
      try FileManager.default.removeItem(atPath: fixture.server.root)
      let second = try await fixture.build(["--offline"], script)
      #expect(second.text == first.text, "\(second.errors)")
    }
  }

  @Test(.enabled(if: Tool.areInstalled("go"), "go is missing: Tests/run"))
  func `go in direct mode gets a module, and again offline with an empty cache`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.shell(
        """
        git init -q --bare "$ROOT/mod.git" && git clone -q "$ROOT/mod.git" mod && cd mod
        printf 'module git.example/mod.git\\n\\ngo 1.19\\n' > go.mod && echo 'package mod' > mod.go
        git add . && git commit -qm one && git tag v1.0.0 && git push -q origin HEAD:main v1.0.0
        """)
      let script = """
        export GOPROXY=direct GONOPROXY= GOFLAGS=-modcacherw GONOSUMDB='*' GOSUMDB=off GOTOOLCHAIN=local
        export GOMODCACHE=$PWD/cache GOPATH=$PWD/path; rm -rf cache path
        go mod download -json git.example/mod.git@v1.0.0 | grep -E '"(Version|Sum|Error)"'
        """
      let first = try await fixture.build([], script)
      #expect(first.text.contains("v1.0.0") && first.text.contains("h1:"), "\(first.text)")
      try FileManager.default.removeItem(atPath: fixture.server.root)
      let second = try await fixture.build(["--offline"], script)
      #expect(second.text == first.text, "\(second.errors)")
    }
  }
}
