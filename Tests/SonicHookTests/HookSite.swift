import Foundation
import MirrorCore
import MirrorSonic
import MirrorTesting
import Testing

/// A container in small: SONiC's folder with hooks in the shape of its own, our seat in it, real tools
/// that print what they get, and the links by which the hooks come first on PATH.
final class HookSite {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// What the tool that was reached printed: `who=real` or `who=hook`, its arguments and environment.
    var lines: [String] { output.split(separator: "\n").map { String($0) } }
    var reached: String? { value("who") }
    var arguments: [String] {
      lines.filter { $0.hasPrefix("argument=") }.map { String($0.dropFirst(9)) }
    }
    func value(_ name: String) -> String? {
      lines.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
    }
    func variable(_ name: String) -> String? {
      lines.first { $0.hasPrefix("variable=\(name)=") }.map {
        String($0.dropFirst("variable=\(name)=".utf8.count))
      }
    }
  }

  static let tools = ["apt", "apt-get", "curl", "dpkg", "git", "go", "pip", "pip2", "pip3", "wget"]

  /// The program under test, which the build leaves beside the tests.
  static let program: String = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ((tests ?? "") as NSString).deletingLastPathComponent + "/sonic-hook"
  }()

  static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: program) }

  let folder: TemporaryFolder
  var root: String { "\(folder.path)/buildinfo" }
  var path: String { "\(folder.path)/sbin:\(folder.path)/real:/usr/bin:/bin" }

  /// A hook as SONiC's are: it sources the base, which sources the configuration, and runs the tool.
  private static func hook(_ root: String) -> String {
    """
    #!/bin/bash
    . \(root)/scripts/base.sh
    [ -z "$REAL_COMMAND" ] && REAL_COMMAND=${0##*/}
    echo who=hook
    echo command=$REAL_COMMAND
    echo skip=$SKIP_BUILD_HOOK
    for argument; do echo "argument=$argument"; done
    """
  }

  /// A tool that prints what it gets, and the constraints that it is given.
  private static let tool = """
    #!/bin/sh
    echo who=real
    for argument; do
      echo "argument=$argument"
      case $argument in
      /proc/self/fd/*) /bin/sed 's/^/constraint=/' "$argument" ;;
      # Behind pip's --python, a child with only the standard descriptors.
      /proc/*/fd/*) (exec 3<&- 4<&- 5<&- 6<&- 7<&-; /bin/sed 's/^/constraint=/' "$argument") ;;
      esac
    done
    /usr/bin/env | /bin/sed 's/^/variable=/'
    exit 7
    """

  init(installed: Set<String> = Set(tools)) throws {
    folder = try TemporaryFolder()
    let root = "\(folder.path)/buildinfo"
    try folder.write("buildinfo/scripts/base.sh", ". \(root)/config/buildinfo.config\n")
    try folder.write(
      "buildinfo/config/buildinfo.config", "export SONIC_VERSION_CONTROL_COMPONENTS=py3,web\n")
    for tool in Self.tools {
      if tool != "go" {
        try folder.write("buildinfo/hooks/\(tool)", Self.hook(root), executable: true)
      }
      try folder.link("sbin/\(tool)", to: "\(root)/hooks/\(tool)")
      if installed.contains(tool) { try folder.write("real/\(tool)", Self.tool, executable: true) }
    }
  }

  /// Lays the seat.
  func install(
    gateway: String?, isRequired: Bool = false, isStrict: Bool = false,
    resolvers: [any Resolver] = [],
    programs: [String] = [HookSite.program]
  ) async throws {
    try await SeatInstallation(
      into: root, gateway: gateway.flatMap { Locator($0) }, isRequired: isRequired,
      isStrict: isStrict, programs: programs, root: root
    ).install(resolvers)
  }

  /// Calls a tool as a build script does.
  func call(
    _ tool: String, _ arguments: String..., environment: [String: String] = [:],
    in workingFolder: String? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "\(folder.path)/sbin/\(tool)")
    process.arguments = arguments
    return try run(process, environment, in: workingFolder)
  }

  /// Runs a line of shell as a build script does.
  func shell(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", line]
    return try run(process, environment, in: nil)
  }

  private func run(
    _ process: Process, _ environment: [String: String], in workingFolder: String?
  ) throws -> Outcome {
    // As under a front end of dpkg's: the machine's own lock is nobody's business here.
    process.environment = ["PATH": path, "HOME": folder.path, "DPKG_FRONTEND_LOCKED": "true"]
      .merging(environment) { $1 }
    process.currentDirectoryURL = URL(filePath: workingFolder ?? folder.path)
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errorText = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: errorText, as: UTF8.self))
  }
}
