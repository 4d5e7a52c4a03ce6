internal import SonicHook

/// Constraints for pip, made from a list of Python projects (pip's documentation, "Constraints Files").
///
/// Names are in the one spelling of PEP 503, so that `PyYAML` and `pyyaml` are one project, and of two
/// lines for one the later in the list's order counts.
public struct PipConstraints: Sendable, Equatable {
  /// The list.
  public var list: VersionList

  /// Creates constraints.
  public init(_ list: VersionList) { self.list = list }

  /// The text of the file: `NAME==VERSION` lines, sorted.
  ///
  /// A version outside of PEP 440 was listed as `NAME===VERSION` and stays so.
  public var text: String {
    var lines: [String: String] = [:]
    for (name, version) in list.entries {
      let isArbitrary = name.hasSuffix("=")
      let project = ProjectName.normalise(isArbitrary ? name.dropLast() : name[...])
      lines[project] = "\(project)\(isArbitrary ? "===" : "==")\(version)\n"
    }
    return lines.sorted { $0.key < $1.key }.map(\.value).joined()
  }
}
