import Foundation
import MirrorCore
import MirrorTesting

/// What a build of one ecosystem gets, and the upstream that has it: two things, of which a mirror under
/// test holds one.
protocol Goods: Sendable {
  /// Lays the upstream, and runs a body with it.
  static func run(_ body: @Sendable (Self) async throws -> Void) async throws

  /// The folder that a build runs in.
  var folder: String { get }
  /// The environment of a user whose tools are set up for the upstream.
  var environment: [String: String] { get }
  /// A bash script that gets a thing and leaves it in `out`, made anew for each run.
  func script(_ thing: Thing) throws -> String
  /// What must be in `out` afterwards.
  func expected(_ thing: Thing) throws -> [String: Data]
  /// Whether anybody has asked the upstream for anything.
  var wasAsked: Bool { get }
}

/// One of the two things.
enum Thing: String, Sendable {
  /// The mirror holds it, and so does the upstream.
  case kept
  /// Only the upstream has it.
  case other
}

/// Small files of no meaning.
func bytes(of name: String) -> [UInt8] {
  (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ name.utf8.count) } + Array(name.utf8)
}
