public import MirrorCore

/// All lock files of a release: the folder that SONiC calls `files/build/versions`.
public struct VersionTree: Sendable {
  /// The folder, or a link to it.
  public var path: String

  /// Creates the tree in a folder.
  public init(at path: String) { self.path = path }

  /// Where an image's own lock files lie.
  ///
  /// Its debugging variant `NAME-dbg` has those of the image.
  public func folder(of image: String) -> String {
    if ["default", "host-image", "host-base-image"].contains(image) { return "\(path)/\(image)" }
    if image.hasPrefix("build-sonic-slave-") { return "\(path)/build/\(image)" }
    return "\(path)/dockers/\(image.hasSuffix("-dbg") ? String(image.dropLast(4)) : image)"
  }

  /// What counts for an image, merged as upstream's generator merges it.
  ///
  /// The defaults come first; an image other than an ordinary container keeps out their packages of
  /// Debian and Python; the host image stands on `host-base-image`; the image's own files come last. An
  /// image without files has the defaults.
  ///
  /// - Parameter folder: the image's own folder, where it is not the tree's.
  /// - Throws: `misconfigured` when the tree is not there or a file cannot be read.
  public func versions(
    for image: String, distribution: String, architecture: String, folder: String? = nil
  ) throws(MirrorError) -> ImageVersions {
    guard !Disk.list(path).isEmpty else {
      throw MirrorError(
        .misconfigured,
        "\(path): no lock files there; give the folder files/build/versions of the release")
    }
    let own = folder ?? self.folder(of: image)
    let name = own.split(separator: "/").last.map { String($0) } ?? image
    var folder = try read(self.folder(of: "default"), distribution, architecture)
    if !Self.isOrdinary(name) { folder = folder.without(\.isImagesOwn) }
    if name == "host-image" {
      let base = try read(self.folder(of: "host-base-image"), distribution, architecture)
      folder.overlay(base, flattening: true)
    }
    folder.overlay(try read(own, distribution, architecture))
    var lists: [VersionType: VersionList] = [:]
    for type in folder.types {
      lists[type] = folder.list(of: type, distribution: distribution, architecture: architecture)
    }
    return ImageVersions(lists)
  }

  /// The folders with lock files, by their path in the tree; the tree's own files by an empty one.
  ///
  /// - Throws: `misconfigured` when a file cannot be read.
  public func folders() throws(MirrorError) -> [String: VersionFolder] {
    var result: [String: VersionFolder] = [:]
    let groups = ["dockers", "build"].flatMap { group in
      Disk.list("\(path)/\(group)").map { "\(group)/\($0)" }
    }
    for name in ["", "default", "host-image", "host-base-image"] + groups {
      let folder = try VersionFolder(contentsOf: name.isEmpty ? path : "\(path)/\(name)")
      if !folder.files.isEmpty { result[name] = folder }
    }
    return result
  }

  private func read(
    _ path: String, _ distribution: String, _ architecture: String
  ) throws(MirrorError) -> VersionFolder {
    try VersionFolder(contentsOf: path)
      .suiting(distribution: distribution, architecture: architecture)
  }

  /// Whether an image is an ordinary container, which shares packages with the others.
  private static func isOrdinary(_ image: String) -> Bool {
    !image.hasPrefix("sonic-slave-") && !image.hasPrefix("build-sonic-slave-")
      && !["default", "host-image", "host-base-image"].contains(image)
  }
}
