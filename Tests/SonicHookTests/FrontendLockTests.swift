import Foundation
import MirrorTesting
import SonicHook
import Testing

@Suite struct FrontendLockTests {
  private let folder: TemporaryFolder
  private let lock: FrontendLock

  init() throws {
    folder = try TemporaryFolder()
    lock = FrontendLock(path: try folder.write("lock-frontend", ""))
  }

  @Test func `a lock that nobody has is taken at once, and one that is not there too`() {
    #expect(lock.ifFree { true })
    #expect(lock.take(limit: 0) == .taken)
    #expect(FrontendLock(path: "\(folder.path)/none").take(limit: 0) == .taken)
  }

  @Test func `a lock that another process has is waited for, and never passed by`() throws {
    try holding(lock.path) {
      #expect(!lock.ifFree { true })
      var notices = 0
      #expect(lock.take(limit: 200) { notices += 1 } == .busy)
      #expect(notices == 1)
    }
    #expect(lock.take() == .taken)
  }

  @Test func `a lock ends with its process, whatever becomes of that`() throws {
    try HeldLock(lock.path).release()
    #expect(lock.ifFree { true })
    #expect(lock.take(limit: 0) == .taken)
  }

  @Test(arguments: [(120, true), (59, false)])
  func `a file left behind is removed after a minute`(age: Int, removed: Bool) throws {
    let path = try folder.write("left", "Locked by command: apt-get install x")
    let written = 1_000_000
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: Double(written))], ofItemAtPath: path)
    let left = LeftLock(path: path, frontend: lock)
    #expect(left.clear(now: written + age) == removed)
    #expect(FileManager.default.fileExists(atPath: path) != removed)
  }

  @Test func `a file whose owner still works stays`() throws {
    let path = try folder.write("left", "")
    try holding(lock.path) {
      #expect(!LeftLock(path: path, frontend: lock).clear(now: time(nil) + 600))
    }
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func `a link of that name is nobody's business`() throws {
    let target = try folder.write("target", "")
    let link = try folder.link("left", to: target)
    #expect(!LeftLock(path: link, frontend: lock).clear(now: time(nil) + 600))
    #expect(FileManager.default.fileExists(atPath: target))
  }

  private func holding(_ path: String, _ body: () throws -> Void) throws {
    let holder = try HeldLock(path)
    defer { holder.release() }
    try body()
  }
}
