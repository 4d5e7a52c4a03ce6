import Foundation
import MirrorTesting
import Testing

/// Real pip and uv against the index that this machine is configured with.
@Suite(.serialized) struct PipTests {
  private static let packages = [
    "requests", "flask", "click", "jinja2", "attrs", "packaging", "six", "rich", "httpx", "pyyaml",
  ]
  private static let download =
    ["pip", "download", "--disable-pip-version-check", "-q", "--only-binary", ":all:"]

  @Test(
    .enabled(
      if: Tool.areInstalled("pip", "unshare", "ip"), "pip, unshare or ip is missing: Tests/run"),
    .enabled(if: Tool.canIsolate, "a network namespace needs root"))
  func `a recorded download repeats offline, byte for byte, and records the same lock`()
    async throws
  {
    try await TemporaryFolder.with { folder in
      let first = try await Tool.mirrorRun(
        ["--json-report", "report.json"], Self.download + ["-d", "wheels"] + Self.packages,
        in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let recorded = try FolderContents("\(folder)/wheels")
      #expect(recorded.names.count > Self.packages.count)

      // The same from the store, where there is nothing but loopback, and with no cache.
      let second = try await Tool.mirrorRun(
        ["--offline"], Self.download + ["-d", "again"] + Self.packages, in: folder, isolated: true)
      #expect(second.status == 0, "\(second.errors)")
      #expect(try FolderContents("\(folder)/again") == recorded)

      // Recorded anew into another store; what was released meanwhile is left out.
      let versions = recorded.names.filter { $0.hasSuffix(".whl") }
        .map { $0.split(separator: "-").prefix(2).joined(separator: "==") + "\n" }
      try versions.joined().write(
        toFile: "\(folder)/versions", atomically: true, encoding: .utf8)
      let third = try await Tool.mirrorRun(
        ["--store", "other", "--lock", "other.lock"],
        Self.download + ["-d", "third", "-c", "versions"] + Self.packages, in: folder)
      #expect(third.status == 0, "\(third.errors)")
      let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
      #expect(try String(contentsOfFile: "\(folder)/other.lock", encoding: .utf8) == lock)
      #expect(recorded.names.allSatisfy { lock.contains("file_name=\($0)") })

      try await verifyEditedDigest(lock, in: folder)
      try verifyReport(at: "\(folder)/report.json", count: recorded.names.count)
    }
  }

  /// A digest that was changed makes a locked run fail, and nothing of that file is delivered.
  private func verifyEditedDigest(_ lock: String, in folder: String) async throws {
    let line = try #require(
      lock.split(separator: "\n").first {
        $0.contains("pkg:pypi/six@") && !$0.contains(".metadata ")
      })
    let hex = try #require(line.firstMatch(of: /sha256:([0-9a-f]{64})/)).1
    let other = String(hex.reversed())
    try lock.replacing(hex, with: other)
      .write(toFile: "\(folder)/mirror.lock", atomically: true, encoding: .utf8)
    let outcome = try await Tool.mirrorRun(
      ["--locked"], Self.download + ["--no-deps", "-d", "edited", "six"], in: folder)
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("six") && outcome.errors.contains(other))
    let delivered = (try? FolderContents("\(folder)/edited").names) ?? []
    #expect(delivered.isEmpty)
  }

  private func verifyReport(at path: String, count: Int) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    for key in ["artifacts", "bytes", "served", "missed", "incidents", "exit"] {
      #expect(report[key] != nil, "the report has no \(key)")
    }
    #expect(report["exit"] as? Int == 0)
    #expect(try #require(report["artifacts"] as? Int) >= count)
    let served = try #require(report["served"] as? [String: Any])
    #expect(served["origin"] as? Int == report["artifacts"] as? Int)
    #expect(served["store"] as? Int == 0 && served["mirrors"] is [String: Any])
  }

  @Test(
    .enabled(if: Tool.areInstalled("uv", "python3", "unshare", "ip"), "uv is missing: Tests/run"),
    .enabled(if: Tool.canIsolate, "a network namespace needs root"))
  func `uv installs the same from the store, offline`() async throws {
    try await TemporaryFolder.with { folder in
      let install = { (target: String) in
        ["uv", "pip", "install", "-q", "--only-binary", ":all:", "--target", target] + Self.packages
      }
      let first = try await Tool.mirrorRun([], install("first"), in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let second = try await Tool.mirrorRun(
        ["--offline"], install("second"), in: folder, isolated: true)
      #expect(second.status == 0, "\(second.errors)")
      let listing = [
        "sh", "-c", "cd $0 && find . -name '*.py' -type f -exec sha256sum {} + | sort",
      ]
      let one = try await Tool.run(listing + ["first"], in: folder)
      let two = try await Tool.run(listing + ["second"], in: folder)
      #expect(one.text.contains("requests/api.py"))
      #expect(one.text == two.text)
    }
  }
}
