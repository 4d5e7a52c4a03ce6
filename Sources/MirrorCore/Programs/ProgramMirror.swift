/// A mirror that is a program of the organisation's own: it is given the request as JSON on standard input
/// and the name of a file to write, and answers by its exit code (Documentation/ExecMirror.md).
///
/// Its bytes are checked as those of every other mirror. It is ended, with all that it started, when the
/// request is cancelled, and when its file has not grown for a minute.
public struct ProgramMirror: Mirror {
  /// The version of the contract that programs are given.
  public static let contract = 1

  /// The mirror's name.
  public let name: String
  private let words: [String]
  private let environment: [String: String]
  private let programs: any ProgramRunner
  private let folder: String?
  private let patience: Duration

  /// Creates a mirror.
  ///
  /// - Parameters:
  ///   - words: the program's name or path, and its arguments; the file to write becomes the last one.
  ///   - surroundings: whose environment it runs in, and below whose scratch or storage folder it writes;
  ///     their time limit takes the place of the minute.
  public init(_ name: String, _ words: [String], in surroundings: Surroundings) {
    self.name = name
    self.words = words
    environment = surroundings.environment
    programs = surroundings.programs
    folder = surroundings.scratch ?? surroundings.storage
    patience = surroundings.timeLimit ?? .seconds(60)
  }

  /// The program and its arguments.
  public func location(of request: Request) -> String? {
    "\(words.joined(separator: " ")), asked for \(request.identity)"
  }

  /// Runs the program, and gives the bytes of the file it wrote.
  ///
  /// - Throws: what its exit code says; `unavailable` when it came to a stop, or ended in a way that the
  ///   contract does not know.
  public func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    guard let parent = folder else {
      throw MirrorError(
        .misconfigured, "\(name): there is no folder for its file; give the session a store")
    }
    let folder = "\(parent)/program-\(UInt64.random(in: 0...UInt64.max))"
    try Disk.makeFolder(folder)
    defer { Disk.removeTree(folder) }
    let file = "\(folder)/file"
    let program = Program(
      words + [file], environment: environment,
      input: Array("\(ProgramRequest(request, mirror: name).json)\n".utf8))
    guard let end = try await run(program, writing: file) else {
      throw MirrorError(
        .unavailable,
        "\(request.identity): \(name) was ended: nothing came for \(patience.components.seconds) s")
    }
    switch ProgramAnswer(end) {
    case .found:
      guard case .content(let content) = try await FileTransport.read(file, to: sink) else {
        throw MirrorError(
          .misconfigured,
          "\(request.identity): \(name) answered 0 and left no file; let it write its last argument"
        )
      }
      return .content(content)
    case .absent: return .nothing(nil)
    case .failed(let code, let reason):
      throw MirrorError(code, "\(request.identity): \(name): \(reason)")
    }
  }

  /// Runs the program as long as its file grows.
  ///
  /// - Returns: `nil` when it came to a stop.
  private func run(
    _ program: Program, writing file: String
  ) async throws(MirrorError) -> Program.End? {
    let result = await withTaskGroup(of: Result<Program.End?, MirrorError>?.self) { group in
      group.addTask {
        do throws(MirrorError) {
          // What it prints on standard output is nobody's.
          return .success(try await programs.run(program) { _ throws(MirrorError) in })
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        var size = -1
        while true {
          // Woken early, it is the program that says how it ended.
          do { try await Task.sleep(for: patience) } catch { return nil }
          let grown = (try? OpenFile(reading: file))?.status().size ?? -1
          if grown <= size { return .success(nil) }
          size = grown
        }
      }
      defer { group.cancelAll() }
      for await case let result? in group { return result }
      return .success(nil)
    }
    return try result.get()
  }
}
