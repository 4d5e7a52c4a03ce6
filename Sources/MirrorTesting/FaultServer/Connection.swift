internal import NIOCore

/// One client's connection: reads requests as they come and plays the answers one after another.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum Reply {
    case steps([FaultAnswer.Step])
    case tunnel(host: String, port: Int)
  }

  private let state: Watched<ServerState>
  private var context: ChannelHandlerContext?
  private var parser = RequestParser()
  /// Whether what arrives is still to be read as requests.
  private var readsRequests = true
  /// Replies to pipelined requests, behind the one being played.
  private var replies: [Reply] = []
  private var steps: ArraySlice<FaultAnswer.Step> = []
  /// Whether the current step waits for something, perhaps for ever.
  private var isWaiting = false
  private var lastWrite: EventLoopFuture<Void>?
  private var leaveGate: (() -> Void)?
  private var tunnel: (any Channel)?

  init(state: Watched<ServerState>) {
    self.state = state
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    if let tunnel { return tunnel.writeAndFlush(buffer, promise: nil) }
    parser.append(buffer.readableBytesView)
    readRequests()
    play()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    leaveGate?()
    tunnel?.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Mostly a client that does not like the certificate, which is what the test wants.
    context.triggerUserOutboundEvent(FaultAnswer.HangUp.abrupt, promise: nil)
  }

  private func readRequests() {
    do {
      while readsRequests, let request = try parser.next() {
        switch state.update({ $0.reply(to: request) }) {
        case .answer(let answer):
          replies.append(.steps(answer.steps(request)))
        case .tunnel(let host, let port):
          readsRequests = false
          replies.append(.tunnel(host: host, port: port))
        }
      }
      if readsRequests, !isWaiting, replies.isEmpty, parser.takesUpExpectation() {
        send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
      }
    } catch {
      readsRequests = false
      let text = Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8)
      replies.append(.steps([.send(text), .hangUp(.orderly)]))
    }
  }

  private func play() {
    while !isWaiting, let context {
      if let step = steps.popFirst() {
        perform(step, context)
      } else if replies.isEmpty {
        return
      } else {
        switch replies.removeFirst() {
        case .steps(let next): steps = next[...]
        case .tunnel(let host, let port): openTunnel(to: host, port: port, context)
        }
      }
    }
  }

  private func resume() {
    isWaiting = false
    leaveGate = nil
    play()
  }

  private func perform(_ step: FaultAnswer.Step, _ context: ChannelHandlerContext) {
    switch step {
    case .send(let bytes):
      send(bytes)
    case .wait(let gate):
      let loop = context.eventLoop
      let me = NIOLoopBound(self, eventLoop: loop)
      guard let ticket = gate.enter({ loop.execute { me.value.resume() } }) else { return }
      isWaiting = true
      leaveGate = { gate.leave(ticket) }
    case .pause(let time):
      isWaiting = true
      context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { self.resume() }
    case .silence:
      isWaiting = true
    case .hangUp(let way):
      isWaiting = true
      readsRequests = false
      let sent = lastWrite ?? context.eventLoop.makeSucceededVoidFuture()
      sent.assumeIsolated().whenComplete { _ in self.hangUp(way) }
    }
  }

  private func send(_ bytes: [UInt8]) {
    guard let context else { return }
    lastWrite = context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
  }

  private func hangUp(_ way: FaultAnswer.HangUp) {
    if way == .orderly {
      context?.close(promise: nil)
    } else {
      context?.triggerUserOutboundEvent(way, promise: nil)
    }
  }

  private func openTunnel(to host: String, port: Int, _ context: ChannelHandlerContext) {
    isWaiting = true
    Tunnel.open(to: host, port: port, for: context.channel, state: state)
      .assumeIsolated()
      .whenComplete { result in
        switch result {
        case .success(let channel): self.enterTunnel(channel)
        case .failure:
          self.steps = [
            .send(Array("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n".utf8)),
            .hangUp(.orderly),
          ]
          self.resume()
        }
      }
  }

  private func enterTunnel(_ channel: any Channel) {
    guard context != nil else { return channel.close(promise: nil) }
    send(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
    tunnel = channel
    channel.writeAndFlush(ByteBuffer(bytes: parser.takeRest()), promise: nil)
    _ = channel.setOption(.autoRead, value: true)
  }
}
