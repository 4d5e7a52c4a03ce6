import MirrorCore
import MirrorTesting
import Testing

/// The table for other people's mirrors: passed by a good one, failed by each kind of bad one.
@Suite struct ChainConformanceTests {
  private static let bytes = Array("0123456789".utf8)
  private static let tagged = Content(size: 10, entityTag: "\"v1\"")
  private let held = Request.file("held.tgz")
  private let lacking = Request.file("lacking.tgz")

  private func violations(
    _ finding: ScriptedFinding, name: String = "acme", lacking other: ScriptedFinding = .nothing()
  ) async -> [String] {
    let mirror = InMemoryMirror(name)
    mirror.script(held.identity, finding)
    mirror.script(lacking.identity, other)
    return await ChainConformance(held: held, bytes: Self.bytes, lacking: lacking)
      .violations(of: mirror)
  }

  @Test(arguments: [
    ScriptedFinding.bytes(bytes), .bytes(bytes, as: tagged), .rest(of: bytes, as: tagged),
  ])
  func `finds nothing wrong with a good mirror`(finding: ScriptedFinding) async {
    #expect(await violations(finding) == [])
  }

  @Test(arguments: [
    ScriptedFinding.text("other bytes"), .nothing(), .failure(.unavailable), .text(""),
    .broken(after: bytes, as: Content(), .corrupt),
  ])
  func `sees that the mirror does not give what it holds`(finding: ScriptedFinding) async {
    #expect(await !violations(finding).isEmpty)
  }

  @Test(arguments: [
    ScriptedFinding.failure(.unavailable), .failure(.denied), .text("made up"),
  ])
  func `sees that a miss is not told as one`(finding: ScriptedFinding) async {
    let found = await violations(.bytes(Self.bytes), lacking: finding)
    #expect(found.contains { $0.contains("claims to have") || $0.contains("has nothing") })
  }

  @Test func `sees that a miss leaves bytes behind`() async {
    let finding = ScriptedFinding { sink throws(MirrorError) in
      try sink.receive("404 page".utf8, as: Content())
      return .nothing(nil)
    }
    let found = await violations(.bytes(Self.bytes), lacking: finding)
    #expect(found.contains { $0.contains("does not have") })
  }

  @Test func `sees that a resumed file is not made whole`() async {
    let finding = ScriptedFinding { sink throws(MirrorError) in
      try sink.begin(Self.tagged, at: sink.partial?.count ?? 0)
      try sink.append(Self.bytes)
      return .content(Self.tagged)
    }
    #expect(await violations(finding).contains { $0.contains("half") })
  }

  @Test func `sees that a full store is hidden`() async {
    let finding = ScriptedFinding { sink throws(MirrorError) in
      try? sink.receive(Self.bytes, as: Content())
      return .content(Content())
    }
    #expect(await violations(finding).contains { $0.contains("hides") })
    let renamed = ScriptedFinding { sink throws(MirrorError) in
      do throws(MirrorError) {
        try sink.receive(Self.bytes, as: Content())
      } catch {
        throw MirrorError(.unavailable, "something went wrong")
      }
      return .content(Content())
    }
    #expect(await violations(renamed).contains { $0.contains("unavailable") })
  }

  @Test func `sees that bytes come before their description`() async {
    let finding = ScriptedFinding { sink throws(MirrorError) in
      try sink.append(Self.bytes)
      return .content(Content())
    }
    #expect(await violations(finding).contains { $0.contains("before") })
  }

  @Test func `sees that a declared length is not true`() async {
    let finding = ScriptedFinding { sink throws(MirrorError) in
      try sink.receive(Self.bytes, as: Content())
      return .content(Content(size: 11))
    }
    #expect(await violations(finding).contains { $0.contains("declares 11") })
  }

  @Test(arguments: ["", "acme mirror", "store", "origin"])
  func `sees a name that configuration could not use`(name: String) async {
    #expect(await violations(.bytes(Self.bytes), name: name).contains { $0.contains("its name") })
  }
}

extension ByteSink {
  fileprivate func append(_ bytes: [UInt8]) throws(MirrorError) {
    try bytes.withUnsafeBufferPointer { buffer throws(MirrorError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }
}
