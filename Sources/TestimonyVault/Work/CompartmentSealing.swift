import Age
import Record
import Sodium

// Sealing one compartment to its layer's key, and committing to it and to its attachments.
extension RecordSealing {
  func compartment(
    _ record: SHA256Hash, _ version: Int, _ layer: Layer, _ fields: JSON, _ attachments: [Attachment],
    _ identityObjects: [SHA256Hash]
  ) -> Compartment {
    Compartment(
      vault: vault, record: record, version: version, layer: layer, fields: fields, attachments: attachments,
      identityObjects: identityObjects)
  }

  func seal(_ compartment: Compartment, to layer: NativeIdentity) throws -> (SHA256Hash, SHA256Hash) {
    let json = compartment.json
    var bytes = json.printed()
    // What could not be read back is not sealed.
    guard bytes.count <= VaultFolder.textLimit, json.isReadable else { throw VaultError.unreadable }
    let content = CommittedContent(length: UInt64(bytes.count), content: SHA256Hash(of: bytes))
    let size: Int
    if compartment.layer == .identity {
      guard bytes.count <= Self.identitySize else { throw VaultError.identityTooLong(bytes.count) }
      size = Self.identitySize
    } else {
      size = SizeClass.text.padded(bytes.count)
    }
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: size - bytes.count)
    let object = try commit.stage(.sealed, AgeFile.seal(bytes.span, to: [layer.recipient]))
    let kind = CommittedKind(compartment.layer)
    let commitment = layer.withSecretBytes { secret in
      let salt = Commitment.salt(layerSecret: secret, kind: kind, index: 0)
      return Commitment.to(
        kind: kind, record: compartment.record, version: compartment.version, index: 0, length: content.length,
        content: content.content, salt: salt)
    }
    return (object.hash, commitment)
  }

  /// An identity's compartment is of one size, in bytes, always (PROTOCOL, general).
  static let identitySize = 16 << 10

  func root(
    _ files: [Attachment], _ kind: CommittedKind, _ record: SHA256Hash, _ version: Int, _ layer: NativeIdentity
  ) -> SHA256Hash {
    layer.withSecretBytes { secret in
      AttachmentTree.root(
        files.map(\.committed), kind: kind, record: record, version: version, layerSecret: secret)
    }
  }
}
