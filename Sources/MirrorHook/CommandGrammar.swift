/// The command language of one tool: its option table, and the few rules the tools differ in.
///
/// The reader is the common part of getopt_long(3), which wget uses, and of curl's own parser:
/// clusters of single letters (`-qO-`), values attached or in the next word, `--name`, `--no-name`,
/// and `--`, after which everything is a URL. Abbreviated long names are declined.
public struct CommandGrammar: Sendable {
  /// The name the tool is called by.
  public let tool: String
  /// Whether `--name=value` is understood.
  let takesEqualsSign: Bool
  /// Whether a URL without a scheme may mean another protocol, going by the name of the host.
  let guessesScheme: Bool
  /// Whether redirects are followed unless the command line says otherwise.
  let followsByDefault: Bool
  private let options: [ToolOption]

  init(
    tool: String, takesEqualsSign: Bool, guessesScheme: Bool, followsByDefault: Bool,
    options: [ToolOption]
  ) {
    self.tool = tool
    self.takesEqualsSign = takesEqualsSign
    self.guessesScheme = guessesScheme
    self.followsByDefault = followsByDefault
    self.options = options
  }

  /// Returns the grammar of the named tool, or nil if the tool is not known.
  public static func named(_ tool: String) -> CommandGrammar? {
    switch tool {
    case "wget": wget
    case "curl": curl
    default: nil
    }
  }

  /// Reads a command line; nil if any word of it is not understood.
  package func parse(_ arguments: [String]) -> ParsedCommand? {
    var command = ParsedCommand(arguments: arguments)
    var index = 0
    var optionsEnded = false
    while index < arguments.count {
      let word = arguments[index]
      if optionsEnded || word.utf8.first != UInt8(ascii: "-") {
        command.urls.append(.init(index: index, lead: "", value: word))
      } else if word == "--" {
        optionsEnded = true
      } else if word.hasPrefix("--") {
        guard readLong(word, &index, into: &command) else { return nil }
      } else {
        guard readCluster(word, &index, into: &command) else { return nil }
      }
      index += 1
    }
    return command
  }

  /// Returns the long name of a single-letter option.
  func longName(ofShort letter: UInt8) -> String? {
    option(short: letter)?.long
  }

  private func option(long name: Substring) -> ToolOption? {
    options.first { $0.long == name }
  }

  private func option(short letter: UInt8) -> ToolOption? {
    options.first { $0.short == letter }
  }

  private func readLong(
    _ word: String, _ index: inout Int, into command: inout ParsedCommand
  )
    -> Bool
  {
    var name = word.dropFirst(2)
    var attached: Substring?
    if let sign = name.utf8.firstIndex(of: UInt8(ascii: "=")) {
      guard takesEqualsSign else { return false }
      attached = name[name.index(after: sign)...]
      name = name[..<sign]
    }
    var negated = false
    var found = option(long: name)
    if found == nil, name.hasPrefix("no-") {
      negated = true
      found = option(long: name.dropFirst(3))
    }
    guard let option = found else { return false }

    switch option.value {
    case .none:
      // wget's flags take `=off`; that form is kept only where the answer does not matter to us.
      if attached != nil {
        guard !negated, case .kept = option.meaning else { return false }
      }
      return command.note(option, negated: negated, nil)
    case .required:
      guard !negated else { return false }
      if let attached {
        return command.note(
          option, negated: false,
          .init(index: index, lead: "--\(name)=", value: String(attached)))
      }
      return readNext(option, &index, into: &command)
    }
  }

  private func readCluster(
    _ word: String, _ index: inout Int, into command: inout ParsedCommand
  )
    -> Bool
  {
    let letters = word.utf8.dropFirst()
    guard !letters.isEmpty else { return false }
    var position = letters.startIndex
    while position < letters.endIndex {
      guard let option = option(short: letters[position]) else { return false }
      position = letters.index(after: position)
      guard option.value == .required else {
        guard command.note(option, negated: false, nil) else { return false }
        continue
      }
      if position == letters.endIndex { return readNext(option, &index, into: &command) }
      return command.note(
        option, negated: false,
        .init(index: index, lead: String(word[..<position]), value: String(word[position...])))
    }
    return true
  }

  private func readNext(
    _ option: ToolOption, _ index: inout Int, into command: inout ParsedCommand
  ) -> Bool {
    index += 1
    guard index < command.arguments.count else { return false }
    return command.note(
      option, negated: false, .init(index: index, lead: "", value: command.arguments[index]))
  }
}
