#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The environment and the files a tool finds its configuration in.
package struct ToolSurroundings: Sendable {
  /// Returns the value of an environment variable, or nil if it is not set.
  package var variable: @Sendable (String) -> String?
  /// The user's home according to the user database.
  ///
  /// Read only when needed, and from `/etc/passwd` itself: getpwuid(3) would load the name
  /// service's modules, which a fully static binary should not.
  package var registeredHome: @Sendable () -> String?

  package init(
    variable: @escaping @Sendable (String) -> String?,
    registeredHome: @escaping @Sendable () -> String?
  ) {
    self.variable = variable
    self.registeredHome = registeredHome
  }

  /// The surroundings of this process.
  package static let process = ToolSurroundings(
    variable: { name in getenv(name).map { String(cString: $0) } },
    registeredHome: {
      TextFile.contents(of: "/etc/passwd").flatMap { home(ofUser: geteuid(), in: $0) }
    })

  /// Returns a variable's value, or nil if it is not set or empty.
  package func nonEmpty(_ name: String) -> String? {
    variable(name).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Returns the home of a user in the text of a passwd(5) file.
  package static func home(ofUser user: UInt32, in text: String) -> String? {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count == 7, UInt32(fields[2]) == user, !fields[5].isEmpty {
        return String(fields[5])
      }
    }
    return nil
  }
}
