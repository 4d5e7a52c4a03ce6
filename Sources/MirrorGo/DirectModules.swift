import FoundationEssentials
import MirrorCore
import Synchronization

/// Modules straight from their version control systems, by the user's own go command and git, in a module
/// cache of the session's own.
///
/// The go command knows how import paths lead to repositories, which hosts the user trusts and where
/// logins are found; nothing of that is written a second time here.
final class DirectModules: Sendable {
  /// What `go list -m -json` and `go mod download -json` tell of a module.
  private struct Report: Codable {
    var Version: String?
    var Time: String?
    var GoMod: String?
    var Zip: String?
    var Versions: [String]?
    var Error: String?
  }

  /// A repository with a long history takes its time.
  private static let limit = Duration.seconds(900)

  private let surroundings: Surroundings
  private let isPrepared = Mutex(false)

  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// Gets what a proxy would give.
  ///
  /// - Throws: `unavailable` with go's own words when it cannot be had, `misconfigured` without a folder
  ///   to do it in.
  func fetch(_ path: ProxyPath, to sink: any ByteSink) async throws(MirrorError) -> Finding {
    switch path {
    case .list(let module):
      let report = try await ask(
        ["list", "-m", "-versions", "-json", module.description], path)
      let versions = (report?.Versions ?? []).sorted().map { "\($0)\n" }.joined()
      return try give(report.map { _ in Array(versions.utf8) }, path, to: sink)
    case .latest(let module):
      return try await version("latest", of: module, path, to: sink)
    case .query(let module, let query):
      return try await version(query, of: module, path, to: sink)
    case .info(let module, let version):
      return try await self.version(version.description, of: module, path, to: sink)
    case .mod(let module, let version):
      let report = try await ask(["mod", "download", "-json", "\(module)@\(version)"], path)
      return try file(report?.GoMod, path, to: sink)
    case .zip(let module, let version):
      let report = try await ask(["mod", "download", "-json", "\(module)@\(version)"], path)
      return try file(report?.Zip, path, to: sink)
    case .sumSupported, .sumLatest, .sumLookup, .sumTile:
      return .nothing(nil)
    }
  }

  private func version(
    _ query: String, of module: ModulePath, _ path: ProxyPath, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    let report = try await ask(["list", "-m", "-json", "\(module)@\(query)"], path)
    let info = report.flatMap { report in
      report.Version.map { ProxyDocument.info(version: $0, time: report.Time) }
    }
    return try give(info, path, to: sink)
  }

  private func give(
    _ bytes: [UInt8]?, _ path: ProxyPath, to sink: any ByteSink
  ) throws(MirrorError) -> Finding {
    guard let bytes else { return .nothing(nil) }
    let content = Content(size: bytes.count, type: path.type)
    try sink.receive(bytes, as: content)
    return .content(content)
  }

  private func file(
    _ name: String?, _ path: ProxyPath, to sink: any ByteSink
  ) throws(MirrorError) -> Finding {
    guard let name else { return .nothing(nil) }
    guard let bytes = try Disk.read(name) else {
      throw MirrorError(.unavailable, "\(path.text): go left no \(path.kind) behind; try again")
    }
    return try give(bytes, path, to: sink)
  }

  // MARK: Running go

  /// - Returns: `nil` when go says that there is no such thing.
  private func ask(
    _ words: [String], _ path: ProxyPath
  ) async throws(MirrorError) -> Report? {
    let folder = try folder()
    var environment =
      surroundings.showsLogins ? surroundings.environment : strangersEnvironment(folder)
    for (name, value) in [
      "GOPROXY": "direct", "GONOPROXY": nil, "GOSUMDB": "off", "GOWORK": "off",
      "GO111MODULE": "on", "GOTOOLCHAIN": "local", "GOMODCACHE": "\(folder)/cache",
      "GOFLAGS": "-mod=mod -modcacherw", "GIT_TERMINAL_PROMPT": "0",
    ] {
      environment[name] = value
    }
    let go = Program(["go"] + words, environment: environment, folder: "\(folder)/here")
    guard let (end, output) = try? await surroundings.programs.collect(go, within: Self.limit)
    else {
      throw MirrorError(
        .unavailable,
        "\(path.text): go's own GOPROXY says direct, and go could not be run or took too long")
    }
    let report = try? JSONDecoder().decode(Report.self, from: Data(output))
    if end.status == 0, let report, report.Error == nil { return report }
    let reason = report?.Error ?? end.errors
    if Self.isMiss(reason) { return nil }
    let line = reason.split(whereSeparator: \.isNewline).first.map { String($0) } ?? "no reason"
    throw MirrorError(.unavailable, "\(path.text): direct: \(Locator.redacting(line))")
  }

  /// The environment where whoever asks must not be shown what the user's logins lead to.
  ///
  /// Go takes a protocol that git may speak for a safe one, so that only https is left, and the other
  /// version control systems, which know ssh too, are not run.
  private func strangersEnvironment(_ folder: String) -> [String: String] {
    var environment = surroundings.environmentForStrangers
    environment["GIT_ALLOW_PROTOCOL"] = "https"
    environment["GOVCS"] = "*:git"
    environment["GOAUTH"] = "off"
    environment["GOCACHE"] = "\(folder)/build"
    // It is found by HOME otherwise.
    environment["GOENV"] = GoSettings.file(surroundings.environment) ?? "off"
    return environment
  }

  /// Whether go's words mean that the repository answered, and does not have it.
  private static func isMiss(_ reason: String) -> Bool {
    ["unknown revision", "no matching versions", "404 Not Found", "410 Gone"]
      .contains { reason.contains($0) }
  }

  /// The folder with the cache, and with a module of its own, so that go looks for none above it.
  private func folder() throws(MirrorError) -> String {
    guard let scratch = surroundings.scratch else {
      throw MirrorError(
        .misconfigured, "go: GOPROXY says direct, which needs the folder of a run; use mirror run")
    }
    let folder = "\(scratch)/go-direct"
    try isPrepared.withLock { isPrepared throws(MirrorError) in
      if isPrepared { return }
      try Disk.makeFolder("\(folder)/here")
      try Disk.replace("\(folder)/here/go.mod", with: "module direct.mirror.invalid\n".utf8)
      isPrepared = true
    }
    return folder
  }
}
