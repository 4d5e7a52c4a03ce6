import Foundation
import MirrorCore
import MirrorTesting
import Synchronization
import Testing

/// What is left of a transfer that broke, seen through the chain.
@Suite struct PartialFileTests {
  private let folder: TemporaryFolder
  private static let whole = "0123456789"
  private static let tagged = Content(entityTag: "\"v1\"")

  init() throws { folder = try TemporaryFolder() }

  /// Breaks a transfer after four bytes, then lets a new process of sorts try again.
  ///
  /// - Returns: what the next transfer found in its sink, and the resolution.
  private func resume(
    _ content: Content, request: Request = .file(), endpoint: String? = nil, later: String? = nil,
    meddling: () throws -> Void = {}
  ) async throws -> (Partial?, Resolution) {
    let first = InMemoryMirror(
      "acme", endpoint: endpoint, otherwise: .broken(after: "0123".utf8, as: content))
    let broken = FallbackChain([.mirror(first)], store: try Store(at: folder.path))
    #expect(await broken.resolve(request).error?.code == .unavailable)
    try meddling()
    let seen = Mutex<[Partial?]>([])
    let rest = ScriptedFinding.rest(of: Self.whole.utf8, as: content)
    let second = InMemoryMirror(
      "acme", endpoint: later ?? endpoint,
      otherwise: ScriptedFinding { sink throws(MirrorError) in
        seen.withLock { $0.append(sink.partial) }
        return try await rest.give(to: sink)
      })
    let chain = FallbackChain([.mirror(second)], store: try Store(at: folder.path))
    let resolution = await chain.resolve(request)
    return (seen.withLock { $0.first } ?? nil, resolution)
  }

  @Test(arguments: [
    Content(entityTag: "\"v1\""),
    Content(lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"),
    Content(lastModified: "Sun, 06 Nov 1994 08:49:37 GMT", entityTag: "W/\"v1\""),
  ])
  func `is continued by the next process when there is a validator`(content: Content) async throws {
    let (partial, resolution) = try await resume(content)
    #expect(partial == Partial(count: 4, content: content))
    #expect(resolution.text == Self.whole)
    #expect(folder.names(in: "partial") == [])
  }

  @Test(arguments: [Content(size: 10), Content(size: 10, entityTag: "W/\"v1\"")])
  func `is dropped when nothing strong tells whether the file is still the same`(
    content: Content
  ) async throws {
    let (partial, resolution) = try await resume(content) {
      #expect(folder.names(in: "partial") == [])
    }
    #expect(partial == nil)
    #expect(resolution.text == Self.whole)
  }

  @Test func `is dropped when it is too small to be worth continuing`() async throws {
    let (partial, resolution) = try await resume(Content(size: 10, entityTag: "\"v1\""))
    #expect(partial == nil)
    #expect(resolution.text == Self.whole)
  }

  @Test func `is dropped when its description was lost in a crash`() async throws {
    let (partial, resolution) = try await resume(Self.tagged) {
      for name in folder.names(in: "partial") where name.hasSuffix(".head") {
        try FileManager.default.removeItem(atPath: "\(folder.path)/partial/\(name)")
      }
    }
    #expect(partial == nil)
    #expect(resolution.text == Self.whole)
  }

  @Test(arguments: ["", "{", "[]"])
  func `is dropped when its description was cut off in a crash`(head: String) async throws {
    let (partial, resolution) = try await resume(Self.tagged) {
      for name in folder.names(in: "partial") where name.hasSuffix(".head") {
        try folder.write("partial/\(name)", head)
      }
    }
    #expect(partial == nil)
    #expect(resolution.text == Self.whole)
  }

  @Test func `is hashed anew before it is continued`() async throws {
    let request = Request.file(digests: [.of(Self.whole)])
    let (partial, resolution) = try await resume(Self.tagged, request: request) {
      for name in folder.names(in: "partial") where !name.hasSuffix(".head") {
        try folder.write("partial/\(name)", "0x23")
      }
    }
    #expect(partial?.count == 4)
    #expect(resolution.text == nil || resolution.text == Self.whole)
    #expect(resolution.attempts.first?.outcome == .corrupt)
  }

  @Test func `is never continued across hosts`() async throws {
    let (partial, resolution) = try await resume(
      Self.tagged, endpoint: "https://one.example", later: "https://two.example")
    #expect(partial == nil)
    #expect(resolution.text == Self.whole)
  }

  @Test func `is kept for the source when another one served`() async throws {
    let acme = InMemoryMirror(
      "acme", otherwise: .broken(after: "0123".utf8, as: Self.tagged))
    let origin = InMemoryMirror("origin", otherwise: .text(Self.whole))
    let chain = FallbackChain(
      [.mirror(acme), .origin(origin)], store: try Store(at: folder.path))
    let resolution = await chain.resolve(.file())
    #expect(resolution.text == Self.whole)
    #expect(resolution.trail == "acme:unavailable origin:hit")
  }

  @Test func `is dropped when the disk did not take it`() async throws {
    let mirror = InMemoryMirror(
      "acme", otherwise: .broken(after: "0123".utf8, as: Self.tagged, .misconfigured))
    let chain = FallbackChain([.mirror(mirror)], store: try Store(at: folder.path))
    #expect(await chain.resolve(.file()).error?.code == .misconfigured)
    #expect(folder.names(in: "partial") == [])
  }
}
