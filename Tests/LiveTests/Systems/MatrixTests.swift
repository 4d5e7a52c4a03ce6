import Foundation
import Testing

/// The tables of mirror systems, in Documentation/Systems and in the README: their rows and cells are what
/// MirrorSystemTests runs, no more and no less.
@Suite struct MatrixTests {
  private static let columns = ["hit", "miss", "outage", "auth", "offline"]

  /// The rows of a page's table of systems, cell by cell, without its head.
  private static func rows(of page: String) throws -> [[String]] {
    try GuidePage(page).text.split(separator: "\n")
      .filter { $0.hasPrefix("| [") && $0.contains("`hit") }
      .map { line in
        line.dropFirst().dropLast().split(separator: "|")
          .map { $0.trimmingCharacters(in: .whitespaces) }
      }
  }

  /// The tests that run with a system as their argument.
  private static func tests(of system: MirrorSystem) -> Set<String> {
    var tests: Set = ["hit", "miss", "offline"]
    if MirrorSystem.remote.contains(where: { $0.name == system.name }) { tests.insert("outage") }
    if MirrorSystem.guarded.contains(where: { $0.name == system.name }) { tests.insert("auth") }
    return tests
  }

  @Test func `each system has its row, and each cell of it is a test`() throws {
    let rows = try Self.rows(of: "Documentation/Systems/README.md")
    try #require(rows.map(\.count) == MirrorSystem.all.map { _ in Self.columns.count + 1 })
    for (row, system) in zip(rows, MirrorSystem.all) {
      let tests = Self.tests(of: system)
      let cells = Self.columns.map { tests.contains($0) ? "`\($0)(\(system.name))`" : "–" }
      #expect(Array(row.dropFirst()) == cells, "\(system.name)")
      #expect(row.first?.contains("](\(system.page))") == true, "\(system.name)")
    }
  }

  @Test func `the README has each system once, and says where a test is not for all of a row`()
    throws
  {
    var pages: [String] = []
    for row in try Self.rows(of: "README.md") {
      let links = row[0].matches(of: #/\]\(Documentation/Systems/([A-Za-z0-9]+\.md)\)/#)
        .map { String($0.1) }
      pages += links
      let systems = MirrorSystem.all.filter { links.contains($0.page) }
      try #require(row.count == Self.columns.count + 1, "\(row)")
      for (cell, column) in zip(row.dropFirst(), Self.columns) {
        let isForAll = systems.allSatisfy { Self.tests(of: $0).contains(column) }
        // Where it is for some, they are named.
        #expect(cell.hasPrefix("`\(column)`") && (cell == "`\(column)`") == isForAll, "\(row)")
      }
    }
    #expect(pages.count == Set(pages).count)
    #expect(Set(pages) == Set(MirrorSystem.all.map(\.page)))
  }

  @Test(arguments: columns)
  func `a column is a test of its name`(name: String) throws {
    let path = "\(GuidePage.repository)/Tests/LiveTests/Systems/MirrorSystemTests.swift"
    let source = try String(contentsOfFile: path, encoding: .utf8)
    #expect(source.contains("func \(name)(system: MirrorSystem)"))
  }
}
