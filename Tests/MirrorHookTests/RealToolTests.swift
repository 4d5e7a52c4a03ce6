import Foundation
import MirrorHook
import MirrorTesting
import Testing

@Suite struct RealToolTests {
  @Test func `the first executable file on PATH is found`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/wget", "not executable")
    try folder.write("b/wget/file", "a folder of that name")
    let real = try folder.write("c/wget", executable: true)
    try folder.write("d/wget", executable: true)
    #expect(find("wget", ["a", "b", "missing", "c", "d"], folder)?.path == real)
  }

  @Test func `the running program is passed over by whatever name`() throws {
    let folder = try TemporaryFolder()
    let own = try folder.write("lib/hook", executable: true)
    try folder.link("a/wget", to: own)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/b", withIntermediateDirectories: true)
    try FileManager.default.linkItem(atPath: own, toPath: folder.path + "/b/wget")
    let real = try folder.write("c/wget", executable: true)
    #expect(find("wget", ["a", "b", "c"], folder, running: own)?.path == real)
    #expect(find("wget", ["a", "b"], folder, running: own) == nil)
  }

  @Test(arguments: ["mirror", "mirror-hook"])
  func `another program of mirror is passed over`(name: String) throws {
    let folder = try TemporaryFolder()
    let other = try folder.write("other/\(name)", executable: true)
    try folder.link("a/wget", to: other)
    let real = try folder.write("b/wget", executable: true)
    #expect(find("wget", ["a", "b"], folder, running: "/proc/self/exe")?.path == real)
  }

  @Test func `without proc the first of the name is the running program`() throws {
    let folder = try TemporaryFolder()
    let own = try folder.write("a/wget", executable: true)
    let real = try folder.write("b/wget", executable: true)
    #expect(find("wget", ["a", "b"], folder, running: "/nonexistent")?.path == real)
    #expect(
      RealTool.find(
        "wget", path: "\(folder.path)/b:\(folder.path)/a", calledAs: own, running: "/nonexistent")?
        .path == real)
  }

  @Test(arguments: [("wget", "wget"), ("/usr/bin/wget", "wget"), ("./curl", "curl"), ("", "")])
  func `the name is the last part of what was called`(called: String, name: String) {
    #expect(RealTool.name(calledAs: called) == name)
  }

  private func find(
    _ name: String, _ folders: [String], _ folder: TemporaryFolder,
    running: String = "/proc/self/exe"
  ) -> RealTool? {
    let path = folders.map { "\(folder.path)/\($0)" }.joined(separator: ":")
    return RealTool.find(name, path: path, running: running)
  }
}
