#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One connection to the gateway, and what was asked on it, in order: the first is being answered.
struct GatewayConnection {
  /// How many connections may end before they answer the thing that is first.
  private static let mostTries = 3

  /// Its number.
  let descriptor: Int32
  /// What was asked and is not answered.
  private(set) var transfers: [AcquireTransfer] = []
  /// When something last came, or was asked while nothing else was, in seconds of a steady clock.
  private(set) var lastSign: Int
  /// Whether anything ever came.
  private(set) var hasAnswered = false

  private let gateway: GatewayAddress
  private var reader = GatewayAnswerReader()
  private var outgoing: [UInt8] = []
  private var endsAfterAnswer = false

  /// Begins to connect; nil if there can be no socket.
  init?(to gateway: GatewayAddress, now: Int) {
    guard let descriptor = gateway.beginConnecting() else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    self.descriptor = descriptor
    self.gateway = gateway
    lastSign = now
  }

  /// What to wait for.
  var events: Int16 { Int16(outgoing.isEmpty ? POLLIN : POLLIN | POLLOUT) }

  /// Whether more may be asked.
  var isOpen: Bool { !endsAfterAnswer }

  /// Asks for a thing.
  mutating func ask(for transfer: AcquireTransfer, now: Int) {
    var transfer = transfer
    if transfers.isEmpty { lastSign = now }
    let lines =
      ["GET /\(transfer.path) HTTP/1.1", "Host: \(gateway.host):\(gateway.port)"]
      + (gateway.login.map { ["Authorization: Basic \(Base64.encode($0))"] } ?? [])
      + transfer.conditions()
    outgoing += lines.joined(separator: "\r\n").utf8
    outgoing += "\r\n\r\n".utf8
    transfers.append(transfer)
    send()
  }

  /// Sends as much as there is room for; a connection that is broken says so when it is read.
  mutating func send() {
    guard !outgoing.isEmpty,
      let count = Descriptor.writeSome(outgoing[...], to: descriptor)
    else { return }
    outgoing.removeFirst(count)
  }

  /// Reads what came, and says what apt is to be told.
  ///
  /// - Returns: whether the connection is still of use.
  mutating func receive(
    into buffer: inout [UInt8], now: Int, tell: (AcquireMessage) -> Void
  ) -> Bool {
    guard let count = Descriptor.read(descriptor, into: &buffer) else {
      return errno == EAGAIN || errno == EWOULDBLOCK
    }
    if count == 0 {
      if reader.mayEnd, !transfers.isEmpty { _ = handOn(.end, tell) }
      return false
    }
    lastSign = now
    hasAnswered = true
    var bytes = buffer[..<count]
    while true {
      do throws(GatewayAnswerReader.Malformed) {
        guard let event = try reader.next(&bytes) else { return true }
        guard !transfers.isEmpty, handOn(event, tell) else { return false }
      } catch {
        return false
      }
    }
  }

  /// Says once that the first thing is waited for.
  mutating func waitingNotice() -> AcquireMessage? {
    guard let first = transfers.first, first.isAwaited, !first.isKnownToWait else { return nil }
    transfers[0].isKnownToWait = true
    var message = AcquireMessage(head: "102 Status", fields: [])
    message["URI"] = first.uri
    message["Message"] = "Waiting for mirror's gateway"
    return message
  }

  /// Closes the connection.
  ///
  /// - Returns: what has to be asked for again.
  mutating func close(
    _ reason: String, mayAskAgain: Bool = true, tell: (AcquireMessage) -> Void
  ) -> [AcquireTransfer] {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #else
      _ = Musl.close(descriptor)
    #endif
    var rest = transfers[...]
    transfers = []
    // A connection that was kept may end between two answers; one that never answered will not again.
    let isWorthIt = mayAskAgain && hasAnswered
    if !endsAfterAnswer, !rest.isEmpty { rest[rest.startIndex].tries += 1 }
    let hasTried = (rest.first?.tries ?? 0) >= Self.mostTries
    if !isWorthIt || !reader.isBetweenAnswers || hasTried {
      let lost = isWorthIt ? rest.prefix(1) : rest
      for var transfer in lost { tell(transfer.breakOff(reason)) }
      rest = rest.dropFirst(lost.count)
    }
    return Array(rest)
  }

  // MARK: Inside

  /// Gives an event to the transfer it is of.
  ///
  /// - Returns: whether the connection is still of use.
  private mutating func handOn(
    _ event: GatewayAnswerReader.Event, _ tell: (AcquireMessage) -> Void
  ) -> Bool {
    if case .head(let answer) = event { endsAfterAnswer = answer.endsConnection }
    let (messages, verdict) = transfers[0].take(event)
    for message in messages { tell(message) }
    switch verdict {
    case .underWay:
      return true
    case .over:
      transfers.removeFirst()
      return !endsAfterAnswer
    case .brokenOff:
      transfers.removeFirst()
      // What is behind it is asked for elsewhere, as on a connection that ended between two answers.
      reader = GatewayAnswerReader()
      return false
    case .again:
      let transfer = transfers.removeFirst()
      guard !endsAfterAnswer else {
        transfers.insert(transfer, at: 0)
        return false
      }
      ask(for: transfer, now: lastSign)
      return true
    }
  }
}
