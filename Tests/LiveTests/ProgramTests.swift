import Foundation
import MirrorTesting
import Testing

/// A mirror that is a program, in the configuration of the stock binary.
@Suite struct ProgramTests {
  @Test func `serves a request, and is named in lock and explanation`() async throws {
    let example = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Examples/ExecMirror/tree-mirror.py").standardized.path
    let folder = try TemporaryFolder()
    try folder.write("root/files.example/a.bin", "0123456789")
    try folder.write(
      "mirror.conf",
      """
      [mirror acme]
      program = python3 \(example) \(folder.path)/root

      [chain web]
      sources = store, acme
      """)
    let url = "http://files.example/a.bin"
    let explained = try await Tool.run([Tool.mirror, "explain", url], in: folder.path)
    #expect(explained.text.contains("tree-mirror.py"))
    let fetched = try await Tool.run([Tool.mirror, "fetch", "-o", "-", url], in: folder.path)
    #expect(fetched.status == 0 && fetched.text == "0123456789", "\(fetched.errors)")
    let missed = try await Tool.run(
      [Tool.mirror, "fetch", "http://files.example/b.bin"], in: folder.path)
    #expect(missed.status == 20, "\(missed.errors)")
  }
}
