import Crypto

/// A SHA-256 hash (FIPS 180-4), 32 bytes. Ordered by its bytes; described by 64 lower-case hex digits.
public struct SHA256Hash: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The size of a hash in bytes.
  public static let size = 32

  /// The 32 bytes as four big-endian words: a hash takes no memory of its own, and there are many of them.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The 32 bytes.
  public var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.size)
    Self.put(words.0, at: 0, in: &bytes)
    Self.put(words.1, at: 8, in: &bytes)
    Self.put(words.2, at: 16, in: &bytes)
    Self.put(words.3, at: 24, in: &bytes)
    return bytes
  }

  /// A hash from its 32 bytes; any other count is refused.
  public init?(bytes: [UInt8]) { self.init(bytes.span) }

  /// A hash from its 32 bytes; any other count is refused.
  public init?(_ bytes: Span<UInt8>) {
    guard bytes.count == Self.size else { return nil }
    words = (Self.word(bytes, 0), Self.word(bytes, 8), Self.word(bytes, 16), Self.word(bytes, 24))
  }

  private static func put(_ word: UInt64, at start: Int, in bytes: inout [UInt8]) {
    for index in 0..<8 { bytes[start + index] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * index)) }
  }

  private static func word(_ bytes: Span<UInt8>, _ start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<start + 8 { word = word << 8 | UInt64(bytes[index]) }
    return word
  }

  /// A hash from exactly 64 lower-case hex digits; anything else is refused, upper case too.
  public init?(hex: some Sequence<UInt8>) {
    guard let bytes = Hex.decode(Array(hex)) else { return nil }
    self.init(bytes: bytes)
  }

  /// A hash from exactly 64 lower-case hex digits; anything else is refused, upper case too. For names in great number.
  public init?(hexDigits digits: Span<UInt8>) {
    guard digits.count == 2 * Self.size, let first = Self.word(hexDigits: digits, 0),
      let second = Self.word(hexDigits: digits, 16), let third = Self.word(hexDigits: digits, 32),
      let fourth = Self.word(hexDigits: digits, 48)
    else { return nil }
    words = (first, second, third, fourth)
  }

  private static func word(hexDigits digits: Span<UInt8>, _ start: Int) -> UInt64? {
    var word: UInt64 = 0
    for index in start..<start + 16 {
      switch digits[index] {
      case let digit where digit &- 0x30 < 10: word = word << 4 | UInt64(digit - 0x30)
      case let digit where digit &- 0x61 < 6: word = word << 4 | UInt64(digit - 0x61 + 10)
      default: return nil
      }
    }
    return word
  }

  /// A hash from exactly 64 lower-case hex digits; anything else is refused, upper case too.
  public init?(hex: some StringProtocol) { self.init(hex: hex.utf8) }

  /// The hash of `message`.
  public init(of message: Span<UInt8>) {
    var hasher = SHA256Hasher()
    hasher.update(message)
    self = hasher.finalize()
  }

  /// The hash of `message`.
  public init(of message: [UInt8]) { self.init(of: message.span) }

  fileprivate init(_ digest: SHA256.Digest) {
    let bytes = Array(digest)
    let span = bytes.span
    words = (Self.word(span, 0), Self.word(span, 8), Self.word(span, 16), Self.word(span, 24))
  }

  /// The first of the 32 bytes.
  public var firstByte: UInt8 { UInt8(words.0 >> 56) }

  public var description: String { Hex.encode(bytes) }

  public static func == (left: SHA256Hash, right: SHA256Hash) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  public static func < (left: SHA256Hash, right: SHA256Hash) -> Bool {
    left.words < right.words
  }
}

/// SHA-256 over bytes that come in pieces. swift-crypto's, which uses the processor's instructions where
/// they are (five times libsodium's speed).
public struct SHA256Hasher: Sendable {
  private var state = SHA256()

  /// A hasher that has seen nothing.
  public init() {}

  /// Adds the next piece.
  public mutating func update(_ piece: Span<UInt8>) {
    unsafe piece.withUnsafeBufferPointer { unsafe state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }

  /// The hash of all pieces so far.
  public func finalize() -> SHA256Hash { SHA256Hash(state.finalize()) }
}
