public import ArgumentParser
internal import Glibc
public import MirrorCore
internal import MirrorHook

/// The command line that every executable shares; the executable only names its ecosystems.
///
/// ```swift
/// await CommandLineTool.main(resolvers: [PipResolver(), WebResolver()])
/// ```
///
/// An executable with commands of its own brings its own root, which lists ours too:
///
/// ```swift
/// struct AcmeMirror: ParsableCommand {
///   static let configuration = CommandConfiguration(
///     commandName: "acme-mirror", subcommands: CommandLineTool.commands + [StatusCommand.self])
/// }
/// await CommandLineTool.main(AcmeMirror.self, resolvers: [PipResolver(), WebResolver()])
/// ```
public enum CommandLineTool {
  /// The version of this package.
  public static let version = "0.1.0"

  /// The exit code for a thing that nobody has.
  package static let notFound: Int32 = 10

  /// The commands that every executable has.
  public static var commands: [any ParsableCommand.Type] {
    [
      InitCommand.self, RunCommand.self, FetchCommand.self, ExplainCommand.self, CheckCommand.self,
      RepinCommand.self, PullCommand.self, PushCommand.self, ExportCommand.self,
      ServeCommand.self, EnvCommand.self, ConfigCommand.self,
    ]
  }

  /// Parses the arguments, runs the command and ends the process.
  ///
  /// - Parameters:
  ///   - mirrors: mirrors of the executable's own. The configuration may name them in its chains; where it
  ///     spells out none, they are asked between store and origin.
  ///   - policy: the executable's own, which options and configuration can only tighten.
  ///   - observers: who is told of every request, to log, to count or to trace it.
  public static func main(
    resolvers: [any Resolver], mirrors: [Source] = [], policy: Policy = Policy(),
    observers: [any Observer] = []
  ) async -> Never {
    await main(
      MirrorCommand.self, resolvers: resolvers, mirrors: mirrors, policy: policy,
      observers: observers)
  }

  /// Parses the arguments as those of a root command, runs the command and ends the process.
  ///
  /// - Parameter root: the executable's own root; its name is the one in help.
  public static func main(
    _ root: (some ParsableCommand).Type, resolvers: [any Resolver], mirrors: [Source] = [],
    policy: Policy = Policy(), observers: [any Observer] = []
  ) async -> Never {
    // Under the name of a tool this program is that tool's wrapper.
    let name = CommandLine.arguments.first?.split(separator: "/").last ?? ""
    if Hook.standsFor(String(name)) { Hook.run() }
    signal(SIGPIPE, SIG_IGN)
    let toolbox = Toolbox(
      resolvers: resolvers, environment: environment(), mirrors: mirrors, policy: policy,
      observers: observers)
    do {
      var command = try root.parseAsRoot()
      guard let subcommand = command as? any Subcommand else {
        try command.run()
        exit(0)
      }
      exit(try await subcommand.run(in: toolbox))
    } catch let error as MirrorError {
      toolbox.console.warn(error.message)
      exit(error.code.exitCode)
    } catch {
      root.exit(withError: error)
    }
  }

  private static func environment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let mark = pair.firstIndex(of: "=") {
        result[String(pair[..<mark])] = String(pair[pair.index(after: mark)...])
      }
      entry += 1
    }
    return result
  }
}

/// A command that needs to know what the executable was built with.
public protocol Subcommand: ParsableCommand {
  /// Runs to the end.
  ///
  /// - Returns: the exit code.
  /// - Throws: a `MirrorError`, which is printed and decides on the exit code, or an error of the
  ///   argument parser.
  func run(in toolbox: Toolbox) async throws -> Int32
}
