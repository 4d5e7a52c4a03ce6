import MirrorSonic
import MirrorTesting
import Testing

@Suite struct VersionFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `particular lists outweigh general ones, and those of others do not count`() throws {
    let files = VersionFolder([
      try Fixtures.file("versions-deb-trixie-arm64", "a==arm"),
      try Fixtures.file("versions-deb", "a==all\nb==all\nc==all"),
      try Fixtures.file("versions-deb-trixie", "a==trixie\nb==trixie"),
      try Fixtures.file("versions-deb-bookworm", "c==bookworm"),
      try Fixtures.file("versions-deb-all-armhf", "c==armhf"),
    ])
    let arm = files.list(of: .deb, distribution: "trixie", architecture: "arm64")
    #expect(arm.text == "a==arm\nb==trixie\nc==all\n")
    let armhf = files.list(of: .deb, distribution: "trixie", architecture: "armhf")
    #expect(armhf.text == "a==trixie\nb==trixie\nc==armhf\n")
  }

  @Test func `is seen by the names of another folder, and what counts for none of them stays`()
    throws
  {
    let files = VersionFolder([
      try Fixtures.file("versions-deb", "a==all\nb==all"),
      try Fixtures.file("versions-deb-trixie-arm64", "a==arm"),
      try Fixtures.file("versions-deb-bookworm", "c==bookworm"),
      try Fixtures.file("versions-py3", "d==1"),
    ])
    let other = VersionFolder([
      try Fixtures.file("versions-deb-trixie-arm64", "a==x"),
      try Fixtures.file("versions-deb-trixie-amd64", "a==x"),
      try Fixtures.file("versions-web", "https://a.example/==1"),
    ])
    let seen = files.seen(as: other).files.map { "\($0.name): \($0.list.text)" }.sorted()
    #expect(
      seen == [
        "versions-deb-bookworm: c==bookworm\n", "versions-deb-trixie-amd64: a==all\nb==all\n",
        "versions-deb-trixie-arm64: a==arm\nb==all\n", "versions-py3: d==1\n",
      ])
  }

  @Test func `an image's own lists outweigh the defaults, those of packages only where they share`()
    throws
  {
    try folder.write("default/versions-deb", "a==default\nb==default")
    try folder.write("default/versions-web", "https://a.example/==1")
    for image in ["dockers/docker-x", "dockers/sonic-slave-trixie", "host-image"] {
      try folder.write("\(image)/versions-deb-trixie", "a==own")
    }
    let tree = VersionTree(at: folder.path)
    func deb(_ image: String) throws -> String {
      let versions = try tree.versions(for: image, distribution: "trixie", architecture: "amd64")
      #expect(versions[.web].count == 1)
      return versions[.deb].text
    }
    #expect(try deb("docker-x") == "a==own\nb==default\n")
    #expect(try deb("docker-x-dbg") == "a==own\nb==default\n")
    #expect(try deb("docker-unknown") == "a==default\nb==default\n")
    #expect(try deb("sonic-slave-trixie") == "a==own\n")
    #expect(try deb("host-image") == "a==own\n")
  }

  @Test func `the host image stands on its base, whatever architecture that is for`() throws {
    try folder.write("host-base-image/versions-deb-trixie", "a==base\nb==base")
    try folder.write("host-base-image/versions-deb-trixie-amd64", "b==amd64\nc==amd64")
    try folder.write("host-image/versions-deb-trixie", "c==host")
    let versions = try VersionTree(at: folder.path)
      .versions(for: "host-image", distribution: "trixie", architecture: "amd64")
    #expect(versions[.deb].text == "a==base\nb==amd64\nc==host\n")
  }

  @Test func `a version that a list only repeats does not outweigh one between`() throws {
    try folder.write("dockers/docker-x/versions-deb", "a==1")
    try folder.write("dockers/docker-x/versions-deb-all-arm64", "a==2")
    try folder.write("dockers/docker-x/versions-deb-trixie", "a==1")
    let versions = try VersionTree(at: folder.path)
      .versions(for: "docker-x", distribution: "trixie", architecture: "arm64")
    #expect(versions[.deb].text == "a==2\n")
  }

  @Test func `a linked folder is read, and a tree that is not there is an error`() throws {
    try folder.write("versions-public/default/versions-git", "https://a.example/x.git==1")
    try folder.link("versions", to: "versions-public")
    let tree = VersionTree(at: "\(folder.path)/versions")
    let versions = try tree.versions(for: "docker-x", distribution: "trixie", architecture: "amd64")
    #expect(versions[.git].count == 1)
    #expect {
      try VersionTree(at: "\(folder.path)/none")
        .versions(for: "docker-x", distribution: "trixie", architecture: "amd64")
    } throws: {
      "\($0)".contains("files/build/versions")
    }
  }

  @Test func `an image may have its files elsewhere`() throws {
    try folder.write("default/versions-deb", "a==default")
    try folder.write("elsewhere/docker-ptf/versions-deb-trixie", "a==own")
    let versions = try VersionTree(at: folder.path).versions(
      for: "docker-ptf", distribution: "trixie", architecture: "amd64",
      folder: "\(folder.path)/elsewhere/docker-ptf/")
    #expect(versions[.deb].text == "a==own\n")
  }
}
