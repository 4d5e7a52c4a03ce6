import FoundationEssentials
internal import Glibc
import Synchronization

/// A file of the store that is being written: the sink of one transfer at a time.
///
/// Bytes are hashed as they are written. What a broken transfer leaves behind is kept, with the
/// source's description of the whole, so that a later one may continue it.
final class PartialFile: ByteSink {
  private struct State {
    var content: Content?
    var count = 0
    var hash: ContentHash
    var growth: Growth?
    var beginning: [UInt8] = []
    var mayFlow = false
  }

  let path: String
  let file: OpenFile
  private let request: Request
  private let state: Mutex<State>

  /// Opens or makes the file.
  init(at path: String, for request: Request) throws(MirrorError) {
    self.path = path
    self.request = request
    file = OpenFile(descriptor: try Disk.open(path, O_RDWR | O_CREAT, to: "create"))
    state = Mutex(State(hash: ContentHash(also: request.digests.map(\.algorithm))))
    try takeUp()
  }

  /// How many bytes are here.
  var count: Int { state.withLock { $0.count } }

  /// What the source said of them.
  var content: Content? { state.withLock { $0.content } }

  /// Every digest of what is here.
  var digests: [Digest] { state.withLock { $0.hash.digests() } }

  /// Whether what is here is plainly a web page or nothing, where an archive was asked for.
  var isPlainlyAnotherThing: Bool {
    guard request.expectsArchive else { return false }
    return state.withLock { Self.isPage($0) || $0.count == 0 }
  }

  var partial: Partial? {
    state.withLock { state in
      guard let content = state.content, state.count > 0, content.validator != nil else {
        return nil
      }
      return Partial(count: state.count, content: content)
    }
  }

  /// Lets readers see the bytes of an unpinned file as they come.
  func show(to growth: Growth?) { state.withLock { $0.growth = growth } }

  func begin(_ content: Content, at offset: Int) throws(MirrorError) {
    try state.withLock { state throws(MirrorError) in
      if offset != state.count { try cut(to: offset, &state) }
      state.content = content
      state.mayFlow = false
      if let head = try? JSONEncoder().encode(content), content.validator != nil {
        try Disk.replace(headPath, with: head)
      } else {
        Disk.remove(headPath)
      }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    try state.withLock { state throws(MirrorError) in
      try Disk.write(bytes, to: file.descriptor, path: path)
      state.hash.update(bytes)
      if state.beginning.count < 32 {
        state.beginning += bytes.prefix(32 - state.beginning.count)
      }
      state.count += bytes.count
      guard let growth = state.growth, let content = state.content else { return }
      if !state.mayFlow {
        if request.expectsArchive, Self.isPage(state) { return }
        state.mayFlow = true
        growth.flow(file, content)
      }
      growth.advance(to: state.count)
    }
  }

  /// Makes the bytes durable and gives them their final name.
  func publish(as final: String) throws(MirrorError) {
    guard fsync(file.descriptor) == 0 else { throw Disk.failure("synchronise", path) }
    guard fchmod(file.descriptor, 0o444) == 0 else { throw Disk.failure("protect", path) }
    try Disk.rename(path, to: final)
    Disk.remove(headPath)
  }

  /// Drops the bytes.
  func discard() {
    Disk.remove(path)
    Disk.remove(headPath)
  }

  // MARK: Inside

  private var headPath: String { path + ".head" }

  private func takeUp() throws(MirrorError) {
    let size = file.status().size
    guard size > 0 else { return }
    try state.withLock { state throws(MirrorError) in
      guard let head = try Disk.read(headPath),
        let content = try? JSONDecoder().decode(Content.self, from: Data(head))
      else { return try cut(to: 0, &state) }
      state.content = content
      try cut(to: size, &state)
    }
  }

  private func cut(to count: Int, _ state: inout State) throws(MirrorError) {
    guard ftruncate(file.descriptor, off_t(count)) == 0,
      lseek(file.descriptor, off_t(count), SEEK_SET) >= 0
    else { throw Disk.failure("shorten", path) }
    state.hash = ContentHash(also: request.digests.map(\.algorithm))
    try file.hash(first: count, into: &state.hash, path: path)
    state.beginning = try file.read(at: 0, count: min(32, count), path: path)
    state.count = count
  }

  private static func isPage(_ state: borrowing State) -> Bool {
    if state.content?.type?.lowercased().hasPrefix("text/html") ?? false { return true }
    let start = String(decoding: state.beginning, as: UTF8.self).lowercased()
      .drop { $0.isWhitespace }
    return start.hasPrefix("<!doctype") || start.hasPrefix("<html")
  }
}
