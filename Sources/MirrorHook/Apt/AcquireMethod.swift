#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The program that apt starts in place of its `http` and `https` methods.
///
/// apt's own method does all the work, as our child; we only stand between the two and ask it for
/// things at the gateway. So pipelining, conditions, ranges, hashes, file times, limits and the sandbox
/// stay apt's own. Several things at once are spread over several such children, since one connection to
/// the gateway answers one after the other.
struct AcquireMethod {
  /// The names that apt calls us by, whatever the name of the file: those of its methods.
  static let names: Set<String> = ["http", "https"]
  /// How many children there are at most.
  private static let limit = 4

  private let stock: String
  private var translation: AcquireTranslation
  private var children: [StockMethod] = []
  private var reader = AcquireMessageReader()
  private var configuration: AcquireMessage?
  private var isOpen = true

  /// Runs in front of the stock method of a scheme, until apt ends it.
  ///
  /// Without a gateway this process becomes the stock method.
  static func run(_ scheme: String) -> Never {
    let gateway = ToolSurroundings.process.nonEmpty("MIRROR_GATEWAY").flatMap { GatewayAddress($0) }
    if let gateway, gateway.answers() {
      // The gateway speaks plain http whatever the scheme of the archive.
      var method = AcquireMethod(stock: "\(StockMethod.folder)/http", gateway: gateway)
      method.serve()
    }
    let path = "\(StockMethod.folder)/\(scheme)"
    let name = strdup(path)
    let arguments: [UnsafeMutablePointer<CChar>?] = [name, nil]
    execv(path, arguments)
    AcquireMethod.say("401 General Failure\nMessage: \(path) cannot be executed\n\n")
    exit(100)
  }

  private init(stock: String, gateway: GatewayAddress) {
    self.stock = stock
    translation = AcquireTranslation(gateway: gateway)
  }

  /// Carries messages until apt is gone, or a signal comes.
  private mutating func serve() -> Never {
    guard let signals = SignalPipe() else { exit(100) }
    // A child that ended is noticed where we read from it.
    signal(SIGPIPE, SIG_IGN)
    guard spawn() else {
      Self.say("401 General Failure\nMessage: \(stock) cannot be started\n\n")
      exit(100)
    }
    while isOpen || !children.isEmpty {
      var waiting = [signals.end] + children.map(\.output) + (isOpen ? [STDIN_FILENO] : [])
      waiting = Self.readable(waiting)
      if waiting.contains(signals.end) { break }
      for descriptor in waiting {
        if let index = children.firstIndex(where: { $0.output == descriptor }) {
          readChild(index)
        } else if descriptor == STDIN_FILENO {
          readApt()
        }
      }
    }
    for child in children { kill(child.process, SIGINT) }
    exit(isOpen ? 100 : 0)
  }

  // MARK: From apt

  private mutating func readApt() {
    guard let bytes = Self.read(STDIN_FILENO), !bytes.isEmpty else {
      // Closing is how apt says that it is done; the children end when they have answered.
      isOpen = false
      for child in children { close(child.input) }
      return
    }
    for message in reader.take(bytes) { handOn(message) }
  }

  private mutating func handOn(_ message: AcquireMessage) {
    let asked = translation.toStock(message)
    if message.code == 601 {
      configuration = asked
      for child in children { Self.write(asked.text, to: child.input) }
      let passwd = TextFile.contents(of: "/etc/passwd") ?? ""
      if geteuid() == 0, let user = SandboxUser(message, passwd: passwd), !user.become() {
        Self.say("401 General Failure\nMessage: cannot become APT::Sandbox::User\n\n")
        exit(100)
      }
      return
    }
    guard var index = leastBusy else { return }
    if message.code == 600, !children[index].outstanding.isEmpty, children.count < Self.limit,
      spawn()
    {
      index = children.count - 1
    }
    if message.code == 600, let uri = message["URI"] { children[index].outstanding.insert(uri) }
    Self.write(asked.text, to: children[index].input)
  }

  private var leastBusy: Int? {
    children.indices.min { children[$0].outstanding.count < children[$1].outstanding.count }
  }

  private mutating func spawn() -> Bool {
    guard let child = StockMethod(stock) else { return false }
    if let configuration { Self.write(configuration.text, to: child.input) }
    children.append(child)
    return true
  }

  // MARK: To apt

  private mutating func readChild(_ index: Int) {
    guard let bytes = Self.read(children[index].output), !bytes.isEmpty else {
      return forget(index)
    }
    for message in children[index].reader.take(bytes) {
      if message.code == 100 {
        // apt wants to hear once what its method can do.
        let isFirst = !children.contains(where: \.isKnown)
        children[index].isKnown = true
        if isFirst { Self.say(message.text) }
        continue
      }
      let answer = translation.toApt(message)
      if answer.code == 201 || answer.code == 400, let uri = answer["URI"] {
        children[index].outstanding.remove(uri)
      }
      Self.say(answer.text)
    }
  }

  /// Answers in place of a child that ended.
  private mutating func forget(_ index: Int) {
    let child = children.remove(at: index)
    close(child.output)
    if isOpen { close(child.input) }
    var status: Int32 = 0
    waitpid(child.process, &status, 0)
    for uri in child.outstanding.sorted() {
      if let failure = AcquireTranslation.failure(of: uri) { Self.say(failure.text) }
    }
    // Without any, the next thing that apt asks has nobody to go to.
    if children.isEmpty, isOpen, !child.isKnown || !spawn() { exit(100) }
  }

  // MARK: Bytes

  /// Waits until there is something to read, or an end to notice.
  private static func readable(_ descriptors: [Int32]) -> [Int32] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&entries, nfds_t(entries.count), -1) > 0 else { return [] }
    return entries.filter { $0.revents != 0 }.map(\.fd)
  }

  private static func say(_ text: String) { write(text, to: STDOUT_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { pointer in
        #if canImport(Glibc)
          Glibc.write(descriptor, pointer.baseAddress, pointer.count)
        #else
          Musl.write(descriptor, pointer.baseAddress, pointer.count)
        #endif
      }
      if count < 0, errno != EINTR { return }
      offset += max(0, count)
    }
  }

  /// The next bytes; none at the end.
  private static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
      #else
        let count = Musl.read(descriptor, &buffer, buffer.count)
      #endif
      if count >= 0 { return Array(buffer[..<count]) }
      if errno != EINTR { return nil }
    }
  }
}
