internal import Glibc
import Synchronization

/// A file of the store that is being written: the sink of one transfer at a time.
///
/// Bytes are hashed as they are written. What a broken transfer leaves behind is kept, with the
/// source's description of the whole, so that a later one may continue it.
final class PartialFile: ByteSink {
  private struct State {
    var file: OpenFile
    var content: Content?
    var count = 0
    var hash: ContentHash
    var growth: Growth?
    var beginning: [UInt8] = []
    var mayFlow = false
    /// Whether a description of the whole may lie beside the bytes.
    var hasHead = false
  }

  let path: String
  private let request: Request
  private let state: Mutex<State>

  /// Opens or makes the file.
  init(at path: String, for request: Request) throws(MirrorError) {
    self.path = path
    self.request = request
    let file = OpenFile(descriptor: try Disk.open(path, O_RDWR | O_CREAT, to: "create"))
    state = Mutex(State(file: file, hash: Self.hash(for: request)))
    try takeUp()
  }

  /// The bytes, open for reading.
  var file: OpenFile { state.withLock { $0.file } }

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
      if offset != state.count { try startAnew(&state) }
      state.content = content
      state.mayFlow = false
      if content.validator != nil, content.size ?? .max >= Self.worthContinuing {
        try Disk.replace(headPath, with: content.lines.utf8)
        state.hasHead = true
      } else if state.hasHead {
        Disk.remove(headPath)
        state.hasHead = false
      }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    try state.withLock { state throws(MirrorError) in
      try Disk.write(bytes, to: state.file.descriptor, path: path)
      state.hash.update(bytes)
      if state.beginning.count < 32 {
        state.beginning += bytes.prefix(32 - state.beginning.count)
      }
      let before = state.count
      state.count += bytes.count
      if state.count / Self.stretch > before / Self.stretch {
        let end = state.count / Self.stretch * Self.stretch
        Disk.beginWriting(end - Self.stretch..<end, of: state.file.descriptor)
      }
      guard let growth = state.growth, let content = state.content else { return }
      if !state.mayFlow {
        if request.expectsArchive, Self.isPage(state) { return }
        state.mayFlow = true
        growth.flow(state.file, content)
      }
      growth.advance(to: state.count)
    }
  }

  /// Gives the bytes their final name.
  func publish(as final: String) throws(MirrorError) {
    guard fchmod(file.descriptor, 0o444) == 0 else { throw Disk.failure("protect", path) }
    try Disk.rename(path, to: final)
    if state.withLock({ $0.hasHead }) { Disk.remove(headPath) }
  }

  /// Drops the bytes.
  func discard() {
    Disk.remove(path)
    Disk.remove(headPath)
  }

  // MARK: Inside

  /// The length in bytes from which on another process continues what this one did not finish.
  private static let worthContinuing = 1 << 20

  /// After so many bytes the disk is set to work.
  private static let stretch = 8 << 20

  private var headPath: String { path + ".head" }

  /// Takes up what a broken transfer left behind, if its source's description is there too.
  private func takeUp() throws(MirrorError) {
    try state.withLock { state throws(MirrorError) in
      let size = state.file.status().size
      guard size > 0 else { return }
      state.hasHead = true
      guard let head = try Disk.read(headPath),
        let content = FieldLines.fields(in: head).map({ Content($0) })
      else { return try startAnew(&state) }
      guard lseek(state.file.descriptor, off_t(size), SEEK_SET) >= 0 else {
        throw Disk.failure("continue", path)
      }
      try state.file.hash(first: size, into: &state.hash, path: path)
      state.beginning = try state.file.read(at: 0, count: min(32, size), path: path)
      state.content = content
      state.count = size
    }
  }

  /// Begins an empty file.
  ///
  /// Readers may still hold the old one, so its bytes are left alone and a new file takes its place.
  private func startAnew(_ state: inout State) throws(MirrorError) {
    discard()
    state.hasHead = false
    let descriptor = try Disk.open(path, O_RDWR | O_CREAT | O_EXCL, to: "create")
    state.file = OpenFile(descriptor: descriptor)
    state.hash = Self.hash(for: request)
    state.beginning = []
    state.count = 0
  }

  private static func hash(for request: Request) -> ContentHash {
    ContentHash(also: request.digests.map(\.algorithm))
  }

  private static func isPage(_ state: borrowing State) -> Bool {
    if state.content?.type?.lowercased().hasPrefix("text/html") ?? false { return true }
    let start = String(decoding: state.beginning, as: UTF8.self).lowercased()
      .drop { $0.isWhitespace }
    return start.hasPrefix("<!doctype") || start.hasPrefix("<html")
  }
}
