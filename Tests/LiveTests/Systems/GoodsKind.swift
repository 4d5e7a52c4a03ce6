import Testing

/// A kind of goods, by the name of its ecosystem.
struct GoodsKind: Sendable, CustomTestStringConvertible {
  /// The word for the ecosystem.
  let name: String
  /// Lays an upstream, and runs a body with it.
  let run: @Sendable (@Sendable (any Goods) async throws -> Void) async throws -> Void

  private init<G: Goods>(_ name: String, _ kind: G.Type) {
    self.name = name
    run = { body in try await kind.run { try await body($0) } }
  }

  var testDescription: String { name }

  static let pip = GoodsKind("pip", PipGoods.self)
  static let apt = GoodsKind("apt", AptGoods.self)
  static let go = GoodsKind("go", GoGoods.self)
  static let git = GoodsKind("git", GitGoods.self)
  static let web = GoodsKind("web", WebGoods.self)
  static let all = [pip, apt, go, git, web]
}
