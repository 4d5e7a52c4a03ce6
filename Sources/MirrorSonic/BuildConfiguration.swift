public import MirrorCore
internal import SonicHook

/// What SONiC's build says to its hooks in `config/buildinfo.config`, of any release branch.
///
/// The file is a shell script upstream; here it is read as data, and never executed.
public struct BuildConfiguration: Sendable, Equatable {
  private let settings: BuildSettings

  /// Reads the text of the file.
  public init(_ text: String) {
    let file = ShellSettings(text)
    settings = BuildSettings { file[$0] }
  }

  /// Reads a file.
  ///
  /// - Throws: `misconfigured` when it is not there or cannot be read.
  public init(contentsOf path: String) throws(MirrorError) {
    guard let bytes = try Disk.read(path) else {
      throw MirrorError(
        .misconfigured, "\(path): is not there; SONiC writes it with `make configure`")
    }
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  /// The server of packages by `NAME-MD5`: `BUILD_PACKAGES_URL`, or `PACKAGE_URL_PREFIX` before 202605.
  public var packagesURL: String? { settings.packagesURL }

  /// Whether the lists of a type hold its packages: `SONIC_VERSION_CONTROL_COMPONENTS`.
  public func controls(_ type: VersionType) -> Bool { settings.controls(type.rawValue) }

  /// A beginning for `mirror.conf`: the package server as the first mirror of plain URLs.
  public var mirrorConfiguration: String {
    guard let packagesURL, let locator = Locator(packagesURL) else {
      return """
        # buildinfo.config names no package server.
        [chain web]
        sources = store, origin

        """
    }
    let login =
      locator.userInfo == nil
      ? "" : "# The URL's login was left out: name it with credential = env:NAME.\n"
    return """
      # SONiC's package server holds files by NAME-MD5; the MD5 is that of versions-web.
      [mirror packages]
      \(login)url    = \(locator.url)
      layout = name-md5

      [chain web]
      sources = store, packages, origin

      """
  }
}
