public import Sodium

/// A known key that signs notes: a name and an Ed25519 key (c2sp.org/signed-note, signature type 0x01).
public struct NoteVerifier: Hashable, Sendable {
  /// The key's name, as it stands in the signature line.
  public let name: String
  public let key: VerifyingKey
  /// The first 4 bytes of SHA-256 over name, newline, 0x01 and the key's 32 bytes.
  public let keyID: [UInt8]

  /// Throws `malformedName` where no signature line could carry `name`.
  public init(name: String, key: VerifyingKey) throws(NoteError) {
    guard NoteSignature.isName(name) else { throw .malformedName }
    self.name = name
    self.key = key
    keyID = Array(SHA256Hash(of: Array(name.utf8) + [0x0A, 0x01] + key.bytes).bytes.prefix(4))
  }

  /// Whether `signature` names this key. An id is 4 bytes, so two keys of one name can be made to share it.
  func isNamed(by signature: NoteSignature) -> Bool {
    signature.keyID == keyID && signature.name.utf8.elementsEqual(name.utf8)
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.key == right.key && left.name.utf8.elementsEqual(right.name.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    hasher.combine(keyID)
  }
}
