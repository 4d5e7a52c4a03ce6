/// A tool's name and the arguments it was called with.
public struct ToolInvocation: Sendable, Equatable {
  /// The name the tool was called by, without folders.
  public let tool: String
  /// The arguments, without the name.
  public let arguments: [String]

  /// Makes an invocation from strings.
  public init(_ tool: String, _ arguments: [String]) {
    self.tool = tool
    self.arguments = arguments
  }

  /// Makes an invocation from a C argument vector; nil if a byte sequence in it is not UTF-8.
  ///
  /// Arguments are bytes to the kernel. Text we cannot read we could not hand on unchanged.
  public init?(_ tool: String, vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    var arguments: [String] = []
    var index = 1
    while let pointer = vector[index] {
      guard let argument = String(validatingCString: pointer) else { return nil }
      arguments.append(argument)
      index += 1
    }
    self.init(tool, arguments)
  }

  /// Returns the arguments with their URLs redirected, or nil if the command is to be left alone.
  ///
  /// Looks at nothing but the arguments: configuration files and the contents of a file of URLs
  /// are taken to be empty.
  public func redirected() -> [String]? {
    guard let grammar = CommandGrammar.named(tool), let command = grammar.parse(arguments),
      let redirected = RedirectedCommand(command, by: grammar.redirection(for: command)),
      !redirected.hosts.isEmpty || redirected.inputFile != nil
    else { return nil }
    return redirected.arguments
  }
}

extension CommandGrammar {
  /// Returns the rule for a command's URLs.
  package func redirection(
    for command: ParsedCommand, settings: ToolSettings = ToolSettings(),
    gateway: GatewayAddress? = nil
  ) -> URLRedirection {
    let follows = command.followsRedirects ?? settings.followsRedirects ?? followsByDefault
    return URLRedirection(
      followsRedirects: follows && !command.forbidsRedirects,
      defaultScheme: command.defaultScheme ?? "http",
      guessesScheme: guessesScheme && command.defaultScheme == nil,
      gateway: gateway)
  }
}
