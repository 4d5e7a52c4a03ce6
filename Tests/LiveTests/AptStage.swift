import Foundation
import MirrorTesting

/// An archive of the test's own at a server, and apts in roots of their own that know it.
struct AptStage {
  let archive: SmallArchive
  let origin: FaultServer
  let folder: String

  /// Sets one up, and clears it away when the body is done.
  static func run(
    packages: [String] = SmallArchive.packages, _ body: (AptStage) async throws -> Void
  ) async throws {
    try await FaultServer.run { origin in
      try await TemporaryFolder.with { folder in
        let archive = try await SmallArchive(in: folder, packages: packages)
        archive.serve(on: origin)
        try await body(AptStage(archive: archive, origin: origin, folder: folder))
      }
    }
  }

  /// Updates, and downloads both packages.
  static let download = [["update"], ["install", "-y", "--download-only"] + SmallArchive.packages]

  /// Runs commands of apt-get, or of apt-cache for `policy`, in a root one after the other, behind
  /// `mirror run`.
  ///
  /// - Parameters:
  ///   - name: the root's name; what a run left there is there for the next.
  ///   - source: its line of sources.list, unless it is the archive's own.
  ///   - configuration: the file that the user's `APT_CONFIG` names.
  func run(
    _ options: [String] = [], _ name: String, _ commands: [[String]], source: String? = nil,
    configuration: String? = nil
  ) async throws -> (Tool.Outcome, AptRoot) {
    let root = try AptRoot(
      at: "\(folder)/\(name)", sources: [source ?? archive.source(on: origin)])
    let script = commands.map { words in
      let command = words[0] == "policy" ? root.aptCache(words) : root.aptGet(words)
      return command.map { "'\($0)'" }.joined(separator: " ")
    }
    var environment = Tool.environment(home: folder)
    if let configuration { environment["APT_CONFIG"] = configuration }
    let outcome = try await Tool.mirrorRun(
      options, ["sh", "-c", script.joined(separator: " && ")], in: folder,
      environment: environment)
    return (outcome, root)
  }

  /// Writes `mirror.conf`.
  func configure(_ text: String) throws {
    try text.write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
  }

  /// Whether a root has both packages, and nothing else.
  func isComplete(_ root: AptRoot) throws -> Bool {
    let right = SmallArchive.packages.compactMap { archive.files[SmallArchive.path(of: $0)] }
    return Set(try root.packages().values.map { [UInt8]($0) }) == Set(right)
  }

  /// The paths of the packages that the archive was asked for.
  var packagesAsked: [String] { origin.requests.map(\.path).filter { $0.hasSuffix(".deb") } }

  /// The text of the lock.
  var lock: String {
    get throws { try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8) }
  }

  /// The ledger of the last run.
  var ledger: String {
    get throws {
      try String(contentsOfFile: "\(folder)/.mirror/runs/last/ledger.jsonl", encoding: .utf8)
    }
  }
}
