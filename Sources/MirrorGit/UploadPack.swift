import MirrorCore

/// Git's own upload-pack, speaking for a repository of the store as the lock or the chain has it.
struct UploadPack: Sendable {
  let repository: GitRepository
  let refs: Request
  let views: RepositoryViews

  /// The answer to the first question: what refs there are, or in version 2 what can be asked.
  func advertise(_ conversation: Conversation) async throws(MirrorError) -> Speech {
    let view = try await lookUp(conversation)
    let greeting =
      Self.version(conversation) == 2
      ? [] : PacketLines.line("# service=git-upload-pack\n") + PacketLines.flush
    return try speech(
      ["--http-backend-info-refs"], view, conversation, input: [], greeting: greeting,
      type: "application/x-git-upload-pack-advertisement")
  }

  /// The answer to what is asked next.
  ///
  /// Git shows nobody the body of a refusal here, so that one is said in its own protocol.
  func answer(_ conversation: Conversation) async -> Speech {
    do throws(MirrorError) {
      return try await reply(conversation)
    } catch {
      let line = PacketLines.failure(error.message)
      return Speech(type: Self.resultType) { listener throws(MirrorError) in
        try await listener(line)
      }
    }
  }

  private static let resultType = "application/x-git-upload-pack-result"

  private func reply(_ conversation: Conversation) async throws(MirrorError) -> Speech {
    // The refs are those that the client was shown; only a client from before our time asks anew.
    var view = views.view(of: repository)
    if view == nil { view = try await lookUp(conversation) }
    guard let view else {
      throw MirrorError(.unavailable, "\(repository.identity): was not looked up")
    }
    let body = try await body(of: conversation)
    try await bringIn(PacketLines.wants(in: body), view, conversation)
    return try speech(
      [], view, conversation, input: body, greeting: [],
      type: Self.resultType)
  }

  // MARK: Refs and objects

  /// The refs by way of the chain, as a repository.
  private func lookUp(_ conversation: Conversation) async throws(MirrorError) -> RepositoryView {
    let delivery = try Self.delivery(await conversation.resolve(refs), of: refs)
    if let known = views.view(of: repository), known.digest == delivery.digest { return known }
    let bytes = try delivery.file.read(at: 0, count: delivery.size)
    let list = try RefList(bytes, of: repository.identity)
    let path = try await RepositoryShelf(conversation.surroundings).view(
      of: list, digest: delivery.digest, repository)
    let view = RepositoryView(path: path, digest: delivery.digest, objects: list.objects)
    views.remember(view, of: repository)
    return view
  }

  /// Sees to it that objects are there, and recorded, which the refs may not lead to.
  private func bringIn(
    _ wants: [String], _ view: RepositoryView, _ conversation: Conversation
  ) async throws(MirrorError) {
    let others = Set(wants).subtracting(view.objects)
    guard !others.isEmpty else { return }
    let shelf = try RepositoryShelf(conversation.surroundings)
    for id in try await shelf.unshown(others.sorted(), in: view.path) {
      let request = repository.object(id)
      _ = try Self.delivery(await conversation.resolve(request), of: request)
      // The store may know the answer of a run whose objects were lost since.
      guard try await shelf.missing([id], in: view.path).isEmpty else {
        throw MirrorError(
          .corrupt,
          "\(request.identity): is recorded, but not in \(view.path) any more; remove the "
            + "store's git folder and run the build once more without --offline and --locked")
      }
    }
  }

  private static func delivery(
    _ resolution: Resolution, of request: Request
  ) throws(MirrorError) -> Delivery {
    switch resolution {
    case .satisfied(let delivery, _): return delivery
    case .failed(let error, _): throw error
    case .missed(let reply, _):
      let message = "\(request.identity): nobody has it"
      throw MirrorError(
        .refused, message,
        reply: reply ?? .absence(message))
    }
  }

  // MARK: Bytes

  /// The most that a question may become when it is unpacked, in bytes: half a million refs.
  private static let longestQuestion = 32 << 20

  /// Git sends longer bodies compressed.
  private func body(of conversation: Conversation) async throws(MirrorError) -> [UInt8] {
    let encoding = conversation.headers["content-encoding"] ?? "identity"
    guard encoding.hasSuffix("gzip") else { return conversation.body }
    let shelf = try RepositoryShelf(conversation.surroundings)
    let program = Program(
      ["gzip", "-dc"], environment: shelf.environment, input: conversation.body)
    var body: [UInt8] = []
    let end = try await conversation.surroundings.programs.run(program) {
      bytes throws(MirrorError) in
      guard body.count + bytes.count <= Self.longestQuestion else {
        throw MirrorError(
          .refused,
          "\(repository.identity): git's question is longer than "
            + "\(Self.longestQuestion >> 20) MiB; ask for fewer refs at once")
      }
      body += bytes
    }
    guard end.status == 0 else {
      throw MirrorError(.refused, "\(repository.identity): git's question is no gzip; ask again")
    }
    return body
  }

  private func speech(
    _ options: [String], _ view: RepositoryView, _ conversation: Conversation, input: [UInt8],
    greeting: [UInt8], type: String
  ) throws(MirrorError) -> Speech {
    var environment = try RepositoryShelf(conversation.surroundings).environment
    environment["GIT_PROTOCOL"] = conversation.headers["git-protocol"]
    let program = Program(
      ["git", "upload-pack", "--stateless-rpc"] + options + [view.path], environment: environment,
      input: input)
    let programs = conversation.surroundings.programs
    return Speech(type: type) { listener throws(MirrorError) in
      if !greeting.isEmpty { try await listener(greeting) }
      let end = try await programs.run(program, output: listener)
      // What upload-pack refuses it has said to the client; a crash must not look like an end.
      if end.status != 0, end.status != 128 {
        throw MirrorError(.unavailable, "git upload-pack ended with \(end.status): \(end.errors)")
      }
    }
  }

  private static func version(_ conversation: Conversation) -> Int {
    let words = conversation.headers["git-protocol"]?.split(separator: ":") ?? []
    return words.compactMap { $0.hasPrefix("version=") ? Int($0.dropFirst(8)) : nil }.max() ?? 0
  }
}
