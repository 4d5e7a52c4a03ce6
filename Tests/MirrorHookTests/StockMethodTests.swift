import Foundation
import MirrorHook
import MirrorTesting
import Testing

/// Our method beside apt's own: to the same answers both say the same, as far as apt acts upon it.
@Suite(
  .enabled(
    if: HookRun.isBuilt && HookRun.hasStockMethod, "mirror-hook or apt's method is missing"))
struct StockMethodTests {
  /// Something that a server may answer, and what apt says and has of the thing beforehand.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var answer: FaultAnswer
    var fields = ""
    var remains: String?

    init(
      _ name: String, _ answer: FaultAnswer, _ fields: String = "", remains: String? = nil
    ) {
      testDescription = name
      self.answer = answer
      self.fields = fields
      self.remains = remains
    }
  }

  /// What apt acts upon.
  private struct Outcome: Equatable {
    var code: Int
    var reason: String?
    var isTransient: Bool
    var isKnown: Bool
    var resumePoints: [String]
    var size: String?
    var modified: String?
    var text: String?
  }

  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
  private static let other = "Mon, 07 Nov 1994 08:49:37 GMT"
  private static let bytes = Array("0123456789".utf8)
  private static let known = "Last-Modified: \(date)"
  private static let digest =
    "Expected-SHA256: 84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882\n"
  private static let file = FaultAnswer.file(bytes, lastModified: date)

  static let cases = [
    Case("a file", file),
    Case("a file of unknown length", .chunked(bytes)),
    Case("the file of the index", file, digest + "Expected-Checksum-FileSize: 10"),
    Case("what is not there", .status(404)),
    Case("what is not there and need not be", .status(404), "Index-File: true\nFail-Ignore: true"),
    Case("what is gone", .status(410)),
    Case("what is forbidden", .status(403)),
    Case("a server that is busy", .status(503, body: [33])),
    Case(
      "what need not be there, of a server that is busy", .status(503, body: [33]),
      "Fail-Ignore: true"),
    Case("what did not change", file, "Index-File: true\n\(known)"),
    Case("what changed", .file(bytes, lastModified: other), known),
    Case("what is longer than wanted", file, "Maximum-Size: 9"),
    Case("what is as long as wanted", file, "Maximum-Size: 10"),
    Case("what may have any length", file, "Maximum-Size: 0"),
    Case("what is longer than the index says", file, digest + "Expected-Checksum-FileSize: 9"),
    Case("what is shorter than the index says", file, digest + "Expected-Checksum-FileSize: 11"),
    Case("the rest of the same file", file, remains: "0123"),
    Case(
      "the rest of a file that the index knows", file, digest + "Expected-Checksum-FileSize: 10",
      remains: "0123"),
    Case(
      "the rest of the same file, with a tag", .file(bytes, etag: "v1", lastModified: date),
      remains: "0123"),
    Case("the rest of a file that changed", .file(bytes, lastModified: other), remains: "abcd"),
    Case(
      "the rest of a file that changed, with a tag",
      .file(bytes, etag: "v2", lastModified: other), remains: "abcd"),
    Case(
      "the rest, of a server that gives no parts",
      .file(bytes, lastModified: date, honoursRanges: false), remains: "0123"),
    Case("the rest of a file that is all there", file, remains: "0123456789"),
    Case("the rest of a file that is gone", .status(404), remains: "0123"),
    Case("a redirect that leads nowhere", .status(302)),
  ]

  @Test(arguments: Self.cases)
  func `both methods tell apt the same`(what: Case) async throws {
    #expect(try await outcome(of: what, isStock: false) == outcome(of: what, isStock: true))
  }

  /// The time that the server said; where it said none, apt's own method makes one up.
  private static func stated(_ time: String?) -> String? {
    let time = time?.replacing("+0000", with: "GMT")
    return [date, other].first { $0 == time }
  }

  private func outcome(of what: Case, isStock: Bool) async throws -> Outcome {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      if let remains = what.remains {
        try folder.write("file", remains)
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: 784_111_777)],
          ofItemAtPath: "\(folder.path)/file")
      }
      let message = try AcquireTalk.acquire(
        "\(server.url)/debian/file", in: "\(folder.path)/file", what.fields)
      server.script("/debian/file", what.answer)
      try server.script(message, what.answer)
      let messages = try [AcquireTalk.configuration(), message]
      let talk =
        isStock
        ? try AcquireTalk(with: AcquireTalk.stock, messages)
        : try AcquireTalk(messages, gateway: server.url)
      let last = try #require(talk.said.last)
      let isDone = last.code == 201
      return Outcome(
        code: last.code, reason: last["FailReason"],
        isTransient: last["Transient-Failure"] == "true", isKnown: last["IMS-Hit"] == "true",
        resumePoints: (talk.answers(200) + talk.answers(201)).compactMap { $0["Resume-Point"] },
        size: last["Size"],
        modified: Self.stated(last["Last-Modified"]),
        text: isDone ? folder.text(of: "file") : nil)
    }
  }
}
