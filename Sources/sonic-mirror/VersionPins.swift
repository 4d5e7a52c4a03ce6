import Glibc
import MirrorCore
import MirrorSonic

/// The lists that `SONIC_VERSIONS` names: what this program holds URLs and repositories to.
struct VersionPins {
  /// The URLs of `versions-web`.
  let web: VersionList
  /// The repositories of `versions-git`.
  let git: VersionList

  /// Reads the lists; both are empty when the variable is not set.
  ///
  /// Ends the process when it names a folder without either: going on would pin nothing, unseen.
  init() {
    guard let variable = getenv("SONIC_VERSIONS") else {
      web = VersionList()
      git = VersionList()
      return
    }
    let path = String(cString: variable)
    do throws(MirrorError) {
      let lists = try ImageVersions(contentsOf: path)
      guard !lists[.web].isEmpty || !lists[.git].isEmpty else {
        throw MirrorError(
          .misconfigured,
          "SONIC_VERSIONS=\(path): has no versions-web and no versions-git with a line in it")
      }
      web = lists[.web]
      git = lists[.git]
    } catch {
      // There is nobody left to tell when standard error is gone.
      try? Disk.write(
        Array("sonic-mirror: \(error.message)\n".utf8), to: STDERR_FILENO, path: "standard error")
      exit(error.code.exitCode)
    }
  }
}
