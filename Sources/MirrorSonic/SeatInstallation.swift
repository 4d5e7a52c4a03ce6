public import MirrorCore
internal import SonicHook

/// Our place in the folder that SONiC copies into every container: `src/sonic-build-hooks/buildinfo`.
///
/// Everything lies below `mirror/`, but for one line at the end of `config/buildinfo.config` and a hook
/// for each tool that SONiC has none for. Nothing of it is secret, since it ships in every image.
public struct SeatInstallation: Sendable {
  /// Where SONiC's containers have the folder.
  public static let usualPlace = "/usr/local/share/buildinfo"

  /// The `buildinfo` folder.
  public var folder: String
  /// The gateway as containers reach it, `http://ADDRESS:PORT`; `nil` when `MIRROR_GATEWAY` in their
  /// environment will name it.
  public var gateway: Locator?
  /// Whether a tool must not run while the gateway does not answer.
  public var isRequired: Bool
  /// Whether a package that the image's lists do not have stops apt and pip.
  public var isStrict: Bool
  /// The built `sonic-hook`, one for each kind of machine.
  public var programs: [String]
  /// Where containers find the folder.
  public var root: String

  /// Creates an installation; nothing is written yet.
  public init(
    into folder: String, gateway: Locator? = nil, isRequired: Bool = false, isStrict: Bool = false,
    programs: [String] = [], root: String = SeatInstallation.usualPlace
  ) {
    self.folder = folder
    self.gateway = gateway
    self.isRequired = isRequired
    self.isStrict = isStrict
    self.programs = programs
    self.root = root
  }

  /// Lays everything; once more changes nothing.
  ///
  /// - Parameter resolvers: the ecosystems that the gateway serves.
  /// - Throws: `misconfigured` when the gateway is no plain URL with an address, when a program is not
  ///   there, or when something cannot be written.
  public func install(_ resolvers: [any Resolver]) async throws(MirrorError) {
    let programs = try self.programs.map { path throws(MirrorError) in
      try HookProgram(contentsOf: path)
    }
    let seat = try await seat(for: resolvers)
    for program in programs {
      try write("mirror/bin/\(program.machine)/sonic-hook", program.bytes, mode: 0o755)
    }
    let script = EntryScript(root: root)
    try write("mirror/enter", Array(script.text.utf8))
    try write("mirror/seat", Array(seat.text.utf8))
    try write("hooks/go", Array(script.hook(for: "go").utf8), mode: 0o755)
    try addLine(script.configurationLine, to: "config/buildinfo.config")
  }

  /// Takes everything away again.
  ///
  /// - Throws: `misconfigured` when the configuration cannot be written.
  public func remove() throws(MirrorError) {
    Disk.removeTree("\(folder)/mirror")
    Disk.remove("\(folder)/hooks/go")
    if Disk.list("\(folder)/hooks").isEmpty { Disk.removeTree("\(folder)/hooks") }
    let path = "\(folder)/config/buildinfo.config"
    guard let bytes = try Disk.read(path) else { return }
    let line = EntryScript(root: root).configurationLine
    let kept = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .filter { $0 != line }
    try Disk.replace(path, with: Array(kept.joined(separator: "\n").utf8))
  }

  // MARK: Inside

  /// Stands for the gateway until a container knows its own.
  private static let somewhere = GatewayAddress(
    host: "gateway.mirror.invalid", port: 9, token: Secret("no-token-is-ever-written"))

  private func seat(for resolvers: [any Resolver]) async throws(MirrorError) -> Seat {
    let address = try gateway.map { gateway throws(MirrorError) in try Self.address(of: gateway) }
    var changes: [String: String?] = [:]
    let surroundings = Surroundings(environment: [:])
    for resolver in resolvers {
      let redirection = await resolver.redirection(
        to: Self.somewhere, in: surroundings, scratch: "\(root)/mirror/files")
      changes.merge(redirection.environment) { $1 }
      for (path, text) in redirection.files where path.hasPrefix("\(root)/") {
        try write(String(path.dropFirst(root.utf8.count + 1)), Array(text.utf8))
      }
      for path in redirection.links where path.hasPrefix("\(root)/") {
        let name = path.split(separator: "/").last.map { String($0) } ?? ""
        let script = EntryScript(root: root).program(named: name)
        try write(String(path.dropFirst(root.utf8.count + 1)), Array(script.utf8), mode: 0o755)
      }
    }
    changes["MIRROR_GATEWAY"] = nil
    return Seat(
      gateway: address, isRequired: isRequired, isStrict: isStrict,
      changes: changes.sorted { $0.key < $1.key }.map { name, value in
        value.map { .set(name, to: Self.template($0)) } ?? .unset(name)
      })
  }

  /// A gateway as the wrapper reads it, the port spelled out.
  private static func address(of gateway: Locator) throws(MirrorError) -> String {
    let text = "http://\(gateway.host):\(gateway.effectivePort)"
    guard gateway.scheme == "http", gateway.userInfo == nil, gateway.target == "/",
      Seat.accepts(gateway: text)
    else {
      throw MirrorError(
        .misconfigured,
        "--gateway \(gateway): must be http://ADDRESS:PORT, an IPv4 address and no login; "
          + "a token comes in with MIRROR_GATEWAY, never with this folder")
    }
    return text
  }

  private static func template(_ value: String) -> String {
    let words = [
      (somewhere.url(), "{gateway}/"), (somewhere.pathURL(), "{path}/"),
      ("\(somewhere.host):\(somewhere.port)", "{authority}"),
      (Base64.encode("mirror:\(somewhere.token?.reveal() ?? "")".utf8), "{basic}"),
    ]
    return words.reduce(value) { $0.replacing($1.0, with: $1.1) }
  }

  private func write(
    _ name: String, _ bytes: [UInt8], mode: UInt32 = 0o644
  ) throws(MirrorError) {
    let path = "\(folder)/\(name)"
    try Disk.makeFolder(Disk.parent(of: path))
    try Disk.replace(path, with: bytes, mode: mode)
  }

  private func addLine(_ line: String, to name: String) throws(MirrorError) {
    let text = try Disk.read("\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard !text.split(separator: "\n").contains(line[...]) else { return }
    let separator = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
    try write(name, Array("\(text)\(separator)\(line)\n".utf8))
  }
}
