/// What SONiC's build tells its hooks: the variables of `buildinfo.config`, whatever their generation.
package struct BuildSettings: Sendable, Equatable {
  /// The lists that packages are held to: `all`, or some of `deb`, `py2`, `py3`, `web`, `git`, `docker`.
  package var controlled: Set<String>
  /// The server of packages by `NAME-MD5` (`BUILD_PACKAGES_URL`, until 202511 `PACKAGE_URL_PREFIX`).
  package var packagesURL: String?
  /// Whether pinning is left out for this call (`SKIP_BUILD_HOOK`).
  package var skipsPins: Bool

  /// How a tool without pins marks its login at the gateway, which holds URLs to `versions-web`.
  package static let unpinned = "unpinned"

  /// Reads the variables.
  ///
  /// - Parameter value: the value of a variable, `nil` when there is none.
  package init(_ value: (String) -> String?) {
    func setting(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }
    controlled = Set(
      (setting("SONIC_VERSION_CONTROL_COMPONENTS") ?? "").split(separator: ",").map { String($0) })
    packagesURL = setting("BUILD_PACKAGES_URL") ?? setting("PACKAGE_URL_PREFIX")
    // slave.mk of some releases passes Y, which upstream's hooks do not know.
    skipsPins = ["y", "Y"].contains(setting("SKIP_BUILD_HOOK"))
  }

  /// Whether a list holds the packages of this call.
  package func controls(_ type: String) -> Bool {
    !skipsPins && (controlled.contains("all") || controlled.contains(type))
  }
}
