import MirrorHook
import Testing

@Suite struct PackageCommandTests {
  @Test(
    arguments: [
      ("apt-get", "install -y curl", .installs),
      ("apt-get", "-o Dpkg::Use-Pty=0 install curl", .installs),
      ("apt-get", "-t bookworm-backports install curl", .installs),
      ("apt-get", "-yt bookworm-backports install curl", .installs),
      ("apt-get", "-yqo Dpkg::Use-Pty=0 -q=2 purge curl", .removes),
      ("apt-get", "-oDebug::x=t -tstable install curl", .installs),
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

  @Test(
    arguments: [
      ("install -y curl git", "git"), ("install curl=8.0 git=1:2.39 g++", "g++"),
      ("install g++ curl+ libc6:arm64 wget/bookworm", "wget"),
      ("-o a::b=c -t sid install ./own.deb /tmp/own.deb old- curl -- gone", "gone"),
      ("reinstall new", "new"), ("build-dep new", ""), ("download new", ""), ("purge new", ""),
    ])
  func `names of packages that are not listed are found in every form`(
    line: String, expected: String
  ) {
    // `g++` is a name of its own in the third line's list only.
    let list = "curl==7.88.1-10\nlibc6==2.36-9\n" + (line.contains("g++ curl+") ? "g++==12\n" : "")
    let command = PackageCommand("apt-get", line.split(separator: " ").map { String($0) })
    #expect(command.unpinned(in: list) == expected.split(separator: " ").map { String($0) })
  }
}
