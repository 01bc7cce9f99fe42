/// One member's header in a ustar archive (POSIX.1-2017, pax, "ustar Interchange Format"), as far as drops need it: regular
/// files and folders with short names, at most 8 GiB less a byte.
public struct UstarHeader: Equatable, Sendable {
  public enum Kind: Sendable { case file, folder, other }

  /// The name's bytes, with the prefix in front of it where there is one.
  public let name: [UInt8]
  public let kind: Kind
  /// Bytes of content behind the header; padded to whole blocks.
  public let size: UInt64

  public static let blockSize = 512
  /// 2000-01-01T00:00:00Z, as of every file.
  private static let time: UInt64 = 946_684_800
  private static let longestName = 100

  /// Nil where the name or the size does not fit.
  public init?(file name: [UInt8], size: UInt64) {
    guard (1...Self.longestName).contains(name.count), !name.contains(0), size < 1 << 33 else { return nil }
    self.name = name
    self.kind = .file
    self.size = size
  }

  /// Bytes of zeros behind the content.
  public var padding: Int { Int((512 - size % 512) % 512) }

  public var encoded: [UInt8] {
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
    }
    put(name, at: 0)
    put(Self.octal(0o600, digits: 7), at: 100)
    put(Self.octal(0, digits: 7), at: 108)
    put(Self.octal(0, digits: 7), at: 116)
    put(Self.octal(size, digits: 11), at: 124)
    put(Self.octal(Self.time, digits: 11), at: 136)
    put("0".utf8, at: 156)
    put("ustar".utf8, at: 257)
    put("00".utf8, at: 263)
    let sum = Self.checksum(block)
    put(Self.octal(UInt64(sum), digits: 6), at: 148)
    block[154] = 0
    block[155] = UInt8(ascii: " ")
    return block
  }

  /// Reads one block. Nil where it is no ustar header: another magic, a wrong checksum, a number that is none.
  public init?(parsing block: Span<UInt8>) {
    guard block.count == Self.blockSize else { return nil }
    let bytes = (0..<Self.blockSize).map { block[$0] }
    guard bytes[257..<262].elementsEqual("ustar".utf8), let sum = Self.number(bytes[148..<156]),
      sum == UInt64(Self.checksum(bytes)), let size = Self.number(bytes[124..<136]), size < 1 << 33
    else { return nil }
    let prefix = Self.text(bytes[345..<500])
    name = (prefix.isEmpty ? [] : prefix + [UInt8(ascii: "/")]) + Self.text(bytes[0..<100])
    switch bytes[156] {
    case UInt8(ascii: "0"), 0: kind = .file
    case UInt8(ascii: "5"): kind = .folder
    default: kind = .other
    }
    self.size = size
  }

  /// Whether a block is one of the two of zeros that end an archive.
  public static func isEnd(_ block: Span<UInt8>) -> Bool { block.indices.allSatisfy { block[$0] == 0 } }

  private static func text(_ bytes: ArraySlice<UInt8>) -> [UInt8] { Array(bytes.prefix { $0 != 0 }) }

  private static func octal(_ value: UInt64, digits: Int) -> [UInt8] {
    (0..<digits).reversed().map { UInt8(ascii: "0") + UInt8(value >> UInt64(3 * $0) & 7) }
  }

  private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
    guard !digits.isEmpty, digits.count <= 12 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard UInt8(ascii: "0")...UInt8(ascii: "7") ~= digit else { return nil }
      value = value << 3 | UInt64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// The sum of all bytes, those of the checksum taken as spaces.
  private static func checksum(_ block: [UInt8]) -> Int {
    block.indices.reduce(0) { $0 + (148..<156 ~= $1 ? 32 : Int(block[$1])) }
  }
}
