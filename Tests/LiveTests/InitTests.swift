import Foundation
import MirrorTesting
import Testing

/// `mirror init`: what it writes is read again, and no secret is in it.
@Suite struct InitTests {
  @Test func `writes a configuration that changes nothing and holds no login`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("gitconfig", "[url \"https://u:s3cret@git.example/\"]\n  insteadOf = acme:\n")
    var environment = Tool.environment(home: folder.path)
    environment["PIP_INDEX_URL"] = "https://u:s3cret@index.example/simple"
    environment["GOPROXY"] = "https://u:s3cret@go.example,direct"
    environment["GIT_CONFIG_GLOBAL"] = "\(folder.path)/gitconfig"
    let written = try await Tool.run(
      [Tool.mirror, "init"], in: folder.path, environment: environment)
    #expect(written.status == 0, "\(written.errors)")
    let text = try #require(folder.text(of: "mirror.conf"))
    #expect(text.contains("# asked now: https://index.example/simple\n[chain pip]"))
    #expect(text.contains("# asked now: https://go.example/\n# asked now: direct\n[chain go]"))
    #expect(text.contains("https://git.example/ instead of acme:\n[chain git]"))
    #expect(!text.contains("s3cret"))
    let explained = try await Tool.run(
      [Tool.mirror, "explain", "http://files.example/a"], in: folder.path)
    #expect(explained.status == 0 && explained.text.contains("origin"), "\(explained.errors)")
    let again = try await Tool.run([Tool.mirror, "init"], in: folder.path)
    #expect(again.status == 25 && again.errors.contains("mirror.conf: is there already"))
    #expect(folder.text(of: "mirror.conf") == text)
  }
}
