// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "AcmeResolver",
  dependencies: [.package(name: "mirror", path: "../..")],
  targets: [
    .executableTarget(
      name: "acme-mirror",
      dependencies: [
        .product(name: "MirrorCommand", package: "mirror"),
        .product(name: "MirrorPip", package: "mirror"),
        .product(name: "MirrorWeb", package: "mirror"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
