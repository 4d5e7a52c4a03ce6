import ArgumentParser
import MirrorCommand
import MirrorCore
import MirrorSonic

/// `sonic-mirror versions diff`: what two folders say differently.
struct DiffCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Say how two folders of lock files differ.",
    discussion: """
        sonic-mirror versions diff old/versions/dockers/docker-lldp new/versions/dockers/docker-lldp

      Folders of a whole release are compared image by image. Ends with 1 where there are differences.
      """)

  @Argument(help: ArgumentHelp("The older folder.", valueName: "old"), completion: .directory)
  var old: String

  @Argument(help: ArgumentHelp("The newer folder.", valueName: "new"), completion: .directory)
  var new: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let before = try VersionTree(at: old).folders()
    let after = try VersionTree(at: new).folders()
    guard !before.isEmpty || !after.isEmpty else {
      throw MirrorError(
        .misconfigured, "\(old), \(new): no lock files in either; check the folders")
    }
    var isDifferent = false
    for image in Set(before.keys).union(after.keys).sorted() {
      let difference = VersionDifference(
        from: before[image] ?? VersionFolder(), to: after[image] ?? VersionFolder())
      for entry in difference.entries {
        isDifferent = true
        try StandardOutput.print(image.isEmpty ? "\(entry)" : "\(image): \(entry)")
      }
    }
    return isDifferent ? 1 : 0
  }
}
