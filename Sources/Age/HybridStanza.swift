import Crypto
import Sodium

/// The `mlkem768x25519` stanza (c2sp.org/age, "The MLKEM768-X25519 hybrid post-quantum recipient type"):
/// HPKE (RFC 9180) base mode with X-Wing, from swift-crypto.
///
/// swift-crypto takes and gives `Data` and keys of its own: the seed and the file key pass through ordinary memory
/// for the length of one call here. Our copies are wiped; those inside its key objects and BoringSSL are freed by them.
enum HybridStanza {
  static let encapsulatedSize = 1120, publicKeySize = 1216, seedSize = 32
  private static let info = Array("age-encryption.org/mlkem768x25519".utf8)
  private static let suite = HPKE.Ciphersuite(kem: .XWingMLKEM768X25519, kdf: .HKDF_SHA256, aead: .chaChaPoly)

  /// The public key of a seed, 1216 bytes.
  static func publicKey(seed: borrowing Secret) -> [UInt8] {
    guard let key = privateKey(seed: seed) else { preconditionFailure("every seed of 32 bytes is a key") }
    return Array(key.publicKey.rawRepresentation)
  }

  /// Whether the bytes are a public key: an ML-KEM key in canonical form and a point that is not of low order.
  /// swift-crypto looks at no more than the size until it encapsulates; so this does.
  static func isPublicKey(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == publicKeySize, !isLowOrder(bytes.suffix(X25519.pointSize)) else { return false }
    return (try? XWingMLKEM768X25519.PublicKey(rawRepresentation: bytes).encapsulate()) != nil
  }

  static func wrap(_ fileKey: borrowing FileKey, to publicKey: [UInt8]) throws(AgeError) -> Stanza {
    var plaintext = fileKey.secret.bytes.copy()
    defer { wipe(&plaintext) }
    do {
      let key = try XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey)
      var sender = try HPKE.Sender(recipientKey: key, ciphersuite: suite, info: collected(info))
      let body = try sender.seal(plaintext)
      let encapsulated = Array(sender.encapsulatedKey)
      let argument = String(decoding: Base64.encode(encapsulated.span, padded: false), as: UTF8.self)
      return Stanza(
        type: AgeError.StanzaKind.mlkem768x25519.rawValue, arguments: [argument], body: Array(body))
    } catch {
      throw .unusableRecipient
    }
  }

  /// Nil: not a stanza of this type, or another's. Refused: arguments, encapsulation or body of the wrong form, and
  /// an X25519 share of low order.
  static func unwrap(_ stanza: Stanza, seed: borrowing Secret) throws(AgeError) -> FileKey? {
    guard stanza.type == AgeError.StanzaKind.mlkem768x25519.rawValue else { return nil }
    guard stanza.arguments.count == 1, stanza.body.count == FileKey.wrappedSize,
      let encapsulated = Base64.decode(Array(stanza.arguments[0].utf8).span, padded: false),
      encapsulated.count == encapsulatedSize, !isLowOrder(encapsulated.suffix(X25519.pointSize)),
      let key = privateKey(seed: seed)
    else { throw .malformedStanza(.mlkem768x25519) }
    // A failure from here on is another's stanza: with X-Wing a foreign encapsulation gives a secret that opens nothing.
    guard
      var recipient = try? HPKE.Recipient(
        privateKey: key, ciphersuite: suite, info: collected(info), encapsulatedKey: collected(encapsulated)),
      var plaintext = try? recipient.open(stanza.body)
    else { return nil }
    defer { wipe(&plaintext) }
    var bytes = Array(plaintext)
    defer { wipe(&bytes) }
    guard bytes.count == FileKey.size else { throw .malformedStanza(.mlkem768x25519) }
    return FileKey(Secret(copying: bytes.span))
  }

  private static func privateKey(seed: borrowing Secret) -> XWingMLKEM768X25519.PrivateKey? {
    var bytes = seed.bytes.copy()
    defer { wipe(&bytes) }
    return try? XWingMLKEM768X25519.PrivateKey(seedRepresentation: bytes, publicKey: nil)
  }

  /// Any scalar takes a point of low order to zero, so any scalar finds it.
  private static func isLowOrder(_ point: ArraySlice<UInt8>) -> Bool {
    let scalar = Secret(count: X25519.scalarSize) { $0[0] = 8 }
    return X25519.sharedSecret(scalar: scalar, point: Array(point).span) == nil
  }

  /// The bytes in the collection swift-crypto asks for (`Data`), without importing Foundation for its name.
  private static func collected<Bytes: RangeReplaceableCollection<UInt8>>(_ bytes: [UInt8]) -> Bytes {
    Bytes(bytes)
  }

  private static func wipe(_ bytes: inout some MutableCollection<UInt8>) {
    for index in bytes.indices { bytes[index] = 0 }
  }
}
