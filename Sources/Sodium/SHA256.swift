import Crypto

/// A SHA-256 hash (FIPS 180-4), 32 bytes. Ordered by its bytes; described by 64 lower-case hex digits.
public struct SHA256Hash: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The size of a hash in bytes.
  public static let size = 32

  /// The 32 bytes.
  public let bytes: [UInt8]

  /// A hash from its 32 bytes; any other count is refused.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.size else { return nil }
    self.bytes = bytes
  }

  /// A hash from exactly 64 lower-case hex digits; anything else is refused, upper case too.
  public init?(hex: some Sequence<UInt8>) {
    guard let bytes = Hex.decode(Array(hex)) else { return nil }
    self.init(bytes: bytes)
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

  fileprivate init(_ digest: SHA256.Digest) { bytes = Array(digest) }

  public var description: String { Hex.encode(bytes) }

  public static func < (left: SHA256Hash, right: SHA256Hash) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// SHA-256 over bytes that come in pieces. swift-crypto's, which uses the processor's instructions where
/// they are (five times libsodium's speed).
public struct SHA256Hasher {
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
