// The whole file is declared whatever Range was asked for, so that a client which resumes meets the
// same fault again; script a `.file` after it for a resume that works.

extension FaultAnswer {
  /// Declares the whole length, sends the first bytes and closes.
  public static func truncated(
    _ bytes: [UInt8], after count: Int, etag: String? = nil, lastModified: String? = nil
  ) -> FaultAnswer {
    let file = ServedFile(bytes: bytes, etag: etag, lastModified: lastModified)
    return FaultAnswer { request in
      file.whole.steps(for: request, sending: count, then: [.hangUp(.abrupt)])
    }
  }

  /// Declares the whole length, sends the first bytes and falls silent.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - count: How many bytes are sent with the head.
  ///   - gate: What makes the server send the rest; nil means for ever silent.
  ///   - etag: The entity tag.
  ///   - lastModified: An HTTP date.
  public static func stalls(
    _ bytes: [UInt8], after count: Int, until gate: Gate? = nil, etag: String? = nil,
    lastModified: String? = nil
  ) -> FaultAnswer {
    let file = ServedFile(bytes: bytes, etag: etag, lastModified: lastModified)
    let rest: [Step] = gate.map { [.wait($0), .send(Array(bytes.dropFirst(count)))] } ?? [.silence]
    return FaultAnswer { request in file.whole.steps(for: request, sending: count, then: rest) }
  }

  /// Sends the head, then the file slowly but without ever stopping.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - size: The number of bytes sent at a time.
  ///   - interval: The pause before each piece.
  ///   - etag: The entity tag.
  ///   - lastModified: An HTTP date.
  public static func drip(
    _ bytes: [UInt8], chunk size: Int, every interval: Duration, etag: String? = nil,
    lastModified: String? = nil
  ) -> FaultAnswer {
    let file = ServedFile(bytes: bytes, etag: etag, lastModified: lastModified)
    let rest = stride(from: 0, to: bytes.count, by: size).flatMap { start -> [Step] in
      [.pause(interval), .send(Array(bytes[start..<min(start + size, bytes.count)]))]
    }
    return FaultAnswer { request in file.whole.steps(for: request, sending: 0, then: rest) }
  }

  /// Answers a `Range` with a 206 for another part of the file than the one asked for.
  ///
  /// The part is as long as the one asked for and `Content-Range` describes it truly, so a client
  /// that does not read the header assembles a file of the right size and the wrong bytes. It
  /// begins at 0, or at 1 if the client asked from 0. A request without `Range` gets the whole
  /// file.
  public static func wrongContentRange(
    _ bytes: [UInt8], etag: String? = nil, lastModified: String? = nil
  ) -> FaultAnswer {
    let file = ServedFile(bytes: bytes, etag: etag, lastModified: lastModified)
    return FaultAnswer { request in
      guard
        request.method == "GET",
        case .part(let asked) = RequestedRange(request.headers["range"], length: bytes.count)
      else { return file.whole.steps(for: request) }
      let start = asked.lowerBound == 0 ? min(1, bytes.count - 1) : 0
      let end = min(start + asked.count, bytes.count)
      return file.part(start..<end, contentRange: "\(start)-\(end - 1)/\(bytes.count)")
        .steps(for: request)
    }
  }
}
