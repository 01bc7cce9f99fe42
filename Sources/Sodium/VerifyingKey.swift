import CSodium

/// An Ed25519 public key (RFC 8032), 32 bytes.
public struct VerifyingKey: Hashable, Sendable {
  /// Sizes in bytes.
  public static let size = 32, signatureSize = 64

  /// The 32 bytes.
  public let bytes: [UInt8]

  /// A key from its 32 bytes. Nil: another count, not a canonical point, or a point outside the main subgroup.
  public init?(bytes: [UInt8]) {
    Library.prepare()
    guard bytes.count == Self.size, unsafe crypto_core_ed25519_is_valid_point(bytes) == 1 else { return nil }
    self.bytes = bytes
  }

  /// Whether `signature` (64 bytes; any other count is false) is this key's for exactly `message`.
  public func verifies(_ signature: [UInt8], of message: Span<UInt8>) -> Bool {
    guard signature.count == Self.signatureSize else { return false }
    return unsafe message.withPointer {
      unsafe crypto_sign_verify_detached(signature, $0, UInt64(message.count), bytes) == 0
    }
  }
}
