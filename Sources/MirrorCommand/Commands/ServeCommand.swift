import ArgumentParser
internal import Glibc
import MirrorCore
import MirrorGateway
import Synchronization
internal import UnixSignals

/// `mirror serve`: a gateway that stays, for the builds of a machine or a team.
struct ServeCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the chain to the builds of a machine or a team.",
    discussion: """
        mirror serve --listen 127.0.0.1:8040
        eval "$(mirror env)"

      On loopback a random token keeps other users out; mirror env knows it. On any other address \
      everybody on the network may read, unless --token-file names a file with a token; without a \
      token no tunnels pass and no netrc is used.
      """)

  @OptionGroup var session: SessionOptions

  @Option(help: ArgumentHelp("Where to listen.", valueName: "host:port"))
  var listen = "127.0.0.1:0"

  @Option(
    help: ArgumentHelp("A file whose first line clients have to show.", valueName: "file"),
    completion: .file())
  var tokenFile: String?

  @Flag(help: "Add what is served to the lock, while the server runs and when it ends.")
  var record = false

  func run(in toolbox: Toolbox) async throws -> Int32 {
    guard let (host, port) = Self.address(listen) else {
      throw MirrorError(.misconfigured, "--listen \(listen): is not HOST:PORT")
    }
    let token = try token(host: host)
    if record { try self.session.checkLockPlace() }
    FileLimit.raise()
    // Whoever needs no token must not be shown what the server's user may see.
    let session = try Session(self.session, in: toolbox, usesNetrc: token != nil)
    let recorder = record ? Recorder(session, toolbox, pause: .seconds(2)) : nil
    let signals = await UnixSignalsSequence(trapping: Self.endings)
    let failure = await withTaskGroup(of: MirrorError?.self) { group in
      group.addTask {
        await session.courier.run()
        return nil
      }
      group.addTask { await serve(session, toolbox, host, port, token) }
      if let recorder {
        group.addTask {
          await recorder.run()
          return nil
        }
      }
      group.addTask {
        _ = await signals.first { _ in true }
        return nil
      }
      let first = await group.next() ?? nil
      // Transfers end with us, and are recorded; whoever asks again continues them.
      group.cancelAll()
      return first
    }
    await session.close()
    let tally = session.ledger.soFar
    try await recorder?.finish(tally)
    if let failure { throw failure }
    let loss = session.reportLostLines(of: tally, toolbox.console)
    let records = record && !session.policy.isFrozen && !tally.lock.isEmpty
    for line in RunReport(tally, exit: 0).summary(lock: records ? session.lockPath : nil) {
      toolbox.console.say(line)
    }
    return loss?.exitCode ?? 0
  }

  /// The signals that end the server in good order; a hang-up is none to whom `nohup` started.
  private static var endings: [UnixSignal] {
    var current = sigaction()
    sigaction(SIGHUP, nil, &current)
    // SIG_IGN is the address 1 (signal.h), which cannot be compared as a function.
    let isIgnored = unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self) == 1
    return [.sigint, .sigterm] + (isIgnored ? [] : [.sighup])
  }

  /// Serves until the task is cancelled, and keeps the note for `mirror env` meanwhile.
  private func serve(
    _ session: Session, _ toolbox: Toolbox, _ host: String, _ port: Int, _ token: Secret?
  ) async -> MirrorError? {
    let running = RunningGateway(in: session.store)
    let noted = Mutex<GatewayAddress?>(nil)
    defer { noted.withLock { $0.map(running.forget) } }
    do throws(MirrorError) {
      let gateway = session.gateway(toolbox, passesTunnels: token != nil)
      try await gateway.run(host: host, port: port, token: token) { address in
        // Without the note mirror env does not find us; we serve all the same.
        try? running.note(address, isFrozen: session.policy.isFrozen)
        noted.withLock { $0 = address }
        toolbox.console.say("serving on \(address.authority)")
      }
      return nil
    } catch {
      return error
    }
  }

  private func token(host: String) throws(MirrorError) -> Secret? {
    if let tokenFile { return try TokenFile.token(at: tokenFile) }
    return ["127.0.0.1", "localhost", "::1"].contains(host) ? .random() : nil
  }

  private static func address(_ text: String) -> (String, Int)? {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
      let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
    else { return nil }
    let host = text[..<colon]
    return (String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host), port)
  }
}
