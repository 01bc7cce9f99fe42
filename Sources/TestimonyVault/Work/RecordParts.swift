import Age
import Platform
import Record
import Sodium

/// Seals what one version of a record consists of: three compartments and all attachments, each to the key of its layer,
/// and commits to them. Dummies stand where nothing was given, sealed the same way.
struct RecordParts: Sendable {
  let vault: SHA256Hash
  let kind: KeyKind
  let commit: Commit
  /// Threads for one stream; nil: all cores.
  let workers: Int?
  /// The name of what is being sealed, and bytes read since the last report.
  let progress: @Sendable (String, UInt64) throws -> Void

  /// What was sealed.
  struct Sealed {
    let layers: [Layer: Manifest.LayerObject]
    let commitments: Commitments
    let attachments: [Attachment]
    let identityAttachments: [Attachment]
    /// Every file in `sealed/`.
    let objects: [SHA256Hash]
  }

  /// - Parameter keeping: what keeps large attachments of the testimony part by part; nil where nothing is kept.
  func seal(
    _ draft: RecordContent, to sealing: RecordSealingKeys, record: SHA256Hash, version: Int,
    keeping: PartKeeping? = nil
  ) throws -> Sealed {
    // Looked at before a long recording is sealed for nothing.
    let identityLength = draft.identity.printed().count
    guard identityLength <= Self.identitySize else { throw VaultError.identityTooLong(identityLength) }
    // A dummy takes the very same way as the real thing.
    let identityFiles = try draft.identityAttachments.map { source in
      try attachmentSealing(sealing.identity, place: source.name.description).seal(source)
    }
    let identityObjects =
      try identityFiles.isEmpty
      ? attachmentSealing(sealing.identity, place: "").dummy() : identityFiles.flatMap(\.parts)
    let files = try draft.attachments.enumerated().map { index, source in
      try attachmentSealing(sealing.testimony, place: source.name.description)
        .seal(source, keeping: keeping?.attachment(index, source))
    }
    let compartments: [(Layer, LayerSealing, Compartment)] = [
      (.summary, sealing.summary, compartment(record, version, .summary, draft.summary, [], [])),
      (
        .testimony, sealing.testimony,
        compartment(record, version, .testimony, draft.testimony, files, identityObjects)
      ),
      (.identity, sealing.identity, compartment(record, version, .identity, draft.identity, identityFiles, [])),
    ]
    var layers: [Layer: Manifest.LayerObject] = [:]
    var commitments: [SHA256Hash] = []
    for (layer, key, compartment) in compartments {
      let (object, commitment) = try seal(compartment, to: key)
      layers[layer] = Manifest.LayerObject(object: object, recipient: KeyHash.ofRecipient(key.recipient.text))
      commitments.append(commitment)
    }
    commitments.append(try root(files, .attachment, record, version, sealing.testimony))
    commitments.append(try root(identityFiles, .identityAttachment, record, version, sealing.identity))
    return Sealed(
      layers: layers, commitments: try Commitments(five: commitments), attachments: files,
      identityAttachments: identityFiles,
      objects: layers.values.map(\.object) + files.flatMap(\.parts) + identityObjects)
  }

  private func attachmentSealing(_ layer: LayerSealing, place: String) -> AttachmentSealing {
    let progress = self.progress
    return AttachmentSealing(recipient: layer.recipient, commit: commit, workers: workers) { try progress(place, $0) }
  }

  func compartment(
    _ record: SHA256Hash, _ version: Int, _ layer: Layer, _ fields: JSON, _ attachments: [Attachment],
    _ identityObjects: [SHA256Hash]
  ) -> Compartment {
    Compartment(
      vault: vault, record: record, version: version, layer: layer, fields: fields, attachments: attachments,
      identityObjects: identityObjects)
  }

  func seal(_ compartment: Compartment, to layer: LayerSealing) throws -> (SHA256Hash, SHA256Hash) {
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
    let commitment = Commitment.to(
      kind: kind, record: compartment.record, version: compartment.version, index: 0, length: content.length,
      content: content.content, salt: try layer.salt(kind, 0))
    return (object.hash, commitment)
  }

  /// An identity's compartment is of one size, in bytes, always (PROTOCOL, general).
  static let identitySize = 16 << 10

  func root(
    _ files: [Attachment], _ kind: CommittedKind, _ record: SHA256Hash, _ version: Int, _ layer: LayerSealing
  ) throws -> SHA256Hash {
    try AttachmentTree.root(files.map(\.committed), kind: kind, record: record, version: version, salt: layer.salt)
  }
}
