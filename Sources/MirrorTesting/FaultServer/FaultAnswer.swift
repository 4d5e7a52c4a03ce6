/// What a ``FaultServer`` does when a request arrives.
///
/// An answer is a list of ``Step``s computed from the request; the named ones below cover the ways
/// in which upstreams and mirrors are known to break. Unless an answer says otherwise, it frames
/// its body with `Content-Length`, leaves out the body of a `HEAD` and keeps the connection open.
/// The hang-ups in the middle happen on the socket, without a TLS closure alert, as when a process
/// dies.
///
/// A failure that has no name here can be written as steps:
///
/// ```swift
/// FaultAnswer { _ in [.send(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)), .hangUp(.reset)] }
/// ```
public struct FaultAnswer: Sendable {
  /// One act of the server on the connection.
  public enum Step: Sendable {
    /// Writes these bytes in one piece.
    case send([UInt8])
    /// Waits until a test opens the gate.
    case wait(Gate)
    /// Waits for a time.
    case pause(Duration)
    /// Does nothing more until the client or the server goes away.
    case silence
    /// Closes the connection once everything sent before has left.
    case hangUp(HangUp)
  }

  /// A way to close a connection.
  public enum HangUp: Sendable {
    /// A TLS closure alert where there is TLS, then FIN.
    case orderly
    /// FIN alone, even in the middle of a TLS session.
    case abrupt
    /// RST.
    case reset
  }

  let steps: @Sendable (SeenRequest) -> [Step]

  /// Creates an answer from the steps it takes; after the last one the next request is served.
  public init(_ steps: @escaping @Sendable (SeenRequest) -> [Step]) {
    self.steps = steps
  }

  /// Answers each request with what the closure picks for it.
  public static func choosing(
    _ choose: @escaping @Sendable (SeenRequest) -> FaultAnswer
  ) -> FaultAnswer {
    FaultAnswer { request in choose(request).steps(request) }
  }

  /// Answers only after the gate has been opened.
  public static func gated(_ gate: Gate, _ answer: FaultAnswer) -> FaultAnswer {
    FaultAnswer { request in [.wait(gate)] + answer.steps(request) }
  }

  /// Reads the request and never answers.
  public static let hang = FaultAnswer { _ in [.silence] }

  /// Closes with RST before any answer.
  public static let reset = FaultAnswer { _ in [.hangUp(.reset)] }

  /// Closes with FIN before any answer.
  public static let close = FaultAnswer { _ in [.hangUp(.abrupt)] }

  /// Sends raw bytes, which need not be HTTP, and closes.
  public static func garbage(_ bytes: [UInt8]) -> FaultAnswer {
    FaultAnswer { _ in [.send(bytes), .hangUp(.abrupt)] }
  }
}
