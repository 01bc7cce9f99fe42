import Sodium

/// A public key of one of the native kinds: `age1…` or `age1pq1…`.
public struct NativeRecipient: Recipient, Hashable, CustomStringConvertible {
  /// Which kind of key it is.
  public let kind: KeyKind
  /// The key in Bech32, lower case.
  public let text: String
  /// The raw public key: 32 bytes (classic) or 1216 (hybrid).
  public let publicKey: [UInt8]

  /// Reads a recipient from its text, without spaces or line end.
  ///
  /// Refused: upper or mixed case, a wrong checksum, another prefix, a key of the wrong size, and a public key that is
  /// no key: a point of low order, an ML-KEM key not in canonical form.
  public init(parsing text: String) throws(AgeError) {
    let (prefix, letters, data) = try Bech32.decode(Array(text.utf8).span)
    guard letters == .lower, let kind = KeyKind.all.first(where: { $0.recipientPrefix == prefix }) else {
      throw .unknownRecipient
    }
    guard data.count == kind.publicKeySize, Self.isUsable(data, kind) else { throw .unusableRecipient }
    self.kind = kind
    self.text = text
    publicKey = data
  }

  /// The recipient of a public key that is known to be one.
  init(_ kind: KeyKind, publicKey: [UInt8]) {
    self.kind = kind
    self.publicKey = publicKey
    let prefix = kind.recipientPrefix
    var text = [UInt8](repeating: 0, count: Bech32.textCount(prefix: prefix, count: publicKey.count))
    var span = text.mutableSpan
    Bech32.encode(prefix: prefix, publicKey.span, case: .lower, into: &span)
    self.text = String(decoding: text, as: UTF8.self)
  }

  public var description: String { text }

  public var company: Company { kind == .hybrid ? .postQuantum : .classic }

  public func wrap(_ fileKey: borrowing FileKey) throws(AgeError) -> [Stanza] {
    switch kind {
    case .classic: [try X25519Stanza.wrap(fileKey, to: publicKey)]
    case .hybrid: [try HybridStanza.wrap(fileKey, to: publicKey)]
    }
  }

  private static func isUsable(_ key: [UInt8], _ kind: KeyKind) -> Bool {
    switch kind {
    case .classic: X25519.sharedSecret(scalar: Secret(count: 32) { $0[0] = 8 }, point: key.span) != nil
    case .hybrid: HybridStanza.isPublicKey(key)
    }
  }
}
