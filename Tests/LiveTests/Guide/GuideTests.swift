import Foundation
import Testing

/// Every command of the user's guide, page by page.
///
/// The `sh` blocks of a page are one script in a folder of its own, and its `ini` blocks are the `mirror.conf` of
/// the commands after them. What a page says in its sentences that one could run is held to what some block runs.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("wget", "pip", "git", "make", "gpg", "apt-get"),
    "wget, pip, git, make, gpg or apt-get is missing: Tests/run"))
struct GuideTests {
  /// What another test runs: where, and the words there that show it.
  struct Exception: Sendable {
    let page: String
    /// How the lines begin; the whole page's commands where there is nothing.
    var line = ""
    let runner: String
    let proof: String
  }

  static let exceptions = [
    Exception(page: "README.md", line: "Tests/run", runner: ".ci/run", proof: "\nexec Tests/run\n"),
    Exception(
      page: "Documentation/OwnBinary.md", runner: ".ci/run",
      proof: ".ci/steps Documentation/OwnBinary.md"),
    Exception(
      page: "Documentation/Systems/Aptly.md", runner: "Tests/LiveTests/Systems/AptSystems.swift",
      proof: "SystemPage(\"Aptly.md\").commands"),
    Exception(
      page: "Documentation/Systems/S3.md", runner: "Tests/LiveTests/Populate/PushTests.swift",
      proof: "SystemPage(\"S3.md\").commands"),
    Exception(
      page: "Documentation/Sonic.md", line: "DOCKER_EXTRA_OPTS",
      runner: "Tests/LiveTests/SonicVersionsTests.swift", proof: "DOCKER_EXTRA_OPTS += $(shell "),
  ]

  private static func exceptions(of page: GuidePage) -> [Exception] {
    exceptions.filter { $0.page == page.path }
  }

  private static func isRunElsewhere(_ page: GuidePage) -> Bool {
    exceptions(of: page).contains { $0.line.isEmpty }
  }

  static let pages = GuidePage.all.filter { page in
    page.blocks.contains { ["sh", "ini"].contains($0.language) }
  }

  @Test(.timeLimit(.minutes(2)), arguments: pages)
  func `every command of the page succeeds, and every configuration is read`(
    page: GuidePage
  ) async throws {
    let omitted = Self.exceptions(of: page).map(\.line)
    try await GuideWorld.run(for: page) { world in
      let script = world.script(of: page, without: omitted)
      let outcome = try await Tool.run(
        ["bash", "-euxo", "pipefail", "-c", script], in: world.folder,
        environment: world.environment)
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    }
  }

  @Test func `what is run elsewhere is run there, and still on its page`() throws {
    for exception in Self.exceptions {
      let page = try GuidePage(exception.page)
      #expect(
        page.blocks.contains { block in
          block.text.split(separator: "\n").contains { $0.hasPrefix(exception.line) }
        }, "\(exception.page) has no line \(exception.line)")
      let runner = try String(
        contentsOfFile: "\(GuidePage.repository)/\(exception.runner)", encoding: .utf8)
      #expect(runner.contains(exception.proof), "\(exception.runner) does not run it")
    }
  }

  // MARK: No command is hidden

  private static let programs: Set<Substring> = [
    "apt", "apt-get", "aptly", "bandersnatch", "bash", "cat", "cd", "cp", "curl", "docker", "eval",
    "export", "git", "go", "make", "mirror", "pip", "sonic-mirror", "sudo", "swift", "uv", "wget",
  ]

  @Test(arguments: GuidePage.all)
  func `a block is run, or is plainly no command`(page: GuidePage) {
    for block in page.blocks {
      let place = "\(page.path):\(block.line)"
      let lines = block.text.split(separator: "\n")
      switch block.language {
      case "sh", "ini": break
      case "lock":
        let entry = #/mirror\.lock 1|[a-z]+ \S+ (sha256:\S+ [0-9]+|absent)( .*)?/#
        for line in lines { #expect(line.wholeMatch(of: entry) != nil, "\(place): \(line)") }
      case "make":
        for line in lines {
          let isKnown = Self.exceptions(of: page).contains { line.hasPrefix($0.line) }
          #expect(isKnown, "\(place): nobody runs \(line)")
        }
      case "text":
        for line in lines {
          let word = line.split(separator: " ").first ?? ""
          #expect(!Self.programs.contains(word) && word != "$", "\(place): write sh: \(line)")
        }
      default: Issue.record("\(place): is it sh, ini, lock, make or text?")
      }
    }
  }

  /// The words of each command of ours that a block runs.
  private static let run: [Set<String>] = pages.filter { !isRunElsewhere($0) }
    .flatMap(\.commands).joined(separator: "\n")
    .split(separator: #/[\n;&|()`]/#).flatMap { command -> [Set<String>] in
      let words = command.split(separator: " ").map { String($0) }
      guard let start = words.firstIndex(where: { ["mirror", "sonic-mirror"].contains($0) })
      else { return [] }
      return [Set(words[start...])]
    }

  @Test(arguments: GuidePage.all)
  func `a command of ours that a sentence names is run by a block`(page: GuidePage) {
    for span in page.text.matches(of: #/`((?:sonic-)?mirror\s[^`]+)`/#) {
      let words = span.1.split(whereSeparator: \.isWhitespace).prefix { $0 != "--" }
        // What the reader is to fill in.
        .filter { word in word.contains(where: \.isLowercase) }
      let isRun = Self.run.contains { $0.isSuperset(of: words.map { String($0) }) }
      #expect(isRun, "\(page.path): no block of the guide runs \(words.joined(separator: " "))")
    }
  }

  /// The names of all files and folders of tests.
  private static let suites: Set<Substring> = {
    let paths = FileManager.default.subpaths(atPath: "\(GuidePage.repository)/Tests") ?? []
    return Set(paths.flatMap { $0.split(separator: #/\/|\.swift/#) })
  }()

  @Test(arguments: GuidePage.all)
  func `a test that a page names is there`(page: GuidePage) {
    for span in page.text.matches(of: #/--filter '?([A-Za-z|]+)/#) {
      for name in span.1.split(separator: "|") {
        let isThere = Self.suites.contains { $0.hasPrefix(name) }
        #expect(isThere, "\(page.path): there is no \(name)")
      }
    }
  }
}
