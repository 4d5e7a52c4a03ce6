// swift-tools-version: 6.2
import PackageDescription

// Targets follow Documentation/Architecture.md: arrows point down only, MirrorCore has no network
// package, and only the executables name ecosystems. Traits choose which ecosystems the stock
// `mirror` holds; a package that links the libraries compiles just what it imports.

let package = Package(
  name: "mirror",
  products: [
    .library(name: "MirrorCore", targets: ["MirrorCore"]),
    .library(name: "MirrorHTTP", targets: ["MirrorHTTP"]),
    .library(name: "MirrorWeb", targets: ["MirrorWeb"]),
    .library(name: "MirrorPip", targets: ["MirrorPip"]),
    .library(name: "MirrorApt", targets: ["MirrorApt"]),
    .library(name: "MirrorGo", targets: ["MirrorGo"]),
    .library(name: "MirrorGit", targets: ["MirrorGit"]),
    .library(name: "MirrorSonic", targets: ["MirrorSonic"]),
    .library(name: "MirrorGateway", targets: ["MirrorGateway"]),
    .library(name: "MirrorCommand", targets: ["MirrorCommand"]),
    .library(name: "MirrorTelemetry", targets: ["MirrorTelemetry"]),
    .library(name: "MirrorTesting", targets: ["MirrorTesting"]),
    .executable(name: "mirror", targets: ["mirror"]),
    .executable(name: "mirror-hook", targets: ["mirror-hook"]),
    .executable(name: "sonic-mirror", targets: ["sonic-mirror"]),
    .executable(name: "sonic-hook", targets: ["sonic-hook"]),
  ],
  traits: [
    .trait(name: "Web", description: "wget, curl and plain URLs"),
    .trait(name: "Pip", description: "pip, uv and everything that speaks the simple API"),
    .trait(name: "Apt", description: "apt, by an acquire method of its own"),
    .trait(name: "Go", description: "Go modules, by the GOPROXY protocol"),
    .trait(name: "Git", description: "git over smart HTTP"),
    .default(enabledTraits: ["Web", "Pip", "Apt", "Go", "Git"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .target(
      name: "MirrorCore",
      dependencies: ["CLinux", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "CLinux"),
    .target(
      name: "MirrorHTTP",
      dependencies: [
        "MirrorCore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "MirrorWeb", dependencies: ["MirrorCore"]),
    .target(name: "MirrorPip", dependencies: ["MirrorCore"]),
    .target(name: "MirrorApt", dependencies: ["MirrorCore"]),
    .target(name: "MirrorGo", dependencies: ["MirrorCore", "CZlib"]),
    .target(name: "MirrorGit", dependencies: ["MirrorCore"]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "MirrorSonic", dependencies: ["MirrorCore", "SonicHook"]),
    .target(
      name: "MirrorGateway",
      dependencies: [
        "MirrorCore",
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "MirrorCommand",
      dependencies: [
        "MirrorCore", "MirrorHTTP", "MirrorGateway", "MirrorHook",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "MirrorTelemetry",
      dependencies: [
        "MirrorCore",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "Instrumentation", package: "swift-distributed-tracing"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ]),
    .target(
      name: "MirrorTesting",
      dependencies: [
        "MirrorCore",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(name: "MirrorHook"),
    .target(name: "HookStart"),
    .target(name: "SonicHook", dependencies: ["MirrorHook"]),
    .target(
      name: "StockEcosystems",
      dependencies: [
        "MirrorCore",
        .target(name: "MirrorWeb", condition: .when(traits: ["Web"])),
        .target(name: "MirrorPip", condition: .when(traits: ["Pip"])),
        .target(name: "MirrorApt", condition: .when(traits: ["Apt"])),
        .target(name: "MirrorGo", condition: .when(traits: ["Go"])),
        .target(name: "MirrorGit", condition: .when(traits: ["Git"])),
      ]),
    .executableTarget(name: "mirror", dependencies: ["MirrorCommand", "StockEcosystems"]),
    .executableTarget(name: "mirror-hook", dependencies: ["MirrorHook", "HookStart"]),
    .executableTarget(
      name: "sonic-mirror",
      dependencies: [
        "MirrorCommand", "MirrorSonic", "StockEcosystems",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .target(name: "MirrorGit", condition: .when(traits: ["Git"])),
      ]),
    .executableTarget(name: "sonic-hook", dependencies: ["SonicHook", "HookStart"]),
    .testTarget(name: "MirrorCoreTests", dependencies: ["MirrorCore", "MirrorTesting"]),
    .testTarget(name: "MirrorHTTPTests", dependencies: ["MirrorHTTP", "MirrorTesting"]),
    .testTarget(name: "MirrorWebTests", dependencies: ["MirrorWeb", "MirrorTesting"]),
    .testTarget(name: "MirrorPipTests", dependencies: ["MirrorPip", "MirrorTesting"]),
    .testTarget(
      name: "MirrorAptTests", dependencies: ["MirrorApt", "MirrorHook", "MirrorTesting"]),
    .target(
      name: "GoFixtures",
      dependencies: ["CZlib", "MirrorTesting", .product(name: "Crypto", package: "swift-crypto")],
      path: "Tests/GoFixtures"),
    .testTarget(name: "MirrorGoTests", dependencies: ["MirrorGo", "MirrorTesting", "GoFixtures"]),
    .testTarget(name: "MirrorGitTests", dependencies: ["MirrorGit", "MirrorTesting"]),
    .testTarget(
      name: "MirrorSonicTests", dependencies: ["MirrorSonic", "MirrorTesting"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "SonicHookTests",
      dependencies: ["SonicHook", "MirrorSonic", "MirrorTesting", "sonic-hook"]),
    .testTarget(
      name: "MirrorGatewayTests",
      dependencies: [
        "MirrorGateway", "MirrorHTTP", "MirrorWeb", "MirrorPip", "MirrorGo", "MirrorApt",
        "MirrorTesting", "GoFixtures",
      ]),
    .testTarget(
      name: "MirrorTelemetryTests",
      dependencies: [
        "MirrorTelemetry", "MirrorHTTP", "MirrorWeb", "MirrorTesting",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
        .product(name: "Instrumentation", package: "swift-distributed-tracing"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ]),
    .testTarget(name: "MirrorCommandTests", dependencies: ["MirrorCommand", "MirrorTesting"]),
    .testTarget(
      name: "MirrorHookTests", dependencies: ["MirrorHook", "MirrorTesting", "mirror-hook"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "MirrorTestingTests",
      dependencies: [
        "MirrorTesting",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .testTarget(
      name: "LiveTests",
      dependencies: [
        "MirrorCore", "MirrorTesting", "GoFixtures", "mirror", "mirror-hook", "sonic-mirror",
        "sonic-hook",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// CI builds each ecosystem alone and runs its tests; those of the others would be compiled for nothing.
if let names = Context.environment["MIRROR_TEST_TARGETS"] {
  let kept = names.split(separator: ",").map(String.init)
  package.targets.removeAll { $0.type == .test && !kept.contains($0.name) }
}

for target in package.targets where target.type != .system && target.name != "CLinux" {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
  ]
}
