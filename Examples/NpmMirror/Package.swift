// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "NpmMirror",
  dependencies: [.package(name: "mirror", path: "../..")],
  targets: [
    .target(name: "MirrorNpm", dependencies: [.product(name: "MirrorCore", package: "mirror")]),
    .executableTarget(
      name: "npm-mirror",
      dependencies: [
        "MirrorNpm",
        .product(name: "MirrorCommand", package: "mirror"),
        .product(name: "MirrorWeb", package: "mirror"),
      ]),
    .testTarget(
      name: "MirrorNpmTests",
      dependencies: [
        "MirrorNpm",
        .product(name: "MirrorCore", package: "mirror"),
        .product(name: "MirrorTesting", package: "mirror"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
