public import Sodium

/// The 16-byte key of one file, wrapped for each recipient and used for nothing but that file.
public struct FileKey: ~Copyable, Sendable {
  /// The size in bytes.
  public static let size = 16

  /// The 16 bytes.
  public let secret: Secret

  /// A file key from its 16 bytes.
  public init(_ secret: consuming Secret) {
    precondition(secret.count == Self.size, "a file key has 16 bytes")
    self.secret = secret
  }

  /// A new random file key.
  static func random() -> FileKey { FileKey(.random(count: size)) }

  /// The MAC of a header under this key (c2sp.org/age, "Header MAC").
  borrowing func headerCode(of bytes: [UInt8]) -> [UInt8] {
    let key = HKDFSHA256.derive(secret: secret, salt: [], info: Array("header".utf8), count: 32)
    return HMACSHA256.code(key: key.bytes, message: bytes.span)
  }

  /// The key of the payload behind `nonce` (c2sp.org/age, "Payload").
  borrowing func payloadKey(nonce: [UInt8]) -> Secret {
    HKDFSHA256.derive(secret: secret, salt: nonce, info: Array("payload".utf8), count: 32)
  }

  /// The body of a stanza: this key under a wrap key that is used once, so the nonce is zero.
  borrowing func wrapped(under wrapKey: borrowing Secret) -> [UInt8] {
    var body = [UInt8](repeating: 0, count: Self.wrappedSize)
    var span = body.mutableSpan
    ChaChaPoly.seal(secret.bytes, into: &span, key: wrapKey, nonce: Self.zeroNonce.span)
    return body
  }

  /// The file key in a stanza's body of `wrappedSize` bytes; nil if the wrap key is another one.
  static func unwrapped(_ body: [UInt8], under wrapKey: borrowing Secret) -> FileKey? {
    var isAuthentic = false
    let key = Secret(count: size) {
      isAuthentic = ChaChaPoly.open(body.span, into: &$0, key: wrapKey, nonce: zeroNonce.span)
    }
    guard isAuthentic else { return nil }
    return FileKey(key)
  }

  /// The size of a wrapped file key. Checked before opening, against partitioning oracles.
  static let wrappedSize = size + ChaChaPoly.tagSize
  private static let zeroNonce = [UInt8](repeating: 0, count: ChaChaPoly.nonceSize)
}
