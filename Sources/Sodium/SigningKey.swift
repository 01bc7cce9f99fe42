import CSodium

/// An Ed25519 private key (RFC 8032), kept as its 32-byte seed.
public final class SigningKey: Sendable {
  /// The size of a seed in bytes.
  public static let seedSize = 32

  /// The public key that verifies what this key signs.
  public let verifyingKey: VerifyingKey
  private let seed: Secret
  /// libsodium's own form, seed and public key, so that signing does not derive it each time.
  private let expanded: Secret

  /// A key from its seed, 32 bytes.
  public init(seed: consuming Secret) {
    precondition(seed.count == Self.seedSize, "a seed has 32 bytes")
    var point = [UInt8](repeating: 0, count: VerifyingKey.size)
    expanded = Secret(count: 64) { expanded in
      let status = unsafe expanded.withMutablePointer { expanded in
        unsafe seed.bytes.withPointer { unsafe crypto_sign_seed_keypair(&point, expanded, $0) }
      }
      precondition(status == 0, "deriving a key does not fail")
    }
    guard let key = VerifyingKey(bytes: point) else { preconditionFailure("a derived key is a valid point") }
    verifyingKey = key
    self.seed = seed
  }

  /// A new random key.
  public static func generate() -> SigningKey { SigningKey(seed: .random(count: seedSize)) }

  /// The signature of `message`, 64 bytes.
  public func sign(_ message: Span<UInt8>) -> [UInt8] { Self.sign(message, with: expanded) }

  /// Lends the seed: for keeping the key, and for nothing else.
  public func withSeed<R: ~Copyable, E>(_ body: (borrowing Secret) throws(E) -> R) throws(E) -> R {
    try body(seed)
  }

  private static func sign(_ message: Span<UInt8>, with expanded: borrowing Secret) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: VerifyingKey.signatureSize)
    let status = unsafe expanded.bytes.withPointer { key in
      unsafe message.withPointer {
        unsafe crypto_sign_detached(&signature, nil, $0, UInt64(message.count), key)
      }
    }
    precondition(status == 0, "signing does not fail")
    return signature
  }
}
