import Foundation
import MirrorTesting

/// An apt of its own in a folder: its sources, lists and archives, with nothing installed.
struct AptRoot {
  let path: String
  private let extra: [String]

  /// Makes the folders.
  ///
  /// - Parameters:
  ///   - sources: lines of sources.list.
  ///   - stanzas: the text of a `.sources` file beside it.
  ///   - sandbox: the user of the acquire methods.
  ///   - language: of the descriptions that are fetched.
  ///   - options: further `-o` settings.
  init(
    at path: String, sources: [String], stanzas: String? = nil, sandbox: String = "root",
    language: String = "none", options: [String] = []
  ) throws {
    self.path = path
    for folder in [
      "etc/apt/apt.conf.d", "etc/apt/sources.list.d", "etc/apt/preferences.d",
      "etc/apt/trusted.gpg.d", "etc/apt/auth.conf.d", "var/lib/apt/lists/partial",
      "var/cache/apt/archives/partial", "var/lib/dpkg",
    ] {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
    try "".write(toFile: "\(path)/var/lib/dpkg/status", atomically: true, encoding: .utf8)
    try (sources.joined(separator: "\n") + "\n")
      .write(toFile: "\(path)/etc/apt/sources.list", atomically: true, encoding: .utf8)
    try stanzas?.write(
      toFile: "\(path)/etc/apt/sources.list.d/test.sources", atomically: true, encoding: .utf8)
    extra =
      ["APT::Sandbox::User=\(sandbox)", "Acquire::Languages=\(language)"] + options
  }

  /// A command line of apt-get in this root.
  func aptGet(_ words: String...) -> [String] { command("apt-get", words) }

  /// A command line of apt-get in this root.
  func aptGet(_ words: [String]) -> [String] { command("apt-get", words) }

  /// A command line of apt-cache in this root.
  func aptCache(_ words: [String]) -> [String] { command("apt-cache", words) }

  /// The file that `APT_CONFIG` names for an apt of this root.
  var configuration: String {
    settings.map { setting in
      let words = setting.split(separator: "=", maxSplits: 1)
      return "\(words[0]) \"\(words[1])\";\n"
    }.joined()
  }

  private func command(_ tool: String, _ words: [String]) -> [String] {
    [tool, "-q"] + settings.flatMap { ["-o", $0] } + words
  }

  private var settings: [String] {
    [
      "Dir=\(path)", "Dir::State::status=\(path)/var/lib/dpkg/status",
      "Dir::Bin::methods=/usr/lib/apt/methods", "Debug::NoLocking=1",
      "APT::Architecture=amd64", "APT::Architectures::=amd64",
      "Dir::Etc::trustedparts=/etc/apt/trusted.gpg.d/", "Acquire::Check-Date=true",
      // What this machine does after an update or a download is none of ours.
      "APT::Update::Post-Invoke::=true", "Acquire::Retries=0",
    ] + extra
  }

  /// The packages that were downloaded, by name.
  func packages() throws -> [String: Data] {
    try FolderContents("\(path)/var/cache/apt/archives").files
      .filter { $0.key.hasSuffix(".deb") }
  }

  /// The indices that apt verified, by name.
  func indices() throws -> [String: Data] {
    try FolderContents("\(path)/var/lib/apt/lists").files
      .filter { $0.key != "lock" }
  }
}

/// The archive that this machine's own apt is configured with.
struct MachineArchive {
  /// The root's URL, without a slash at its end.
  let url: String
  /// The release's name.
  let release: String
  /// The `[signed-by=…]` of its sources, or nothing.
  let options: String

  /// Asks apt; `nil` when it has no archive or no indices of one.
  static func configured() async throws -> MachineArchive? {
    let format = "$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    let isSigned = FileManager.default.fileExists(atPath: keyring)
    let outcome = try await Tool.run(
      ["apt-get", "indextargets", "--format", format, "Created-By: Packages"], in: "/")
    for line in outcome.text.split(separator: "\n") {
      let words = line.split(separator: "|", omittingEmptySubsequences: false).map { String($0) }
      guard words.count == 3, words[2] == "main", words[1].allSatisfy(\.isLetter) else { continue }
      let url = words[0].hasSuffix("/") ? String(words[0].dropLast()) : words[0]
      return MachineArchive(
        url: url, release: words[1],
        options: isSigned ? "[signed-by=\(keyring)] " : "")
    }
    return nil
  }

  /// Whether it has another release too.
  func has(_ release: String, askingIn folder: String) async throws -> Bool {
    let index = "\(url)/dists/\(release)/InRelease"
    let outcome = try await Tool.run(
      ["/usr/lib/apt/apt-helper", "download-file", index, "\(folder)/InRelease-\(release)"],
      in: folder)
    return outcome.status == 0
  }

  /// A line of sources.list.
  func source(_ kind: String = "deb") -> String { "\(kind) \(options)\(url) \(release) main" }
}
