import Foundation
import MirrorTesting

/// A container in small: SONiC's folder with hooks in the shape of its own, the seat that
/// `sonic-mirror hook install` lays into it, and the links by which the hooks come first on PATH.
struct SonicSite {
  static let program = "\(Tool.products)/sonic-mirror"

  /// The wrapper as images carry it, which Tests/run builds.
  static let staticHook =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/.build-hook/release/sonic-hook"
  static var hasStaticHook: Bool { FileManager.default.isExecutableFile(atPath: staticHook) }

  /// Shell that lays SONiC's folder into a root: hooks in the shape of its own, which note that they were
  /// called and find the real tool, the links to them, and the seat.
  static func seat(in root: String, tools: [String]) -> String {
    """
    info=\(root)/usr/local/share/buildinfo
    mkdir -p $info/hooks $info/scripts $info/config $info/versions \(root)/usr/local/sbin
    echo '. /usr/local/share/buildinfo/config/buildinfo.config' > $info/scripts/base.sh
    echo 'export SONIC_VERSION_CONTROL_COMPONENTS=py3,web,git' > $info/config/buildinfo.config
    for tool in \(tools.joined(separator: " ")); do
      cat > $info/hooks/$tool <<'END'
    #!/bin/bash
    . /usr/local/share/buildinfo/scripts/base.sh
    echo "${0##*/}" >> /hooks.log
    PATH=${PATH#*sbin:} exec ${0##*/} "$@"
    END
      chmod 755 $info/hooks/$tool
    done
    \(program) hook install --buildinfo $info --program \(staticHook) --required
    for hook in $info/hooks/*; do
      ln -s /usr/local/share/buildinfo/hooks/${hook##*/} \(root)/usr/local/sbin/${hook##*/}
    done
    """
  }

  let folder: String
  var root: String { "\(folder)/buildinfo" }

  /// Lays hooks that say they were called and then run the real tool, and installs the seat.
  init(in folder: String, versions: [String: String] = [:]) async throws {
    self.folder = folder
    let files = FileManager.default
    for name in ["hooks", "scripts", "config", "versions", "../sbin", "../home"] {
      try files.createDirectory(
        atPath: "\(folder)/buildinfo/\(name)", withIntermediateDirectories: true)
    }
    try write("scripts/base.sh", ". \(root)/config/buildinfo.config\n")
    try write(
      "config/buildinfo.config",
      "export SONIC_VERSION_CONTROL_COMPONENTS=py2,py3,web,git\nexport PIP_HTTP_TIMEOUT=60\n")
    for (name, text) in versions { try write("versions/\(name)", text) }
    for tool in ["curl", "git", "go", "pip3", "wget"] {
      if tool != "go" {
        try write(
          "hooks/\(tool)",
          """
          #!/bin/bash
          . \(root)/scripts/base.sh
          echo "hook: $0" >> \(folder)/hooks.log
          PATH=${PATH#*sbin:} exec \(tool) "$@"

          """)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/hooks/\(tool)")
      }
      try files.createSymbolicLink(
        atPath: "\(folder)/sbin/\(tool)", withDestinationPath: "\(root)/hooks/\(tool)")
    }
    let outcome = try await Tool.run(
      [Self.program, "hook", "install", "--buildinfo", root, "--place", root, "--required"],
      in: folder)
    guard outcome.status == 0 else { throw Failure(text: outcome.errors) }
  }

  struct Failure: Error { var text: String }

  /// Runs a build script behind a gateway; all that reaches it is PATH, a home and the gateway.
  func build(
    _ script: String, _ options: [String] = [], in work: String, isolated: Bool = false,
    versions: String? = nil, environment: [String: String]? = nil
  ) async throws -> Tool.Outcome {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/\(work)", withIntermediateDirectories: true)
    let clean = """
      cd \(folder)/\(work) && exec env -i HOME=\(folder)/home MIRROR_GATEWAY="$MIRROR_GATEWAY" \
      PATH="\(folder)/sbin:$REALPATH" bash -ec "$0"
      """
    var environment = environment ?? Tool.environment(home: "\(folder)/home")
    environment["REALPATH"] = environment["PATH"]
    environment["SONIC_VERSIONS"] = versions
    let run =
      [Self.program, "run", "--store", "\(folder)/store", "--lock", "\(folder)/mirror.lock"]
      + options + ["--", "sh", "-c", clean, script]
    let isolation = ["unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]
    return try await Tool.run(
      (isolated ? isolation : []) + run, in: folder, environment: environment)
  }

  /// Has the gateway trust the authority of the test servers.
  func trustTestAuthority() throws {
    for (name, text) in [
      "ca.pem": FaultServer.certificateAuthorityPEM,
      "mirror.conf": "[policy]\nca-file = \(folder)/ca.pem\n",
    ] {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  var lock: String { text("mirror.lock") }
  /// The hooks of SONiC's that went on by themselves.
  var hooksCalled: String { text("hooks.log") }

  func text(_ name: String) -> String {
    (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(root)/\(name)", atomically: true, encoding: .utf8)
  }
}
