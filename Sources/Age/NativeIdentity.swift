public import Sodium

/// A private key of one of the native kinds: `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`.
public final class NativeIdentity: Identity {
  /// Which kind of key it is.
  public let kind: KeyKind
  /// The recipient whose files this identity opens.
  public let recipient: NativeRecipient
  private let secret: Secret

  /// The size of the raw secret in bytes, for both kinds.
  public static let secretSize = 32

  /// An identity from its raw 32 bytes: the X25519 scalar, or the X-Wing seed.
  public init(kind: KeyKind, secretBytes: borrowing Secret) {
    precondition(secretBytes.count == Self.secretSize, "a secret key has 32 bytes")
    self.kind = kind
    secret = secretBytes.clone()
    let publicKey =
      switch kind {
      case .classic: X25519.publicKey(secretBytes)
      case .hybrid: HybridStanza.publicKey(seed: secretBytes)
      }
    recipient = NativeRecipient(kind, publicKey: publicKey)
  }

  /// A new random identity.
  public static func generate(_ kind: KeyKind) -> NativeIdentity {
    NativeIdentity(kind: kind, secretBytes: .random(count: secretSize))
  }

  /// Reads an identity from its line, without spaces or line end.
  ///
  /// Refused: lower or mixed case, a wrong checksum, another prefix or size.
  public convenience init(parsing line: borrowing Secret) throws(AgeError) {
    try self.init(parsing: line.bytes)
  }

  convenience init(parsing line: Span<UInt8>) throws(AgeError) {
    let kind = line.count > 15 && line[15] == UInt8(ascii: "P") ? KeyKind.hybrid : .classic
    let secret = try Bech32.decodeSecret(line, prefix: kind.identityPrefix, case: .upper)
    guard secret.count == Self.secretSize else { throw .unknownIdentity }
    self.init(kind: kind, secretBytes: secret)
  }

  /// The identity in Bech32, upper case, without a line end. It goes from guarded memory to guarded memory.
  public func encoded() -> Secret {
    let prefix = kind.identityPrefix
    return Secret(count: Bech32.textCount(prefix: prefix, count: Self.secretSize)) { text in
      withSecretBytes { Bech32.encode(prefix: prefix, $0.bytes, case: .upper, into: &text) }
    }
  }

  /// Lends the raw 32 bytes: the X25519 scalar, or the X-Wing seed.
  public func withSecretBytes<R: ~Copyable, E>(_ body: (borrowing Secret) throws(E) -> R) throws(E) -> R {
    try body(secret)
  }

  public func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey? {
    for stanza in stanzas {
      let fileKey: FileKey? =
        switch kind {
        case .classic: try X25519Stanza.unwrap(stanza, scalar: secret, point: recipient.publicKey)
        case .hybrid: try HybridStanza.unwrap(stanza, seed: secret)
        }
      if let fileKey { return fileKey }
    }
    return nil
  }
}
