internal import Glibc
import MirrorCore
import Synchronization

/// A program that is ended when it has fallen silent, however long all of it takes.
struct SpeakingProgram: Sendable {
  let program: Program
  let programs: any ProgramRunner
  /// The longest silence.
  let limit: Duration
  /// A file that grows while the program works and prints nothing.
  var file: String?

  /// When it was heard last.
  private final class Ear: Sendable {
    private let moment = Mutex(ContinuousClock.now)

    var silence: Duration { moment.withLock { ContinuousClock.now - $0 } }

    func hear() { moment.withLock { $0 = ContinuousClock.now } }
  }

  /// Runs it, and hands on what it prints.
  ///
  /// - Returns: `nil` when nothing came for so long; it is ended then, with all that it started.
  /// - Throws: as `ProgramRunner.run`.
  func run(
    output: @escaping @Sendable ([UInt8]) async throws(MirrorError) -> Void
  ) async throws(MirrorError) -> Program.End? {
    let ear = Ear()
    let result = await withTaskGroup(of: Result<Program.End?, MirrorError>?.self) { group in
      group.addTask {
        do throws(MirrorError) {
          return .success(
            try await programs.run(program) { bytes throws(MirrorError) in
              ear.hear()
              try await output(bytes)
              ear.hear()
            })
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        var size = 0
        while true {
          let rest = limit - ear.silence
          // Woken early, it is the program that says how it ended.
          do { try await Task.sleep(for: max(rest, .milliseconds(1))) } catch { return nil }
          let grown = file.map { Self.size(of: $0) } ?? 0
          if grown > size { ear.hear() } else if ear.silence >= limit { return .success(nil) }
          size = max(size, grown)
        }
      }
      defer { group.cancelAll() }
      for await case let result? in group { return result }
      return .success(nil)
    }
    return try result.get()
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
