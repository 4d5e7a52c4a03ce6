import Foundation
import MirrorTesting
import Testing

/// Real apt-get behind a service that has an archive as it was on each of several days.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg"), "gpg is missing: Tests/run"))
struct AptSnapshotTests {
  /// A day, as such a service names it in its paths, and the version of the packages on it.
  private struct Day {
    let path: String
    let version: String

    static let january = Day(path: "20260101T000000Z", version: "1:1.0-1")
    static let february = Day(path: "20260201T000000Z", version: "1:2.0-1")
  }

  private struct Stage {
    let live: AptStage
    let service: FaultServer
    let days: [String: SmallArchive]

    /// One mirror for each path of a day, in this order.
    func configure(_ paths: [String], origin: Bool = true) throws {
      let mirrors = paths.enumerated().map { number, path in
        """
        [mirror snapshot-\(number)]
        url = \(service.url)/archive
        roots = http://elsewhere.example/debian -> other/\(path), \(live.origin.url)/debian -> debian/\(path)

        """
      }
      let names = paths.indices.map { ", snapshot-\($0)" }.joined()
      try live.configure(
        mirrors.joined() + "[chain apt]\nsources = store\(names)\(origin ? ", origin" : "")\n")
    }

    /// Downloads in a new root; what is recorded is over, and apt has to be told to take it.
    func download(
      _ name: String, _ options: [String] = [], isFrozen: Bool = false
    ) async throws -> (Tool.Outcome, AptRoot) {
      let option = isFrozen ? "" : " check-valid-until=no"
      return try await live.run(
        options, name, AptStage.download,
        source: live.archive.source(on: live.origin, option: option))
    }

    func packages(of day: Day) -> Set<Data> {
      Set(
        SmallArchive.packages.compactMap { name in
          days[day.path]?.files[SmallArchive.path(of: name, version: day.version)].map { Data($0) }
        })
    }

    static func path(_ day: Day, _ path: String) -> String { "/archive/debian/\(day.path)/\(path)" }
  }

  /// The live archive has moved on to 3.0; both days are over, and say so.
  private func run(_ body: (Stage) async throws -> Void) async throws {
    try await AptStage.run { live in
      try await FaultServer.run { service in
        var days: [String: SmallArchive] = [:]
        for day in [Day.january, .february] {
          let folder = "\(live.folder)/\(day.path)"
          try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
          var archive = try await SmallArchive(
            in: folder, version: day.version, signedAs: live.archive)
          try await archive.sign(validUntil: "Sun, 13 Nov 2022 08:49:37 UTC", in: folder)
          archive.serve(on: service, at: "/archive/debian/\(day.path)")
          days[day.path] = archive
        }
        for path in live.archive.files.keys { live.origin.script("/debian/\(path)", .status(404)) }
        try await body(Stage(live: live, service: service, days: days))
      }
    }
  }

  @Test func `each day is a world of its own, and again without the service`() async throws {
    try await run { stage in
      for day in [Day.january, .february] {
        try stage.configure([day.path])
        let lock = ["--lock", "\(day.path).lock"]
        let (outcome, root) = try await stage.download("root-\(day.path)", lock)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(Set(try root.packages().values) == stage.packages(of: day))
        #expect(stage.packages(of: day).count == 2)
      }
      #expect(stage.live.origin.requests.isEmpty)
      let asked = stage.service.requests.count
      for day in [Day.january, .february] {
        let options = ["--offline", "--lock", "\(day.path).lock"]
        let (outcome, root) = try await stage.download(
          "again-\(day.path)", options, isFrozen: true)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(Set(try root.packages().values) == stage.packages(of: day))
      }
      #expect(stage.service.requests.count == asked && stage.live.origin.requests.isEmpty)
    }
  }

  @Test func `a moment without a snapshot leads to the one before it`() async throws {
    try await run { stage in
      let moment = "20260115T120000Z"
      for path in stage.days[Day.january.path]?.files.keys ?? [:].keys {
        stage.service.script(
          "/archive/debian/\(moment)/\(path)", .redirect(to: Stage.path(.january, path)))
      }
      try stage.configure([Day.january.path])
      let (direct, _) = try await stage.download("direct", ["--lock", "direct.lock"])
      #expect(direct.status == 0, "\(direct.text)\(direct.errors)")

      try stage.configure([moment])
      let (led, root) = try await stage.download("led", ["--store", "other"])
      #expect(led.status == 0, "\(led.text)\(led.errors)")
      #expect(Set(try root.packages().values) == stage.packages(of: .january))
      // Where it lies says the ledger; what it is, and what it is called, is the same.
      let ledger = try String(
        contentsOfFile: "\(stage.live.folder)/other/runs/last/ledger.jsonl", encoding: .utf8)
      #expect(
        ledger.contains("\"location\":\"\(stage.service.url)\(Stage.path(.january, "pool/"))"))
      let lock = try String(contentsOfFile: "\(stage.live.folder)/direct.lock", encoding: .utf8)
      #expect(try stage.live.lock == lock && lock.contains("apt \(stage.live.origin.url)/debian/"))
    }
  }

  @Test func `what one day lacks comes from the next source`() async throws {
    try await run { stage in
      // The file is in February's pool as well, as long as something needs it.
      let two = SmallArchive.path(of: "mirror-two")
      let bytes = try #require(stage.days[Day.january.path]?.files[two])
      stage.service.script(Stage.path(.january, two), .status(404))
      stage.service.script(Stage.path(.february, two), .file(bytes))
      try stage.configure([Day.january.path, Day.february.path])
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(Set(try root.packages().values) == stage.packages(of: .january))
      #expect(stage.service.requests(to: Stage.path(.january, two)).count == 1)
      #expect(stage.live.origin.requests.isEmpty)
      let line = try stage.live.ledger.split(separator: "\n").first { $0.contains(two) }
      #expect(line?.contains("\"outcome\":\"miss\",\"source\":\"snapshot-0\"") == true)
      #expect(line?.contains("\"source\":\"snapshot-1\"") == true)
    }
  }

  @Test func `an index of another day is never taken for the one that is wanted`() async throws {
    try await run { stage in
      let index = "dists/stable/main/binary-amd64/Packages"
      stage.service.script(Stage.path(.january, index), .status(404))
      try stage.configure([Day.january.path, Day.february.path], origin: false)
      let (outcome, root) = try await stage.download("root")
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains(index), "\(outcome.errors)")
      #expect(try root.packages().isEmpty)
      let ledger = try stage.live.ledger
      #expect(!ledger.contains("corrupt"), "of another day is not damaged: \(ledger)")
    }
  }
}
