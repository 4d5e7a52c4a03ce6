import Foundation
import MirrorTesting

/// Repositories on a server, known to git as `https://git.example/`, and a folder to build in.
struct GitFixture: Sendable {
  let server: GitServer
  let folder: String
  let environment: [String: String]

  /// Makes the server, and runs a body with it.
  static func run(
    login: String = "", _ body: @Sendable (GitFixture) async throws -> Void
  ) async throws {
    try await TemporaryFolder.with { folder in
      try await GitServer.run(in: folder, login: login) { server in
        var environment = Tool.environment(home: folder).filter { !$0.key.hasPrefix("GIT_") }
        environment["GIT_CONFIG_NOSYSTEM"] = "1"
        let settings = """
          [user]
          \temail = t@example.com
          \tname = t
          [gc]
          \tauto = 0
          [init]
          \tdefaultBranch = main
          [url "\(server.url)/"]
          \tinsteadOf = https://git.example/
          """
        try settings.write(toFile: "\(folder)/.gitconfig", atomically: true, encoding: .utf8)
        let work = "\(folder)/work"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        try await body(GitFixture(server: server, folder: work, environment: environment))
      }
    }
  }

  /// Runs a shell script beside the build, without us, `$ROOT` being the upstream's folder.
  @discardableResult
  func shell(_ script: String) async throws -> Tool.Outcome {
    var environment = environment
    environment["ROOT"] = server.root
    let outcome = try await Tool.run(
      ["bash", "-ec", script], in: folder, environment: environment)
    if outcome.status != 0 { throw Failure(description: outcome.errors) }
    return outcome
  }

  /// Runs a shell script as a build.
  func build(
    _ options: [String] = [], _ script: String, isolated: Bool = false
  ) async throws -> Tool.Outcome {
    try await Tool.mirrorRun(
      options, ["bash", "-c", script], in: folder, isolated: isolated, environment: environment)
  }

  /// Makes a bare repository with a linear history on `main`, `side` and the tag `v1` in its middle.
  func makeRepository(_ name: String, commits: Int) async throws {
    try await shell(
      """
      path="$ROOT/\(name).git"
      git init -q --bare "$path"
      for key in uploadpack.allowFilter uploadpack.allowAnySHA1InWant http.receivepack; do
        git -C "$path" config $key true
      done
      python3 - \(commits) <<'EOS' | git -C "$path" fast-import --quiet
      import sys
      count, out = int(sys.argv[1]), sys.stdout
      for i in range(1, count + 1):
        text = f"commit {i}\\n"
        out.write(f"commit refs/heads/main\\nmark :{i}\\ncommitter T <t@example.com> {1600000000 + i * 60} +0000\\n")
        out.write(f"data {len(text)}\\n{text}")
        data = f"line {i}\\n" * 3
        out.write(f"M 100644 inline dir{i % 10}/f{i % 97}\\ndata {len(data)}\\n{data}\\n")
        if i == (count + 1) // 2:
          out.write(f"reset refs/heads/side\\nfrom :{i}\\n\\nreset refs/tags/v1\\nfrom :{i}\\n\\n")
      EOS
      git -C "$path" symbolic-ref HEAD refs/heads/main
      git -C "$path" repack -adq
      """)
  }

  /// The files of a repository as plain HTTP serves them (gitprotocol-http(5), dumb clients), by path.
  func bareTree(_ name: String, as place: String) async throws -> [String: [UInt8]] {
    try await shell("git -C \"$ROOT/\(name).git\" update-server-info")
    let root = "\(server.root)/\(name).git"
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      if let data = FileManager.default.contents(atPath: "\(root)/\(name)") {
        files["\(place)/\(name)"] = Array(data)
      }
    }
    return files
  }

  /// The environment with a shell script as ssh; five seconds bound every wait from then on.
  func environment(withSSH script: String) async throws -> [String: String] {
    let files = ["fake": "#!/bin/sh\n\(script)\n", "mirror.conf": "[policy]\ntime-limit = 5\n"]
    for (name, text) in files {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    try await shell("chmod +x fake")
    return environment.merging([
      "GIT_SSH_COMMAND": "\(folder)/fake", "GIT_SSH_VARIANT": "simple",
    ]) { $1 }
  }

  /// The text of a file below the build's folder; empty when there is none.
  func text(_ name: String) -> String {
    (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
  }

  /// The first line of the last run's ledger.
  func firstEntry() throws -> [String: Any] {
    let line = text(".mirror/runs/last/ledger.jsonl").split(separator: "\n").first ?? ""
    let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    guard let entry else { throw Failure(description: "the ledger has no entry: \(line)") }
    return entry
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }
}
