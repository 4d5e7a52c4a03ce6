import MirrorHook

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A program that begins with `#!` and a Python, as pip does.
package struct PythonScript {
  /// The first line of the program.
  package var line: Substring
  /// Where programs are looked for.
  package var path: String?

  /// Reads the beginning of a program's text.
  ///
  /// - Parameter path: where programs are looked for, as in `PATH`.
  package init(_ text: String, path: String?) {
    line = text.prefix { !$0.isNewline }
    self.path = path
  }

  /// Whether it is one of Python 2; what `python` alone is, its link says.
  package var isPython2: Bool {
    guard line.hasPrefix("#!") else { return false }
    let words = line.dropFirst(2).split { $0 == " " || $0 == "\t" }.map { String($0) }
    guard var program = words.first else { return false }
    if RealTool.name(calledAs: program) == "env" {
      guard let word = words.dropFirst().first(where: { !$0.hasPrefix("-") }) else { return false }
      program = word
    }
    let name = RealTool.name(calledAs: program)
    if name != "python" { return name.hasPrefix("python2") }
    let place = program.hasPrefix("/") ? program : RealTool.find(program, path: path)?.path
    guard let resolved = place.flatMap({ realpath($0, nil) }) else { return false }
    defer { free(resolved) }
    return RealTool.name(calledAs: String(cString: resolved)).hasPrefix("python2")
  }
}
