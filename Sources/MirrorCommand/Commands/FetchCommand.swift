import ArgumentParser
import MirrorCore

/// `mirror fetch`: one thing through the chain.
struct FetchCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch one thing through the chain.",
    discussion: """
        mirror fetch https://files.acme.example/tool-1.2.tgz
        mirror fetch --sha256 9f86d0… -o tool.tgz https://files.acme.example/tool-1.2.tgz
        mirror fetch 'pkg:pypi/six@1.16.0?file_name=six-1.16.0-py2.py3-none-any.whl'
      """)

  @OptionGroup var session: SessionOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the bytes go; - for standard output. Without it, the file's own name here.",
      valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("What the bytes must hash to.", valueName: "hex"))
  var sha256: String?

  @Argument(help: ArgumentHelp("A URL or a package URL.", valueName: "url-or-purl"))
  var name: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    var request = try await toolbox.request(naming: name, lock: session.lock)
    if let sha256 {
      guard let digest = Digest(.sha256, hex: sha256) else {
        throw MirrorError(.misconfigured, "--sha256 \(sha256): is not 64 hexadecimal digits")
      }
      request.digests = [digest]
    }
    let session = try Session(self.session, in: toolbox)
    let resolution = await fetch(request, in: session, toolbox.console)
    await session.close()
    try session.store.settle()
    session.ledger.record(request, resolution)
    switch resolution {
    case .satisfied(let delivery, _):
      try deliver(delivery, of: request)
      return 0
    case .missed:
      toolbox.console.warn("\(request.identity): nobody has it")
      return CommandLineTool.notFound
    case .failed(let error, _):
      // The ledger has said it aloud already.
      return error.code.exitCode
    }
  }

  /// Resolves the request, and shows how far it has come while it does.
  private func fetch(
    _ request: Request, in session: Session, _ console: Console
  ) async -> Resolution {
    let growth = Growth()
    async let watching: Void = watch(growth, console)
    let resolution =
      await session.chains[request.ecosystem]?.resolve(request, shownTo: growth)
      ?? .failed(MirrorError(.misconfigured, "\(request.identity): no such ecosystem"), [])
    growth.settle(resolution)
    await watching
    return resolution
  }

  private func watch(_ growth: Growth, _ console: Console) async {
    guard console.isTerminal, case .flowing(let content) = await growth.opening() else { return }
    var shown = 0
    while case .ready(_, let count) = await growth.progress(after: shown) {
      shown = max(count, shown + (content.size ?? 0) / 100)
      let percent = content.size.map { " \(count * 100 / max(1, $0)) %" } ?? ""
      console.showProgress("\(RunReport.size(count))\(percent)")
    }
    console.showProgress("")
  }

  private func deliver(_ delivery: Delivery, of request: Request) throws(MirrorError) {
    let path = output ?? request.fileName
    guard !path.isEmpty, path != ".", path != "..", output != nil || !path.contains("/") else {
      throw MirrorError(
        .misconfigured, "\(request.identity): has no file name; say where it goes with -o")
    }
    if path == "-" {
      return try copy(delivery, to: path) { piece throws(MirrorError) in
        try StandardOutput.write(piece)
      }
    }
    try OutputFile(path: path).write { descriptor throws(MirrorError) in
      try copy(delivery, to: path) { piece throws(MirrorError) in
        try Disk.write(piece, to: descriptor, path: path)
      }
    }
  }

  private func copy(
    _ delivery: Delivery, to path: String,
    _ write: ([UInt8]) throws(MirrorError) -> Void
  ) throws(MirrorError) {
    var offset = 0
    while offset < delivery.size {
      let piece = try delivery.file.read(at: offset, count: 1 << 18)
      guard !piece.isEmpty else {
        throw MirrorError(.corrupt, "\(path): the store's file ended early")
      }
      try write(piece)
      offset += piece.count
    }
  }
}
