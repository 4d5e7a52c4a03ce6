#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The program that apt starts in place of its `http` and `https` methods, where there is a gateway.
///
/// It speaks apt's method interface on one side and HTTP with the gateway on the other, for many things
/// at once; where the things come from, and that they are the right ones, is the gateway's. No digest is
/// told to apt, so apt itself hashes every file that its indices know, whatever we and the gateway did.
struct AcquireMethod {
  /// The names that apt calls us by, whatever the name of the file: those of its methods.
  static let names: Set<String> = ["http", "https"]
  /// Where apt keeps its own methods.
  private static let folder = "/usr/lib/apt/methods"
  /// As many things as apt asks for at once by default; one connection answers one after the other.
  private static let mostConnections = 10
  /// How long the gateway may say nothing, in seconds: it keeps the time of the sources itself, and shows
  /// nothing of a file whose digest is known before all of it is there.
  private static let patience = 6 * 3600
  /// After so many milliseconds of silence apt is told that we wait.
  private static let pause: Int32 = 1000
  private static let nobody = "mirror's gateway does not answer any more"

  private let gateway: GatewayAddress
  private var connections: [GatewayConnection] = []
  private var reader = AcquireMessageReader()
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  private var isLogging = false
  private var isOpen = true

  /// Runs in place of the method of a scheme, until apt ends it.
  ///
  /// Without a gateway this process becomes apt's own method; where it is required, apt is told that
  /// there is none.
  static func run(_ scheme: String) -> Never {
    if let url = ToolSurroundings.process.nonEmpty("MIRROR_GATEWAY") {
      let gateway = GatewayAddress(url)
      if let gateway, gateway.answers() {
        var method = AcquireMethod(gateway: gateway)
        method.serve()
      }
      let missing = gateway.map { MissingGateway.silent($0) } ?? .unreadable(in: "MIRROR_GATEWAY")
      if MissingGateway.isRequired {
        fail("mirror: \(missing.text), and apt must not go on without it")
      }
      missing.report("apt", isRequired: false)
    }
    let path = "\(folder)/\(scheme)"
    let name = strdup(path)
    let arguments: [UnsafeMutablePointer<CChar>?] = [name, nil]
    execv(path, arguments)
    fail("\(path) cannot be executed")
  }

  private init(gateway: GatewayAddress) { self.gateway = gateway }

  /// Carries things until apt is gone, or a signal comes.
  private mutating func serve() -> Never {
    guard let signals = SignalPipe() else { exit(100) }
    // A connection or an apt that ended is noticed where we read from it.
    signal(SIGPIPE, SIG_IGN)
    Self.say(
      AcquireMessage(
        head: "100 Capabilities",
        fields: [
          .init(name: "Version", value: "1.2"), .init(name: "Pipeline", value: "true"),
          .init(name: "Send-Config", value: "true"),
          .init(name: "Send-URI-Encoded", value: "true"),
        ]))
    while isOpen || connections.contains(where: { !$0.transfers.isEmpty }) {
      var entries = connections.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
      entries.append(pollfd(fd: signals.end, events: Int16(POLLIN), revents: 0))
      if isOpen { entries.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
      let isWaiting = connections.contains { !$0.transfers.isEmpty }
      guard poll(&entries, nfds_t(entries.count), isWaiting ? Self.pause : -1) >= 0 else {
        continue
      }
      for entry in entries where entry.revents != 0 {
        if entry.fd == signals.end { exit(isOpen ? 100 : 0) }
        if entry.fd == STDIN_FILENO {
          readApt()
        } else {
          attend(to: entry)
        }
      }
      lookAtTheClock()
    }
    exit(0)
  }

  // MARK: From apt

  private mutating func readApt() {
    guard let count = Descriptor.read(STDIN_FILENO, into: &buffer), count > 0 else {
      // Closing is how apt says that it is done; what is under way still comes.
      isOpen = false
      return
    }
    for message in reader.take(buffer[..<count]) {
      switch message.code {
      case 600: acquire(message)
      case 601: configure(message)
      default: break
      }
    }
  }

  private mutating func configure(_ message: AcquireMessage) {
    isLogging = message.fields.contains {
      ["Debug::Acquire::http=true", "Debug::Acquire::http=1"].contains($0.value)
    }
    guard geteuid() == 0 else { return }
    guard let name = SandboxUser.name(in: message) else { return }
    guard let user = SandboxUser(name, passwd: TextFile.contents(of: "/etc/passwd") ?? "") else {
      Self.fail("APT::Sandbox::User is \(name), whom /etc/passwd does not have")
    }
    if !user.become() { Self.fail("cannot become APT::Sandbox::User") }
  }

  private mutating func acquire(_ message: AcquireMessage) {
    if let transfer = AcquireTransfer(message) { return ask(for: transfer) }
    var failure = AcquireMessage(head: "400 URI Failure", fields: [])
    failure["URI"] = message["URI"] ?? ""
    failure["Message"] = "apt's own method for this cannot be asked behind mirror's gateway"
    Self.say(failure)
  }

  // MARK: To the gateway

  /// Asks on a connection that has nothing to do, else on a new one, else on the least busy one.
  private mutating func ask(for transfer: AcquireTransfer) {
    log("asked", transfer.uri)
    let leastBusy = connections.indices.filter { connections[$0].isOpen }
      .min { connections[$0].transfers.count < connections[$1].transfers.count }
    let isIdle = leastBusy.map { connections[$0].transfers.isEmpty } ?? false
    if !isIdle, connections.count < Self.mostConnections,
      var connection = GatewayConnection(to: gateway, now: Self.now)
    {
      connection.ask(for: transfer, now: Self.now)
      connections.append(connection)
    } else if let leastBusy {
      connections[leastBusy].ask(for: transfer, now: Self.now)
    } else {
      var transfer = transfer
      Self.say(transfer.breakOff(Self.nobody))
    }
  }

  private mutating func attend(to entry: pollfd) {
    guard let index = connections.firstIndex(where: { $0.descriptor == entry.fd }) else { return }
    if entry.revents & Int16(POLLOUT) != 0 { connections[index].send() }
    guard entry.revents & ~Int16(POLLOUT) != 0 else { return }
    let isOfUse = connections[index].receive(into: &buffer, now: Self.now, tell: Self.say)
    if !isOfUse { drop(index) }
  }

  private mutating func drop(_ index: Int, mayAskAgain: Bool = true) {
    var connection = connections.remove(at: index)
    let rest = connection.close(Self.nobody, mayAskAgain: mayAskAgain, tell: Self.say)
    for transfer in rest { ask(for: transfer) }
  }

  private mutating func lookAtTheClock() {
    for index in connections.indices.reversed() where !connections[index].transfers.isEmpty {
      let silence = Self.now - connections[index].lastSign
      if silence >= Self.patience {
        drop(index, mayAskAgain: false)
      } else if silence > 0, let notice = connections[index].waitingNotice() {
        Self.say(notice)
      }
    }
  }

  // MARK: To apt

  private static func say(_ message: AcquireMessage) {
    _ = Descriptor.write(Array(message.text.utf8)[...], to: STDOUT_FILENO)
  }

  private func log(_ what: String, _ uri: String) {
    guard isLogging else { return }
    var message = AcquireMessage(head: "101 Log", fields: [])
    message["URI"] = uri
    message["Message"] = "mirror: \(what)"
    Self.say(message)
  }

  private static func fail(_ text: String) -> Never {
    var message = AcquireMessage(head: "401 General Failure", fields: [])
    message["Message"] = text
    say(message)
    exit(100)
  }

  /// Seconds of a steady clock.
  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec)
  }
}
