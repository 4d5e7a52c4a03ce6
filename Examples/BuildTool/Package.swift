// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "BuildTool",
  dependencies: [.package(name: "mirror", path: "../..")],
  targets: [
    .executableTarget(
      name: "fetch-inputs",
      dependencies: [
        .product(name: "MirrorCore", package: "mirror"),
        .product(name: "MirrorHTTP", package: "mirror"),
        .product(name: "MirrorWeb", package: "mirror"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
