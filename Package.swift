// swift-tools-version: 6.2

import PackageDescription

// The graph is the security argument (Docs/Design.md, "The arrows"); Tests/ArchitectureTests keeps it.
let package = Package(
  name: "testimony",
  products: [
    .executable(name: "testimony", targets: ["testimony"]),
    .library(name: "Sodium", targets: ["Sodium"]),
    .library(name: "Age", targets: ["Age"]),
    .library(name: "Shares", targets: ["Shares"]),
    .library(name: "Transparency", targets: ["Transparency"]),
    .library(name: "Record", targets: ["Record"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CSodium", pkgConfig: "libsodium",
      providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]),
    .target(
      name: "Sodium",
      dependencies: ["CSodium", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: [.enableExperimentalFeature("Lifetimes")]),
    .target(name: "Platform", dependencies: ["Sodium"]),
    .target(
      name: "Age", dependencies: ["Sodium", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Shares", dependencies: ["Sodium"]),
    .target(name: "Transparency", dependencies: ["Sodium"]),
    .target(name: "Record", dependencies: ["Sodium", "Transparency"]),
    .target(name: "Publishing", dependencies: ["Record", "Sodium"]),
    .target(
      name: "TestimonyVault",
      dependencies: ["Sodium", "Platform", "Age", "Shares", "Transparency", "Record", "Publishing"]),
    .target(
      name: "Commands",
      dependencies: [
        "Sodium", "Platform", "Age", "Shares", "Record", "Publishing", "TestimonyVault",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Catalogue/Languages"]),
    .executableTarget(name: "testimony", dependencies: ["Commands"]),
    // What the benchmark measures the index against; not part of the product.
    .executableTarget(
      name: "decapsulations", dependencies: ["Age", "Platform", "Sodium"], path: "Benchmarks/decapsulations"),

    .testTarget(name: "SodiumTests", dependencies: ["Sodium"]),
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "Sodium"]),
    .testTarget(name: "AgeTests", dependencies: ["Age", "Sodium"]),
    .testTarget(name: "SharesTests", dependencies: ["Shares", "Sodium"]),
    .testTarget(name: "TransparencyTests", dependencies: ["Transparency", "Sodium"], exclude: ["independent.py"]),
    .testTarget(name: "RecordTests", dependencies: ["Record", "Sodium", "Transparency"]),
    .testTarget(name: "PublishingTests", dependencies: ["Publishing", "Record", "Sodium"]),
    .testTarget(
      name: "TestimonyVaultTests",
      dependencies: ["TestimonyVault", "Age", "Platform", "Publishing", "Record", "Shares", "Sodium"],
      exclude: ["opener.py"]),
    .testTarget(name: "CommandsTests", dependencies: ["Commands", "testimony"], exclude: ["Scripts"]),
    .testTarget(name: "DocumentTests", dependencies: ["testimony"], exclude: ["answer.py", "reader.py"]),
    .testTarget(name: "ArchitectureTests"),
  ]
)

// One policy for every target. Warnings as errors belongs to Scripts/check.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"), .strictMemorySafety(),
]
for target in package.targets where target.type != .system {
  target.swiftSettings = strict + (target.swiftSettings ?? [])
}
