import Foundation
import MirrorSonic
import MirrorTesting
import Testing

/// What upstream's generator made of lock files, byte for byte.
@Suite struct GoldenTests {
  @Test func `the lists of six images are upstream's, byte for byte`() throws {
    let images = try check("\(Fixtures.folder)/golden", against: "\(Fixtures.folder)/versions")
    #expect(images == 6)
  }

  @Test(
    .enabled(
      if: Fixtures.releases != nil,
      "no data of whole releases: set MIRROR_SONIC_DATA, or lay shared/data/sonic beside"))
  func `the lists of a whole release are upstream's, byte for byte`() throws {
    let releases = try #require(Fixtures.releases)
    let names = try FileManager.default.contentsOfDirectory(atPath: releases)
    var images = 0
    for name in names where name.hasPrefix("golden-generate-") {
      let release = name.dropFirst("golden-generate-".count)
      images += try check(
        "\(releases)/\(name)", against: "\(releases)/\(release)/versions-public", complete: true)
    }
    #expect(images >= 10)
  }

  @Test(
    .enabled(if: Fixtures.releases != nil, "no data of whole releases: set MIRROR_SONIC_DATA"))
  func `every list of every release is written back with nothing lost`() throws {
    let releases = try #require(Fixtures.releases)
    let files = try #require(FileManager.default.enumerator(atPath: releases))
    var count = 0
    for case let path as String in files {
      let fileName = path.split(separator: "/").last.map { String($0) } ?? ""
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(releases)/\(path)", isDirectory: &isFolder)
      guard !isFolder.boolValue, !path.hasPrefix("golden"), let name = VersionFileName(fileName)
      else { continue }
      let text = try String(contentsOfFile: "\(releases)/\(path)", encoding: .utf8)
      let list = VersionList(text, type: name.type)
      let lines = text.split(separator: "\n").map {
        name.type == .py2 || name.type == .py3 ? $0.lowercased() : String($0)
      }
      #expect(Set(list.text.split(separator: "\n").map { String($0) }) == Set(lines), "\(path)")
      #expect(name.description == fileName)
      count += 1
    }
    #expect(count > 250)
  }

  /// Compares the merged lists of each image that has golden ones.
  private func check(
    _ golden: String, against versions: String, complete: Bool = false
  ) throws -> Int {
    var images = 0
    for image in try FileManager.default.contentsOfDirectory(atPath: golden) {
      for place in try FileManager.default.contentsOfDirectory(atPath: "\(golden)/\(image)") {
        let words = place.split(separator: "-").map { String($0) }
        let made = try VersionTree(at: versions)
          .versions(for: image, distribution: words[0], architecture: words[1])
        let folder = try TemporaryFolder()
        try made.write(into: folder.path)
        let names = try FileManager.default.contentsOfDirectory(
          atPath: "\(golden)/\(image)/\(place)")
        for name in names {
          let expected = FileManager.default.contents(atPath: "\(golden)/\(image)/\(place)/\(name)")
          #expect(
            folder.bytes(of: name) == expected.map { Array($0) }, "\(image) \(place) \(name)")
        }
        if complete || image == "docker-orchagent" {
          #expect(folder.names() == names.sorted(), "\(image) \(place)")
        }
        images += 1
      }
    }
    return images
  }
}
