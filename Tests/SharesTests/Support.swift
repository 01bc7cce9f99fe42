import Foundation
import Shares
import Sodium

/// The published vectors: in $TESTIMONY_VECTORS, or in `../shared/vectors` beside the package, or where `Scripts/setup`
/// puts them.
enum VectorFile {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folders =
    [ProcessInfo.processInfo.environment["TESTIMONY_VECTORS"]].compactMap { $0 }
    + [
      package.deletingLastPathComponent().appendingPathComponent("shared/vectors").path,
      package.appendingPathComponent(".build/vectors").path,
    ]

  static func read(_ name: String) -> Data? {
    folders.lazy.compactMap { FileManager.default.contents(atPath: "\($0)/\(name)") }.first
  }

  static func reportMissing(_ name: String, count: Int) {
    print("!!! SKIPPED: \(count) vectors: no \(name) in \(folders.joined(separator: ", ")); set TESTIMONY_VECTORS")
  }
}

extension Mnemonic {
  /// A share from words that are no secret.
  static func of(_ words: String) throws -> Mnemonic {
    let bytes = Array(words.utf8)
    return try Mnemonic(parsing: bytes.span)
  }

  /// Its words, for a test.
  var words: String { String(decoding: encoded().bytes.copy(), as: UTF8.self) }
}

extension Secret {
  init(_ bytes: [UInt8]) { self.init(copying: bytes.span) }
  init(_ text: String) { self.init(Array(text.utf8)) }
}

/// Every choice of `count` of the elements, in order.
func choices<T>(_ elements: [T], _ count: Int) -> [[T]] {
  guard count > 0 else { return [[]] }
  return elements.indices.flatMap { index in
    choices(Array(elements[(index + 1)...]), count - 1).map { [elements[index]] + $0 }
  }
}

/// What was thrown, or nil.
func failure(_ body: () throws -> Void) -> ShareError? {
  do {
    try body()
    return nil
  } catch { return error as? ShareError }
}

/// The Python of $TESTIMONY_PYTHON, or any.
enum Python {
  struct Failed: Error { let status: Int32 }

  static let path = ProcessInfo.processInfo.environment["TESTIMONY_PYTHON"].map { "\($0)/bin/python3" } ?? "python3"

  /// What the script prints, given `input`.
  static func run(_ script: String, input: Data = Data()) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [path, "-c", script]
    let standardInput = Pipe()
    let standardOutput = Pipe()
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    process.standardError = FileHandle.nullDevice
    try process.run()
    DispatchQueue.global().async {
      try? standardInput.fileHandleForWriting.write(contentsOf: input)
      try? standardInput.fileHandleForWriting.close()
    }
    let output = standardOutput.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    return output
  }
}
