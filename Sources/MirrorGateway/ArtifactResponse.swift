internal import HTTPTypes
internal import HummingbirdCore
import MirrorCore
internal import NIOCore

/// The answer with the bytes of a thing, whole or in part, from the store or while they come.
struct ArtifactResponse {
  private static let pieceSize = 96 * 1024

  let request: MirrorCore.Request
  let exchange: ClientExchange
  let showsRedirect: Bool
  let isProxied: Bool

  @concurrent func write(
    _ passage: Courier.Passage, with writer: consuming ResponseWriter
  ) async throws {
    switch passage {
    case .settled(let resolution):
      try await write(resolution, with: writer)
    case .growing(let growth):
      switch await growth.opening() {
      case .settled(let resolution): try await write(resolution, with: writer)
      case .flowing(let content): try await write(content, from: growth, with: writer)
      }
    }
  }

  @concurrent private func write(
    _ resolution: Resolution, with writer: consuming ResponseWriter
  ) async throws {
    switch resolution {
    case .satisfied(let delivery, _):
      try await write(delivery, with: writer)
    case .missed(let reply, _):
      try await writer.write(.notFound(reply, isProxied: isProxied), to: exchange)
    case .failed(let error, _):
      try await writer.write(Refusal(error, isProxied: isProxied), to: exchange)
    }
  }

  // MARK: Heads

  private enum Shape {
    /// An answer that is all head.
    case bare(status: Int, HTTPFields)
    /// These bytes; without an end, to the end of a file of unknown length.
    case bytes(status: Int, HTTPFields, from: Int, to: Int?)
  }

  private func shape(of content: Content, size: Int?) -> Shape {
    var headers: HTTPFields = [.acceptRanges: "bytes"]
    headers[.contentType] = content.type ?? "application/octet-stream"
    headers[.contentDisposition] = content.disposition
    headers[.lastModified] = content.lastModified
    headers[.eTag] = content.entityTag
    if showsRedirect, let redirect = content.redirect {
      return .bare(status: 302, [.location: redirect, .contentLength: "0"])
    }
    if exchange.alreadyHas(content) { return .bare(status: 304, headers) }
    if let size, let range = exchange.range(of: content) {
      guard let bounds = range.bounds(of: size) else {
        return .bare(status: 416, [.contentRange: "bytes */\(size)", .contentLength: "0"])
      }
      headers[.contentLength] = String(bounds.count)
      headers[.contentRange] = "bytes \(bounds.lowerBound)-\(bounds.upperBound - 1)/\(size)"
      return .bytes(status: 206, headers, from: bounds.lowerBound, to: bounds.upperBound)
    }
    headers[.contentLength] = size.map { String($0) }
    return .bytes(status: 200, headers, from: 0, to: size)
  }

  // MARK: Bodies

  @concurrent private func write(
    _ delivery: Delivery, with writer: consuming ResponseWriter
  ) async throws {
    switch shape(of: delivery.content, size: delivery.size) {
    case .bare(let status, let headers):
      try await writer.writeResponse(exchange.head(status: status, headers))
    case .bytes(let status, let headers, let start, let end):
      let head = exchange.head(status: status, headers)
      if exchange.isHead { return try await writer.writeResponse(head) }
      let end = end ?? delivery.size
      if end - start <= Self.pieceSize {
        let buffer = try piece(of: delivery.file, from: start, to: end)
        guard buffer.readableBytes == end - start else { throw Self.shortened }
        return try await writer.write(response: head, body: ResponseBody(byteBuffer: buffer))
      }
      var body = try await writer.writeHead(head)
      var offset = start
      while offset < end {
        let buffer = try piece(of: delivery.file, from: offset, to: end)
        guard buffer.readableBytes > 0 else { throw Self.shortened }
        offset += buffer.readableBytes
        try await body.write(buffer)
      }
      try await body.finish(nil)
    }
  }

  @concurrent private func write(
    _ content: Content, from growth: Growth, with writer: consuming ResponseWriter
  ) async throws {
    switch shape(of: content, size: content.size) {
    case .bare(let status, let headers):
      try await writer.writeResponse(exchange.head(status: status, headers))
    case .bytes(let status, let headers, let start, let end):
      let head = exchange.head(status: status, headers)
      if exchange.isHead { return try await writer.writeResponse(head) }
      var body = try await writer.writeHead(head)
      var offset = start
      following: while end.map({ offset < $0 }) ?? true {
        switch await growth.progress(after: offset) {
        case .ready(let file, let upTo):
          let buffer = try piece(of: file, from: offset, to: min(upTo, end ?? upTo))
          offset += buffer.readableBytes
          try await body.write(buffer)
        case .complete:
          break following
        case .broken(let error):
          // The connection ends without the end of the body, so the tool knows it has not all of it.
          throw error
        }
      }
      try await body.finish(nil)
    }
  }

  private func piece(
    of file: OpenFile, from start: Int, to end: Int
  ) throws(MirrorError) -> ByteBuffer {
    let count = min(Self.pieceSize, end - start)
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    var failure: MirrorError?
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
      do throws(MirrorError) {
        return try file.read(
          into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]), at: start)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return buffer
  }

  private static let shortened = MirrorError(
    .corrupt, "a file of the store became shorter while it was read")
}
