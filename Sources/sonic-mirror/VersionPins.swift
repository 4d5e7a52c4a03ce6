import Glibc
import MirrorCore
import MirrorSonic

/// The lists that `SONIC_VERSIONS` names: what this program holds URLs to.
enum VersionPins {
  /// The URLs of `versions-web`; none when the variable is not set.
  ///
  /// Ends the process when it names a folder without such a list: going on would pin nothing, unseen.
  static var web: VersionList {
    guard let variable = getenv("SONIC_VERSIONS") else { return VersionList() }
    let path = String(cString: variable)
    do throws(MirrorError) {
      let list = try ImageVersions(contentsOf: path)[.web]
      guard !list.isEmpty else {
        throw MirrorError(
          .misconfigured, "SONIC_VERSIONS=\(path): has no versions-web with a URL in it")
      }
      return list
    } catch {
      // There is nobody left to tell when standard error is gone.
      try? Disk.write(
        Array("sonic-mirror: \(error.message)\n".utf8), to: STDERR_FILENO, path: "standard error")
      exit(error.code.exitCode)
    }
  }
}
