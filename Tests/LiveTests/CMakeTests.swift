import Foundation
import MirrorTesting
import Testing

/// The recipe for CMake, run by a real one.
@Suite(.enabled(if: Tool.areInstalled("cmake"), "cmake is missing: Tests/run"))
struct CMakeTests {
  private static let module = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Examples/CMake").standardized.path

  private func configure(_ sha256: String, in folder: TemporaryFolder) async throws -> Tool.Outcome
  {
    try await FaultServer.run { server in
      server.script("/a.bin", .file(Array("0123456789".utf8)))
      try folder.write(
        "CMakeLists.txt",
        """
        cmake_minimum_required(VERSION 3.13)
        project(test NONE)
        list(APPEND CMAKE_MODULE_PATH \(Self.module))
        include(Mirror)
        mirror_fetch(a.bin \(server.url)/a.bin \(sha256))
        message(STATUS "at ${a.bin_PATH}")
        """)
      return try await Tool.run(
        ["cmake", "-S", ".", "-B", "out", "-DMIRROR_EXECUTABLE=\(Tool.mirror)"], in: folder.path)
    }
  }

  @Test func `fetches what is pinned, and stops the configuration at anything else`() async throws {
    let folder = try TemporaryFolder()
    let right = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"
    let good = try await configure(right, in: folder)
    #expect(good.status == 0, "\(good.errors)")
    #expect(good.text.contains("at \(folder.path)/out/a.bin"))
    #expect(folder.text(of: "out/a.bin") == "0123456789")
    let other = try TemporaryFolder()
    let bad = try await configure(String(repeating: "0", count: 64), in: other)
    #expect(bad.status != 0 && bad.errors.contains("mirror_fetch a.bin"), "\(bad.errors)")
    #expect(other.bytes(of: "out/a.bin") == nil)
  }
}
