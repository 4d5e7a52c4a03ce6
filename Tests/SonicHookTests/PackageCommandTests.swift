import SonicHook
import Testing

@Suite struct PackageCommandTests {
  @Test(
    arguments: [
      ("apt-get", "install -y curl", .installs),
      ("apt-get", "-o Dpkg::Use-Pty=0 install curl", .installs),
      ("apt-get", "-t bookworm-backports install curl", .installs),
      ("apt", "-o Acquire::https::Verify-Peer=false install ca-certificates", .installs),
      ("apt-get", "-y --no-install-recommends build-dep linux", .installs),
      ("apt-get", "dist-upgrade", .installs), ("apt-get", "update", .none),
      ("apt-get", "-o install update", .none), ("apt-get", "download install", .none),
      ("apt-get", "purge -y curl", .removes), ("apt-get", "autoremove", .removes),
      ("apt-get", "--version", .none), ("apt-get", "", .none),
      ("dpkg", "-i x.deb", .installs), ("dpkg", "--configure -a", .installs),
      ("dpkg", "-P curl", .installs), ("dpkg", "-l", .none),
      ("dpkg", "--print-architecture", .none),
    ] as [(String, String, PackageCommand.Effect)])
  func `the sub-command decides, wherever it stands`(
    tool: String, line: String, effect: PackageCommand.Effect
  ) {
    #expect(PackageCommand(tool, line.split(separator: " ").map { String($0) }).effect == effect)
  }
}
