import Foundation
import MirrorTesting
import Testing

/// apt and apt-get in a run whose packages are held to versions.
@Suite(.enabled(if: HookRun.isBuilt, "mirror-hook is missing")) struct PinnedCommandTests {
  private func run(
    _ tool: String, _ words: [String], in folder: TemporaryFolder, isStrict: Bool = false
  ) throws -> HookRun {
    try folder.write("pins", "curl==8.0\ng++==12\n")
    let strict = isStrict ? ["MIRROR_APT_STRICT": "yes"] : [:]
    return try HookRun(
      tool, words, gateway: nil,
      environment: strict.merging(["MIRROR_APT_PINS": "\(folder.path)/pins"]) { $1 })
  }

  @Test func `a package without a pin is said once in a run, and apt goes on as it was called`()
    throws
  {
    let folder = try TemporaryFolder()
    let words = ["install", "-y", "curl", "git", "jq"]
    let first = try run("apt-get", words, in: folder)
    #expect(first.errors == "mirror: apt-get: the pins have no version of git, jq\n")
    #expect(first.arguments == words && first.status == 7)
    let second = try run("apt", ["install", "git", "wget"], in: folder)
    #expect(second.errors == "mirror: apt: the pins have no version of wget\n")
    #expect(try run("apt-get", words, in: folder).errors == "")
  }

  @Test func `a strict run stops before apt starts`() throws {
    let folder = try TemporaryFolder()
    let run = try run("apt-get", ["install", "curl", "git"], in: folder, isStrict: true)
    #expect(run.status == 20 && run.output == "")
    #expect(run.errors.contains("no version of git") && run.errors.contains("strict"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: [true, false])
  func `a list that cannot be read stops a strict run alone`(isStrict: Bool) throws {
    let strict = isStrict ? ["MIRROR_APT_STRICT": "yes"] : [:]
    let run = try HookRun(
      "apt-get", ["install", "curl"], gateway: nil,
      environment: strict.merging(["MIRROR_APT_PINS": "/nowhere/pins"]) { $1 })
    #expect(run.status == (isStrict ? 20 : 7))
    #expect(run.errors.contains("/nowhere/pins cannot be read") == isStrict)
  }

  @Test(arguments: [
    ["update"], ["install", "curl", "g++"], ["install", "git=1:2.39-1"], ["remove", "git"],
    ["install", "./git.deb"], ["--version"],
  ])
  func `a command that names nothing without a pin runs, strict or not`(words: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try run("apt-get", words, in: folder, isStrict: true)
    #expect(run.errors == "" && run.arguments == words && run.status == 7)
  }

  @Test func `a run that holds packages to nothing is not spoken to`() throws {
    let run = try HookRun("apt-get", ["install", "git"], gateway: nil)
    #expect(run.errors == "" && run.arguments == ["install", "git"])
  }
}
