// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "AcmeResolver",
  dependencies: [
    .package(name: "mirror", path: "../.."),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .target(name: "AcmeShelf", dependencies: [.product(name: "MirrorCore", package: "mirror")]),
    .executableTarget(
      name: "acme-mirror",
      dependencies: [
        "AcmeShelf",
        .product(name: "MirrorCore", package: "mirror"),
        .product(name: "MirrorCommand", package: "mirror"),
        .product(name: "MirrorPip", package: "mirror"),
        .product(name: "MirrorTelemetry", package: "mirror"),
        .product(name: "MirrorWeb", package: "mirror"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(
      name: "AcmeShelfTests",
      dependencies: ["AcmeShelf", .product(name: "MirrorTesting", package: "mirror")]),
  ],
  swiftLanguageModes: [.v6]
)
