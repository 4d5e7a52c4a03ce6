import Foundation
import MirrorGit
import MirrorTesting
import Testing

/// What a fetch is wrapped in.
@Suite struct FetchScriptTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write("objects/pack/tmp_pack_old", "half")
    _ = try folder.write("refs/now/main.lock", "")
  }

  private func run(_ script: FetchScript, _ words: [String]) throws -> (status: Int32, text: String)
  {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = script.prefix + words
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test func `takes away what a killed one left, and ends as git does`() throws {
    let quiet = try run(
      FetchScript(place: folder.path), ["sh", "-c", "echo out; echo err >&2; exit 3"])
    #expect(quiet.status == 3 && quiet.text == "out\n")
    #expect(folder.names(in: "objects/pack").isEmpty && folder.names(in: "refs/now").isEmpty)
    let aloud = try run(
      FetchScript(place: folder.path, isAloud: true), ["sh", "-c", "echo err >&2; exit 3"])
    #expect(aloud.status == 3 && aloud.text == "err\n")
  }

  @Test func `gives up when another holds the repository and brings nothing`() throws {
    let script = FetchScript(place: folder.path, isAloud: true, limit: 1)
    _ = try run(script, ["touch", "-d", "2001-01-01", "\(folder.path)/objects/pack"])
    let holder = Process()
    holder.executableURL = URL(filePath: "/usr/bin/env")
    holder.arguments = script.prefix + ["sh", "-c", "echo held; cat"]
    let (input, output) = (Pipe(), Pipe())
    holder.standardInput = input
    holder.standardOutput = output
    try holder.run()
    defer {
      try? input.fileHandleForWriting.close()
      holder.waitUntilExit()
    }
    #expect(output.fileHandleForReading.readData(ofLength: 5).count == 5)
    let outcome = try run(script, ["echo", "fetched"])
    #expect(outcome.status == 1 && outcome.text.contains("brought nothing"), "\(outcome.text)")
    #expect(!outcome.text.contains("fetched"))
  }
}
