import ArgumentParser
import MirrorCore

/// `mirror explain`: who would be asked for a thing, in which order, and why.
struct ExplainCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say who would be asked for a thing, in which order, and why.",
    discussion: """
        mirror explain https://files.acme.example/tool-1.2.tgz
        mirror explain --json 'pkg:pypi/six@1.16.0?file_name=six-1.16.0.tar.gz'

      Nobody is asked: this reads configuration, lock and store only.
      """)

  @OptionGroup var session: SessionOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Argument(help: ArgumentHelp("A URL or a package URL.", valueName: "url-or-purl"))
  var name: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let request = try await toolbox.request(naming: name, lock: session.lock)
    let session = try Session(self.session, in: toolbox, isRecorded: false)
    await session.close()
    let explanation = Explanation(of: request, in: session)
    try StandardOutput.print(json ? JSON.text(explanation) : explanation.text)
    return 0
  }
}

/// The way a request would go.
struct Explanation: Encodable {
  struct Step: Encodable {
    var source: String
    var place: String?
    var why: String
  }

  var identity: String
  var package: String
  var pin: String
  /// What lock and policy say of it, where that settles it and nobody is asked.
  var verdict: String?
  var steps: [Step]

  init(of request: Request, in session: Session) {
    identity = request.identity
    package = request.package.description
    let chain = session.chains[request.ecosystem]
    let (held, settled) = chain?.held(request) ?? (request, nil)
    switch session.lock.entry(for: request)?.state {
    case .present(let digest, _) where held.sha256 == digest:
      pin = "\(digest) (\(session.lockPath))"
    case .absent: pin = "recorded as not there (\(session.lockPath))"
    default: pin = request.sha256.map { "\($0) (as asked)" } ?? "none"
    }
    switch settled {
    case .failed(let error, _): verdict = error.message
    case .missed: verdict = "not there, as \(session.lockPath) says"
    case .satisfied, nil: verdict = nil
    }
    let isSettled = settled != nil
    steps =
      chain.map { chain in
        chain.sources.map { source in
          isSettled
            ? Step(source: source.name, why: "never asked")
            : Self.step(source, held, in: chain, session)
        }
      } ?? []
  }

  /// The explanation for people.
  var text: String {
    let width = steps.map(\.source.count).max() ?? 0
    let lines = steps.enumerated().map { index, step in
      let name = step.source + String(repeating: " ", count: width - step.source.count)
      return "  \(index + 1)  \(name)  \(step.why)" + (step.place.map { ": \($0)" } ?? "")
    }
    let verdict = verdict.map { ["  verdict  \($0)"] } ?? []
    return (["\(identity)", "  package  \(package)", "  digest   \(pin)"] + verdict + lines)
      .joined(separator: "\n")
  }

  private static func step(
    _ source: Source, _ request: Request, in chain: FallbackChain, _ session: Session
  ) -> Step {
    if session.policy.owns(request), !source.isOwner {
      return Step(source: source.name, why: "never asked: the name is owned, and it is no owner")
    }
    guard let mirror = source.mirror else {
      guard chain.mayLookUp(request) else {
        return Step(source: source.name, why: "not asked: what is looked up may have changed")
      }
      let record = session.store.record(for: request)
      let digest = request.sha256 ?? record.flatMap { Digest(.sha256, hex: $0.sha256) }
      if let digest, (try? session.store.object(digest)) != nil {
        return Step(source: source.name, place: digest.description, why: "has it")
      }
      return Step(source: source.name, why: "does not have it")
    }
    if session.policy.isOffline {
      return Step(source: source.name, why: "not asked: offline")
    }
    guard let place = mirror.location(of: request) else {
      return Step(source: source.name, why: "cannot have it: its layout needs a digest we lack")
    }
    let mode = source.isOrigin ? "the origin" : source.mode.rawValue
    return Step(source: source.name, place: place, why: "asked next (\(mode))")
  }
}
