import Foundation
import MirrorTesting

extension MirrorSystem {
  /// Systems that keep Go modules.
  static let go: [MirrorSystem] = [tree, folder]

  /// The protocol as a tree of files behind nginx.
  private static let tree = MirrorSystem(
    "GOPROXY tree", page: "GoProxy.md", mirror: "goproxy", host: "https://goproxy.acme.example",
    needs: ["go"]
  ) { (goods: GoGoods) in
    try GoGoods.write(to: "\(goods.folder)/srv")
    return [try await Nginx.serve("\(goods.folder)/srv", in: goods.folder)]
  }

  /// The same tree in a folder of this machine.
  private static let folder = MirrorSystem(
    "GOPROXY folder", page: "GoProxy.md", mirror: "go-folder", needs: ["go"], isLocal: true
  ) { (goods: GoGoods, _, body) in
    let root = "\(goods.folder)/srv"
    try GoGoods.write(to: root)
    // What is offline is the medium.
    let stop: @Sendable () -> Void = { try? FileManager.default.removeItem(atPath: root) }
    try await body(RunningSystem(places: ["file:///srv/goproxy": "file://\(root)"], stop: stop))
  }
}
