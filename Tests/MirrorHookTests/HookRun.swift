import Foundation
import MirrorTesting

/// One run of the built `mirror-hook` in front of a fake tool, and what the tool saw.
struct HookRun {
  let status: Int32
  let output: String
  let errors: String
  /// The arguments the fake tool got.
  var arguments: [String] = []
  /// The environment the fake tool got.
  var environment: [String: String] = [:]
  /// What the fake tool read from the file its last argument names, if that is a descriptor.
  var list = ""

  /// The program, which the build leaves beside the tests.
  static var program: String {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ((tests ?? "") as NSString).deletingLastPathComponent + "/mirror-hook"
  }

  static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: program) }

  /// Whether apt's own http method is on this machine.
  static var hasStockMethod: Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/lib/apt/methods/http")
  }

  private static let fakeTool = """
    #!/bin/sh
    for argument; do echo "argument=$argument"; last=$argument; done
    /usr/bin/env | /bin/sed 's/^/variable=/'
    case $last in /proc/self/fd/*) /bin/sed 's/^/list=/' "$last";; esac
    exit 7
    """

  init(
    _ tool: String, _ arguments: [String], gateway: String?, environment: [String: String] = [:],
    installed: Bool = true, script: String = fakeTool
  ) throws {
    let folder = try TemporaryFolder()
    try folder.link("hooks/\(tool)", to: Self.program)
    try folder.write("home/.keep", "")
    if installed { try folder.write("real/\(tool)", script, executable: true) }

    let process = Process()
    process.executableURL = URL(filePath: "\(folder.path)/hooks/\(tool)")
    process.arguments = arguments
    process.environment = [
      "PATH": "\(folder.path)/hooks:\(folder.path)/real", "HOME": "\(folder.path)/home",
      "MIRROR_GATEWAY": gateway,
      // Configuration of this machine is not part of the test.
      "CURL_HOME": "\(folder.path)/home", "SYSTEM_WGETRC": "\(folder.path)/none",
    ].compactMapValues { $0 }.merging(environment) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errors = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
    self.output = text

    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "argument": self.arguments.append(String(parts[1]))
      case "list": list += parts[1] + "\n"
      default:
        let variable = parts[1].split(separator: "=", maxSplits: 1)
        if let name = variable.first {
          self.environment[String(name)] = variable.count > 1 ? String(variable[1]) : ""
        }
      }
    }
  }
}
