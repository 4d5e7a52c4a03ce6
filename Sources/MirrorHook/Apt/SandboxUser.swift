#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The user that apt's methods run as (`APT::Sandbox::User`).
package struct SandboxUser: Sendable, Equatable {
  /// The user's number.
  package let user: UInt32
  /// The number of the user's group.
  package let group: UInt32

  /// The name of the user in a configuration; nil if it names none, or root.
  package static func name(in configuration: AcquireMessage) -> String? {
    let key = "APT::Sandbox::User="
    let item = configuration.fields.last {
      $0.name == "Config-Item" && $0.value.hasPrefix(key)
    }
    guard let name = item?.value.dropFirst(key.count), !name.isEmpty, name != "root" else {
      return nil
    }
    return String(name)
  }

  /// The user of a name; nil if there is none.
  ///
  /// - Parameter passwd: the text of passwd(5), read here since the name service's modules are not
  ///   there in a fully static program.
  package init?(_ name: String, passwd: String) {
    for line in passwd.split(separator: "\n") {
      let words = line.split(separator: ":", omittingEmptySubsequences: false)
      if words.count == 7, words[0] == name, let user = UInt32(words[2]),
        let group = UInt32(words[3])
      {
        self.user = user
        self.group = group
        return
      }
    }
    return nil
  }

  /// Gives up being root for good, as apt's own methods do.
  ///
  /// - Returns: whether that is so now.
  func become() -> Bool {
    var groups = [gid_t(group)]
    return setgroups(1, &groups) == 0 && setgid(group) == 0 && setuid(user) == 0
  }
}
