import MirrorCore
import MirrorTesting
import Testing

/// One cell of the chain's table: how the first source answers, under which circumstances, and what
/// must come of it.
struct ChainCase: Sendable, CustomTestStringConvertible {
  /// How the first source answers.
  enum First: String, Sendable {
    case right, missing, silent, truncated, denied, insecure, misconfigured
    case wrong, wrongOnce, saysCorrupt, page, pageOnce, empty
  }

  static let rightText = "the right bytes"
  static let wrongText = "the wrong bytes"

  var first: First
  var isPinned: Bool
  var mode: Source.Mode
  var hasOrigin: Bool
  /// The name of the source that serves, or the code of the failure.
  var outcome: String
  /// Every attempt, as `source:outcome`.
  var trail: String

  var testDescription: String {
    "\(first) \(isPinned ? "pinned" : "unpinned") \(mode) \(hasOrigin ? "origin" : "no origin")"
  }

  /// What the first source finds, in order.
  func script(_ mirror: InMemoryMirror, for identity: String) {
    switch first {
    case .right: mirror.script(identity, .text(Self.rightText))
    case .missing: mirror.script(identity, .nothing(Reply(status: 404)))
    case .silent: mirror.script(identity, .failure(.unavailable))
    case .truncated:
      mirror.script(
        identity,
        .broken(after: Self.rightText.utf8.prefix(5), as: Content(size: 15, entityTag: "\"v1\"")))
    case .denied: mirror.script(identity, .failure(.denied))
    case .insecure: mirror.script(identity, .failure(.insecure))
    case .misconfigured: mirror.script(identity, .failure(.misconfigured))
    case .wrong: mirror.script(identity, .text(Self.wrongText))
    case .wrongOnce: mirror.script(identity, .text(Self.wrongText), .text(Self.rightText))
    case .saysCorrupt: mirror.script(identity, .failure(.corrupt))
    case .page: mirror.script(identity, .text("<!DOCTYPE html>", as: Content(type: "text/html")))
    case .pageOnce:
      mirror.script(
        identity, .text("<html>", as: Content(type: "text/html")), .text(Self.rightText))
    case .empty: mirror.script(identity, .text(""))
    }
  }

  /// Rows of the table: `nil` stands for either.
  private static func row(
    _ first: [First], pinned: Bool? = nil, mode: Source.Mode? = nil, origin: Bool? = nil,
    _ outcome: String, _ trail: String
  ) -> [ChainCase] {
    var cases: [ChainCase] = []
    for first in first {
      for isPinned in pinned.map({ [$0] }) ?? [true, false] {
        for mode in mode.map({ [$0] }) ?? [.bestEffort, .gatekeeper] {
          for hasOrigin in origin.map({ [$0] }) ?? [true, false] {
            cases.append(
              ChainCase(
                first: first, isPinned: isPinned, mode: mode, hasOrigin: hasOrigin,
                outcome: outcome, trail: trail))
          }
        }
      }
    }
    return cases
  }

  /// The rules of fallback, one line each.
  static let table = [
    row([.right], "acme", "acme:hit"),
    row([.missing], origin: true, "origin", "acme:miss origin:hit"),
    row([.missing], origin: false, "refused", "acme:miss"),
    row(
      [.silent, .truncated], mode: .bestEffort, origin: true, "origin",
      "acme:unavailable origin:hit"),
    row(
      [.silent, .truncated], mode: .bestEffort, origin: false, "unavailable", "acme:unavailable"),
    row([.silent, .truncated], mode: .gatekeeper, "unavailable", "acme:unavailable"),
    row([.denied], "denied", "acme:denied"),
    row([.insecure], "insecure", "acme:insecure"),
    row([.misconfigured], "misconfigured", "acme:misconfigured"),
    row([.wrong, .wrongOnce], pinned: false, "acme", "acme:hit"),
    row([.wrongOnce], pinned: true, "acme", "acme:corrupt acme:hit"),
    row(
      [.wrong, .saysCorrupt], pinned: true, mode: .bestEffort, origin: true, "origin",
      "acme:corrupt acme:corrupt origin:hit"),
    row(
      [.wrong, .saysCorrupt], pinned: true, mode: .bestEffort, origin: false, "corrupt",
      "acme:corrupt acme:corrupt"),
    row(
      [.wrong, .saysCorrupt], pinned: true, mode: .gatekeeper, "corrupt",
      "acme:corrupt acme:corrupt"),
    row([.saysCorrupt], pinned: false, "corrupt", "acme:corrupt acme:corrupt"),
    row(
      [.page, .empty], mode: .bestEffort, origin: true, "origin",
      "acme:unavailable acme:unavailable origin:hit"),
    row(
      [.page, .empty], mode: .bestEffort, origin: false, "unavailable",
      "acme:unavailable acme:unavailable"),
    row([.page, .empty], mode: .gatekeeper, "unavailable", "acme:unavailable acme:unavailable"),
    row([.pageOnce], "acme", "acme:unavailable acme:hit"),
  ].flatMap { $0 }
}
