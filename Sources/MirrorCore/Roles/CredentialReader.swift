/// Reads what credential references lead to; a program may take ten seconds, and is asked again when its
/// answer is five minutes old, since there are credentials that expire, or when it had none.
package actor CredentialReader {
  private static let limit = Duration.seconds(10)
  private static let lifetime = Duration.seconds(300)

  private struct Asked {
    var task: Task<Result<String, MirrorError>, Never>
    var time: Duration
  }

  private let environment: [String: String]
  private let programs: any ProgramRunner
  private let now: @Sendable () -> Duration
  private var answers: [Program: Asked] = [:]

  /// Creates a reader.
  ///
  /// - Parameters:
  ///   - environment: where `env:` references are found, and what programs run in.
  ///   - now: a monotonic clock, for the age of answers.
  package init(
    environment: [String: String], programs: any ProgramRunner,
    now: (@Sendable () -> Duration)? = nil
  ) {
    self.environment = environment
    self.programs = programs
    let start = ContinuousClock.now
    self.now = now ?? { ContinuousClock.now - start }
  }

  /// The value of an Authorization header for a place.
  ///
  /// A secret with a colon is `user:password` for Basic (RFC 7617); any other is a Bearer token
  /// (RFC 6750).
  ///
  /// - Parameter source: the source it is for, in messages.
  /// - Throws: `misconfigured` when the reference leads nowhere.
  package func authorization(
    _ reference: CredentialReference, for place: Locator, of source: String
  ) async throws(MirrorError) -> Secret {
    if case .helper(let words) = reference {
      let answer = try await answer(of: words, about: place, reference, source)
      guard let authorization = answer.authorization else {
        throw Self.none(reference, for: place, of: source)
      }
      return authorization
    }
    return try await line(of: reference, source).authorization
  }

  /// A name and a password with a colon between them, for whoever shows them in a way of his own.
  ///
  /// - Throws: `misconfigured` when the reference leads nowhere, or to something without a colon.
  package func login(
    _ reference: CredentialReference, for place: Locator, of source: String
  ) async throws(MirrorError) -> Secret {
    if case .helper(let words) = reference {
      let answer = try await answer(of: words, about: place, reference, source)
      guard let login = answer.login else { throw Self.none(reference, for: place, of: source) }
      return login
    }
    let line = try await line(of: reference, source)
    guard line.reveal().contains(":") else {
      throw MirrorError(
        .misconfigured, "\(source): the credential \(reference) is no NAME:PASSWORD")
    }
    return line
  }

  /// The first line of what a reference leads to.
  private func line(
    of reference: CredentialReference, _ source: String
  ) async throws(MirrorError) -> Secret {
    let text: String?
    switch reference {
    case .environment(let name): text = environment[name]
    case .file(let path):
      text = try Disk.read(path).map { String(decoding: $0, as: UTF8.self) }
    case .command(let words), .helper(let words):
      text = try await answer(of: Program(words, environment: environment), reference, source)
    }
    guard let line = text?.split(whereSeparator: \.isNewline).first, !line.isEmpty else {
      throw MirrorError(
        .misconfigured, "\(source): the credential \(reference) is empty or cannot be read")
    }
    return Secret(String(line))
  }

  /// What a helper says of a place.
  private func answer(
    of words: [String], about place: Locator, _ reference: CredentialReference, _ source: String
  ) async throws(MirrorError) -> HelperAnswer {
    let question = HelperQuestion(place: place)
    let program = Program(
      words + ["get"], environment: environment, input: Array(question.text.utf8))
    return HelperAnswer(try await answer(of: program, reference, source))
  }

  private static func none(
    _ reference: CredentialReference, for place: Locator, of source: String
  ) -> MirrorError {
    MirrorError(
      .misconfigured, "\(source): the credential \(reference) has none for \(place.endpoint)")
  }

  private func answer(
    of program: Program, _ reference: CredentialReference, _ source: String
  ) async throws(MirrorError) -> String {
    // Whoever asks at the same time waits for the same run, which belongs to none of them.
    let task = task(for: program, "\(source): the credential \(reference)")
    // Waiting for a task goes on when its waiter is cancelled; waiting for a stream does not.
    let (words, relay) = AsyncStream.makeStream(of: Result<String, MirrorError>.self)
    Task {
      relay.yield(await task.value)
      relay.finish()
    }
    for await answer in words { return try answer.get() }
    throw MirrorError(.unavailable, "\(source): the credential \(reference): cancelled")
  }

  private func task(
    for program: Program, _ subject: String
  ) -> Task<Result<String, MirrorError>, Never> {
    if let asked = answers[program], now() - asked.time < Self.lifetime { return asked.task }
    let programs = programs
    let task = Task {
      let result = await Self.run(program, programs, subject)
      let text = (try? result.get()) ?? ""
      if text.allSatisfy(\.isWhitespace) { answers[program] = nil }
      return result
    }
    answers[program] = Asked(task: task, time: now())
    return task
  }

  /// What it prints on standard error is not passed on: it might be the secret.
  private static func run(
    _ program: Program, _ programs: any ProgramRunner, _ subject: String
  ) async -> Result<String, MirrorError> {
    do throws(MirrorError) {
      guard let (end, output) = try await programs.collect(program, within: limit) else {
        return .failure(
          MirrorError(.misconfigured, "\(subject) did not end within \(limit.components.seconds) s")
        )
      }
      guard end.status == 0 else {
        return .failure(
          MirrorError(
            .misconfigured,
            "\(subject) cannot be read: its exit code is \(end.status); run it by hand to see why"))
      }
      return .success(String(decoding: output, as: UTF8.self))
    } catch {
      return .failure(MirrorError(error.code, "\(subject) cannot be read: \(error.message)"))
    }
  }
}

extension Secret {
  /// The value of an Authorization header: Basic for `user:password`, Bearer for anything else.
  package var authorization: Secret {
    let text = reveal()
    return text.contains(":")
      ? Secret("Basic \(Base64.encode(text.utf8))") : Secret("Bearer \(text)")
  }
}
