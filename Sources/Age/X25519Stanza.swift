import Sodium

/// The `X25519` stanza (c2sp.org/age, "The X25519 recipient type").
enum X25519Stanza {
  private static let info = Array("age-encryption.org/v1/X25519".utf8)

  static func wrap(_ fileKey: borrowing FileKey, to point: [UInt8]) throws(AgeError) -> Stanza {
    let ephemeral = Secret.random(count: X25519.scalarSize)
    let share = X25519.publicKey(ephemeral)
    guard let shared = X25519.sharedSecret(scalar: ephemeral, point: point.span) else {
      throw .unusableRecipient
    }
    let wrapKey = HKDFSHA256.derive(secret: shared, salt: share + point, info: info, count: 32)
    let argument = String(decoding: Base64.encode(share.span, padded: false), as: UTF8.self)
    return Stanza(
      type: AgeError.StanzaKind.x25519.rawValue, arguments: [argument], body: fileKey.wrapped(under: wrapKey))
  }

  /// Nil: not a stanza of this type, or another's. Refused: arguments, share or body of the wrong form, and a share
  /// of low order.
  static func unwrap(_ stanza: Stanza, scalar: borrowing Secret, point: [UInt8]) throws(AgeError) -> FileKey? {
    guard stanza.type == AgeError.StanzaKind.x25519.rawValue else { return nil }
    guard stanza.arguments.count == 1, stanza.body.count == FileKey.wrappedSize,
      let share = Base64.decode(Array(stanza.arguments[0].utf8).span, padded: false), share.count == X25519.pointSize,
      let shared = X25519.sharedSecret(scalar: scalar, point: share.span)
    else { throw .malformedStanza(.x25519) }
    let wrapKey = HKDFSHA256.derive(secret: shared, salt: share + point, info: info, count: 32)
    return FileKey.unwrapped(stanza.body, under: wrapKey)
  }
}
