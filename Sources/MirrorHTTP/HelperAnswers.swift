internal import Subprocess

/// What credential helpers printed: each is run once, and not for longer than ten seconds.
actor HelperAnswers {
  private static let limit = Duration.seconds(10)

  private var answers: [[String]: Task<String?, Never>] = [:]

  /// The output of a helper; `nil` when it fails or does not end.
  func answer(to words: [String]) async -> String? {
    if let answer = answers[words] { return await answer.value }
    // Whoever asks at the same time waits for the same run, which belongs to none of them.
    let answer = Task { await Self.run(words) }
    answers[words] = answer
    return await answer.value
  }

  private static func run(_ words: [String]) async -> String? {
    guard let program = words.first else { return nil }
    let result = try? await within(limit) {
      try await Subprocess.run(
        Executable(word: program), arguments: Arguments(Array(words.dropFirst())),
        output: .string(limit: 1 << 16), error: .discarded)
    }
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput
  }
}
