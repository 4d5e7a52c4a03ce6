import Foundation
import Subprocess
import SystemPackage

/// The real tools of this machine, and the programs under test.
enum Tool {
  /// What came of a command.
  struct Outcome: Sendable {
    var status: Int32
    var output: [UInt8]
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// The folder in which the build leaves `mirror` and `mirror-hook`, beside the tests.
  static let products: String = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return (tests ?? "").split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
  }()

  /// The program under test; `MIRROR_UNDER_TEST` names another one, with its own ecosystems.
  static let mirror =
    ProcessInfo.processInfo.environment["MIRROR_UNDER_TEST"] ?? "\(products)/mirror"

  /// Whether all of the tools are on PATH; what is missing is named in the output of the test run.
  static func areInstalled(_ names: String...) -> Bool {
    names.allSatisfy { name in
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
  }

  /// Whether an ssh server can be started on a connection (`sshd -i`).
  static let canServeSSH =
    areInstalled("ssh", "ssh-keygen")
    && FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd")

  /// Whether a network namespace of its own can be had, in which only loopback exists.
  static let canIsolate: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "unshare -n ip link set lo up"]
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// The environment of a build: the user's, without a place beside the index from which pip would take
  /// files, and without caches from before.
  static func environment(home: String) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["PIP_FIND_LINKS"] = nil
    environment["HOME"] = home
    environment["XDG_CACHE_HOME"] = "\(home)/.cache"
    return environment
  }

  /// Runs a command to its end.
  static func run(
    _ words: [String], in folder: String, environment: [String: String]? = nil
  ) async throws -> Outcome {
    let variables = environment ?? Self.environment(home: folder)
    let pairs = variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let result = try await Subprocess.run(
      words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0]),
      arguments: Arguments(Array(words.dropFirst())),
      environment: .custom(Dictionary(pairs) { $1 }), workingDirectory: FilePath(folder),
      input: .none, output: .bytes(limit: 1 << 26), error: .string(limit: 1 << 22))
    let status: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    return Outcome(
      status: status, output: result.standardOutput, errors: result.standardError)
  }

  /// Runs `mirror run OPTIONS -- COMMAND`.
  static func mirrorRun(
    _ options: [String] = [], _ command: [String], in folder: String, isolated: Bool = false,
    environment: [String: String]? = nil
  ) async throws -> Outcome {
    let words = [mirror, "run"] + options + ["--"] + command
    guard isolated else { return try await run(words, in: folder, environment: environment) }
    let script = "ip link set lo up && exec \"$@\""
    return try await run(
      ["unshare", "-n", "sh", "-c", script, "sh"] + words, in: folder, environment: environment)
  }
}
