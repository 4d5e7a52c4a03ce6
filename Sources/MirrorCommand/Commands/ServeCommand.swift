import ArgumentParser
import MirrorCore
import MirrorGateway
internal import UnixSignals

/// `mirror serve`: a gateway that stays, for the builds of a machine or a team.
struct ServeCommand: ParsableCommand, Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the chain to the builds of a machine or a team.",
    discussion: """
        mirror serve --listen 127.0.0.1:8040
        eval "$(mirror env)"

      On loopback a random token keeps other users out; mirror env knows it. On any other address \
      everybody on the network may read, unless --token-file names a file with a token.
      """)

  @OptionGroup var session: SessionOptions

  @Option(help: ArgumentHelp("Where to listen.", valueName: "host:port"))
  var listen = "127.0.0.1:0"

  @Option(
    help: ArgumentHelp("A file whose first line clients have to show.", valueName: "file"),
    completion: .file())
  var tokenFile: String?

  func run(in toolbox: Toolbox) async throws -> Int32 {
    guard let (host, port) = Self.address(listen) else {
      throw MirrorError(.misconfigured, "--listen \(listen): is not HOST:PORT")
    }
    let token = try token(host: host)
    let session = try Session(self.session, in: toolbox)
    let running = RunningGateway(in: session.store)
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    // Transfers end with us; what has come of them is continued when somebody asks again.
    async let _ = session.courier.run()
    let failure = await withTaskGroup(of: MirrorError?.self) { group in
      group.addTask { await serve(session, toolbox, host, port, token, running) }
      group.addTask {
        _ = await signals.first { _ in true }
        return nil
      }
      let first = await group.next() ?? nil
      running.forget()
      group.cancelAll()
      return first
    }
    await session.close()
    if let failure { throw failure }
    for line in RunReport(session.ledger.soFar, exit: 0).summary(lock: nil) {
      toolbox.console.say(line)
    }
    return 0
  }

  private func serve(
    _ session: Session, _ toolbox: Toolbox, _ host: String, _ port: Int, _ token: Secret?,
    _ running: RunningGateway
  ) async -> MirrorError? {
    do throws(MirrorError) {
      try await session.gateway(toolbox).run(host: host, port: port, token: token) { address in
        // Without the note mirror env does not find us; we serve all the same.
        try? running.note(address)
        toolbox.console.say("serving on \(address.host):\(address.port)")
      }
      return nil
    } catch {
      return error
    }
  }

  private func token(host: String) throws(MirrorError) -> Secret? {
    if let tokenFile {
      let text = try Disk.read(tokenFile).map { String(decoding: $0, as: UTF8.self) }
      guard let line = text?.split(whereSeparator: \.isNewline).first else {
        throw MirrorError(.misconfigured, "--token-file \(tokenFile): is empty or not there")
      }
      return Secret(String(line))
    }
    return ["127.0.0.1", "localhost", "[::1]"].contains(host) ? .random() : nil
  }

  private static func address(_ text: String) -> (String, Int)? {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
      let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
    else { return nil }
    return (String(text[..<colon]), port)
  }
}
