public import MirrorCore

/// What a chain relies on in every mirror, as checks that any mirror can be run through.
///
/// It needs a thing that the mirror holds, its bytes, and a thing that it does not hold:
///
/// ```swift
/// let table = ChainConformance(held: wheel, bytes: wheelBytes, lacking: nonsense)
/// #expect(await table.violations(of: AcmeBucket()) == [])
/// ```
///
/// A violation is a sentence about the mirror. Nothing here depends on a test library, so the list can
/// as well be printed by a script that looks at a mirror in production.
public struct ChainConformance: Sendable {
  private let held: Request
  private let bytes: [UInt8]
  private let lacking: Request

  /// Creates the table.
  ///
  /// - Parameters:
  ///   - held: a request for something that the mirror holds; its digests are of no account.
  ///   - bytes: what it must give for it, at least two bytes.
  ///   - lacking: a request for something that it does not hold.
  public init(held: Request, bytes: some Sequence<UInt8>, lacking: Request) {
    self.held = held.pinned(to: [])
    self.bytes = Array(bytes)
    self.lacking = lacking.pinned(to: [])
  }

  /// Runs a mirror through the table.
  ///
  /// - Returns: what it does that a chain cannot work with; nothing when it conforms.
  public func violations(of mirror: any Mirror) async -> [String] {
    var found: [String] = []
    if mirror.name.isEmpty || mirror.name.contains(where: \.isWhitespace) {
      found.append("its name is empty or has white space in it")
    }
    if ["store", "origin"].contains(mirror.name) {
      found.append("its name is a word of the chain")
    }
    found += await gives(mirror)
    found += await misses(mirror)
    found += await letsSinksFail(mirror)
    found += await servesAtOnce(mirror)
    do {
      for rule in Self.rules { found += try await violations(of: mirror, against: rule) }
    } catch {
      found.append("the table could not be run: \(error)")
    }
    return found
  }

  // MARK: The mirror by itself

  private func gives(_ mirror: any Mirror) async -> [String] {
    let sink = WitnessSink()
    do throws(MirrorError) {
      guard case .content(let content) = try await mirror.fetch(held, to: sink) else {
        return ["it does not have \(held.identity)"]
      }
      var found = sink.violations
      if sink.bytes != bytes { found.append("it gives other bytes than those expected") }
      if let size = content.size, size != bytes.count {
        found.append("it declares \(size) bytes and has \(bytes.count)")
      }
      if content.validator != nil { found += await continues(mirror, content) }
      return found
    } catch {
      return ["it cannot give \(held.identity): \(error)"]
    }
  }

  private func continues(_ mirror: any Mirror, _ content: Content) async -> [String] {
    let sink = WitnessSink(holding: Array(bytes.prefix(bytes.count / 2)), of: content)
    do throws(MirrorError) {
      _ = try await mirror.fetch(held, to: sink)
      return sink.bytes == bytes
        ? sink.violations : ["it does not make the file whole when half of it is there already"]
    } catch {
      return ["it fails when half of the file is there already: \(error)"]
    }
  }

  private func misses(_ mirror: any Mirror) async -> [String] {
    let sink = WitnessSink()
    do throws(MirrorError) {
      guard case .nothing = try await mirror.fetch(lacking, to: sink) else {
        return ["it claims to have \(lacking.identity)"]
      }
      return sink.bytes.isEmpty ? [] : ["it gives bytes of what it says it does not have"]
    } catch {
      return ["it throws where it should answer that it has nothing: \(error)"]
    }
  }

  private func letsSinksFail(_ mirror: any Mirror) async -> [String] {
    do throws(MirrorError) {
      _ = try await mirror.fetch(held, to: WitnessSink(isFull: true))
      return ["it hides that the store could not take the bytes"]
    } catch {
      return error.code == .misconfigured
        ? [] : ["it answers \(error.code.rawValue) when the store cannot take the bytes"]
    }
  }

  private func servesAtOnce(_ mirror: any Mirror) async -> [String] {
    let wrong = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let sink = WitnessSink()
          _ = try? await mirror.fetch(held, to: sink)
          return sink.bytes != bytes
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    return wrong == 0 ? [] : ["it gives \(wrong) of 8 askers at once other bytes"]
  }

  // MARK: The mirror in a chain

  private enum Expected {
    case bytes
    case bytesFromOrigin
    case miss
    case failure(MirrorError.Code)
  }

  private struct Rule {
    var name: String
    var isHeld = true
    var pin = Pin.none
    var mode = Source.Mode.bestEffort
    var hasOrigin: Bool
    var expected: Expected
  }

  private enum Pin {
    case none
    case right
    case wrong
  }

  private static let rules = [
    Rule(name: "unpinned", hasOrigin: true, expected: .bytes),
    Rule(name: "pinned", pin: .right, hasOrigin: true, expected: .bytes),
    Rule(
      name: "pinned, gatekeeper", pin: .right, mode: .gatekeeper, hasOrigin: false, expected: .bytes
    ),
    Rule(
      name: "pinned to other bytes", pin: .wrong, hasOrigin: true, expected: .bytesFromOrigin),
    Rule(
      name: "pinned to other bytes, no origin", pin: .wrong, hasOrigin: false,
      expected: .failure(.corrupt)),
    Rule(
      name: "pinned to other bytes, gatekeeper", pin: .wrong, mode: .gatekeeper, hasOrigin: true,
      expected: .failure(.corrupt)),
    Rule(name: "missing", isHeld: false, hasOrigin: true, expected: .miss),
    Rule(
      name: "missing, no origin", isHeld: false, hasOrigin: false, expected: .failure(.refused)),
  ]

  private func violations(of mirror: any Mirror, against rule: Rule) async throws -> [String] {
    let originBytes = Array("these bytes are the origin's".utf8)
    var request = rule.isHeld ? held : lacking
    switch rule.pin {
    case .none: break
    case .right: request = request.pinned(to: [ContentHash.sha256(of: bytes)])
    case .wrong: request = request.pinned(to: [ContentHash.sha256(of: originBytes)])
    }
    let asked = request
    return try await TemporaryFolder.with { folder in
      let origin = InMemoryMirror("origin")
      if rule.isHeld { origin.script(asked.identity, .bytes(originBytes)) }
      var sources = [Source.mirror(mirror, mode: rule.mode)]
      if rule.hasOrigin { sources.append(.origin(origin)) }
      let chain = FallbackChain(sources, store: try Store(at: folder))
      let resolution = await chain.resolve(asked)
      let isRight =
        switch (rule.expected, resolution) {
        case (.bytes, .satisfied(let delivery, _)): try delivery.bytes() == bytes
        case (.bytesFromOrigin, .satisfied(let delivery, _)):
          try delivery.bytes() == originBytes
        case (.miss, .missed): true
        case (.failure(let code), .failed(let error, _)): error.code == code
        default: false
        }
      return isRight ? [] : ["in a chain (\(rule.name)): \(resolution.inWords)"]
    }
  }
}

extension Request {
  fileprivate func pinned(to digests: [Digest]) -> Request {
    var request = self
    request.digests = digests
    request.size = nil
    return request
  }
}

extension Delivery {
  fileprivate func bytes() throws -> [UInt8] { try file.read(at: 0, count: size) }
}

extension Resolution {
  fileprivate var inWords: String {
    switch self {
    case .satisfied(let delivery, _): "\(delivery.source) served \(delivery.size) bytes"
    case .missed: "missed"
    case .failed(let error, _): "\(error.code.rawValue): \(error)"
    }
  }
}
