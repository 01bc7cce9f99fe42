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
func failure<T: ~Copyable>(_ body: () throws -> T) -> ShareError? {
  do {
    _ = try body()
    return nil
  } catch { return error as? ShareError }
}
