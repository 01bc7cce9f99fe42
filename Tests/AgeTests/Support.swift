import Foundation
import Sodium

/// The folder of test vectors: $TESTIMONY_VECTORS, or `../shared/vectors` beside the package.
enum VectorFolder {
  static let root: String =
    ProcessInfo.processInfo.environment["TESTIMONY_VECTORS"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/vectors").path

  static func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(name)") }

  static func files(_ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(name)")) ?? []).sorted()
  }

  static func read(_ name: String, _ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)/\(file)")))
  }

  static func reportMissing(_ name: String, count: Int) {
    print("!!! SKIPPED: \(count) vectors: no folder \(root)/\(name); set TESTIMONY_VECTORS")
  }
}

/// Bytes for a stream's `reading`.
enum Feed {
  static func fill(_ span: inout MutableSpan<UInt8>, from bytes: [UInt8], at position: inout Int) -> Int {
    let count = min(span.count, bytes.count - position)
    span.copy(bytes.span.extracting(position..<position + count))
    position += count
    return count
  }
}

/// Numbers that are the same in every run (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { unsafe withUnsafeBytes(of: next()) { unsafe bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
  }
}

/// A program run with input and output.
enum Tool {
  struct Failed: Error { let status: Int32; let output: String }

  static let pythonPath: String =
    ProcessInfo.processInfo.environment["TESTIMONY_PYTHON"].map { "\($0)/bin/python3" } ?? "python3"

  static func python(_ script: String, _ arguments: [String] = [], input: [UInt8] = []) throws -> [UInt8] {
    try run([pythonPath, "-c", script] + arguments, input: input)
  }

  static func run(_ command: [String], input: [UInt8] = []) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (standardInput, standardOutput) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    process.standardError = FileHandle.nullDevice
    try process.run()
    DispatchQueue.global().async {
      try? standardInput.fileHandleForWriting.write(contentsOf: Data(input))
      try? standardInput.fileHandleForWriting.close()
    }
    let output = Array(standardOutput.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(
        status: process.terminationStatus, output: String(decoding: output.prefix(200), as: UTF8.self))
    }
    return output
  }

  static func exists(_ name: String) -> Bool { (try? run(["sh", "-c", "command -v \(name)"])) != nil }
}
