import Record
import Sodium

/// Writes the numbers of an index: big-endian, of fixed size.
struct IndexWriter {
  private(set) var output: [UInt8] = []

  var count: Int { output.count }

  mutating func byte(_ value: UInt8) { output.append(value) }

  mutating func int32(_ value: Int) {
    precondition((0...Int(UInt32.max)).contains(value), "an index of that size cannot be")
    number(UInt64(value), bytes: 4)
  }

  mutating func int64(_ value: Int64) { number(UInt64(bitPattern: value), bytes: 8) }

  mutating func hash(_ hash: SHA256Hash) { output += hash.bytes }

  mutating func bytes(_ bytes: [UInt8]) { output += bytes }

  /// A text behind its length in bytes. Words of types and circles may be anybody's, and of any length.
  mutating func text(_ text: String) {
    int32(text.utf8.count)
    output += text.utf8
  }

  private mutating func number(_ value: UInt64, bytes: Int) {
    for index in (0..<bytes).reversed() { output.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}

/// Reads what `IndexWriter` wrote. A span cannot be kept, so each function is handed it.
struct IndexReader {
  let section: IndexSection
  private(set) var offset = 0

  init(_ section: IndexSection) { self.section = section }

  var fault: IndexFault { .layout(section) }

  mutating func byte(_ bytes: Span<UInt8>) throws(IndexFault) -> UInt8 {
    guard offset < bytes.count else { throw fault }
    offset += 1
    return bytes[offset - 1]
  }

  mutating func int32(_ bytes: Span<UInt8>) throws(IndexFault) -> Int { Int(try number(bytes, size: 4)) }

  mutating func int64(_ bytes: Span<UInt8>) throws(IndexFault) -> Int64 {
    Int64(bitPattern: try number(bytes, size: 8))
  }

  mutating func hash(_ bytes: Span<UInt8>) throws(IndexFault) -> SHA256Hash {
    guard let hash = SHA256Hash(bytes.extracting(try range(bytes, SHA256Hash.size))) else { throw fault }
    return hash
  }

  mutating func bytes(_ bytes: Span<UInt8>, count: Int) throws(IndexFault) -> [UInt8] {
    bytes.extracting(try range(bytes, count)).copy()
  }

  mutating func text(_ bytes: Span<UInt8>) throws(IndexFault) -> String {
    let count = try int32(bytes)
    guard let text = String(validating: try self.bytes(bytes, count: count), as: UTF8.self) else { throw fault }
    return text
  }

  /// How many rows of at least `size` bytes follow: a count that the bytes cannot hold is refused before room is made.
  mutating func count(_ bytes: Span<UInt8>, rowsOf size: Int) throws(IndexFault) -> Int {
    let count = try int32(bytes)
    guard count <= (bytes.count - offset) / size else { throw fault }
    return count
  }

  private static let layerSets = (0..<1 << Layer.allCases.count).map { bits in
    Layer.allCases.enumerated().filter { bits & 1 << $0.offset != 0 }.map(\.element)
  }

  /// A bit for each layer.
  mutating func layers(_ bytes: Span<UInt8>) throws(IndexFault) -> [Layer] {
    let bits = Int(try byte(bytes))
    guard bits < Self.layerSets.count else { throw fault }
    return Self.layerSets[bits]
  }

  mutating func flag(_ bytes: Span<UInt8>) throws(IndexFault) -> Bool {
    switch try byte(bytes) {
    case 0: return false
    case 1: return true
    default: throw fault
    }
  }

  /// Nothing may follow.
  func end(_ bytes: Span<UInt8>) throws(IndexFault) {
    guard offset == bytes.count else { throw fault }
  }

  private mutating func range(_ bytes: Span<UInt8>, _ count: Int) throws(IndexFault) -> Range<Int> {
    guard count <= bytes.count - offset else { throw fault }
    offset += count
    return offset - count..<offset
  }

  private mutating func number(_ bytes: Span<UInt8>, size: Int) throws(IndexFault) -> UInt64 {
    var value: UInt64 = 0
    let range = try range(bytes, size)
    for index in range { value = value << 8 | UInt64(bytes[index]) }
    return value
  }
}
