import Foundation
import MirrorTesting

extension TemporaryFolder {
  /// Writes a script that can be run at once; returns its path.
  ///
  /// Another process copies it into place. Were this one to write it, a program that a test beside this
  /// one starts in that moment would inherit the open file, and it could not be run (ETXTBSY, execve(2)).
  @discardableResult
  func write(_ name: String, _ text: String = "", executable: Bool) throws -> String {
    guard executable else { return try write(name, text) }
    let source = try write("\(name).source", text)
    let file = String(source.dropLast(".source".count))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/install")
    process.arguments = ["-m", "755", source, file]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    try FileManager.default.removeItem(atPath: source)
    return file
  }

  /// Makes a symbolic link, and the folders above it; returns its path.
  @discardableResult
  func link(_ name: String, to destination: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: destination)
    return file
  }
}
