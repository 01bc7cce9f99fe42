import Age
import Platform
public import Record
public import Sodium
import Synchronization

/// What a `reseal` did.
public struct ResealOutcome: Sendable {
  /// The labels of the versions that have new keys and ciphertext; empty where only an earlier run was finished.
  public var versions: [String] = []
  public var ending = Replaced()
}

extension Session {
  /// Gives every version of a record new keys and new ciphertext for its summary, its testimony and the testimony's
  /// attachments, and destroys the old: a `reseal` entry for each version, then the signed `gone` note, then the files.
  /// The identity stays as it is. Where an earlier run is not at its end, it is finished, and nothing is resealed again.
  ///
  /// - Parameter confirmed: others' entries whose end the caller signs too (`replacedByOthers`).
  public func reseal(
    _ record: ThingID, force: Bool = false, confirmed: Set<SHA256Hash> = [],
    progress: @escaping @Sendable (SealingProgress) throws -> Void = { _ in }
  ) throws(VaultError) -> ResealOutcome {
    try requirePublisher()
    guard !log.contested.contains(record) else { throw .contested(record) }
    var outcome = ResealOutcome()
    let isUnfinished = try awaitsEnd(of: record)
    if force || !isUnfinished {
      outcome.versions = try write { writing in
        let history = try self.history(of: record)
        let sealing = try RecordSealing(self, writing.objects, many: false, progress: progress)
        let resealing = try Resealing(session: self, record: record, sealing: sealing)
        for version in history.versions { try resealing.stage(version, in: &writing) }
        return history.versions.map { history.label($0) }
      }
    }
    outcome.ending = try settleReplaced(of: [record], confirmed: confirmed)
    return outcome
  }
}

/// New keys and ciphertext for one record.
private struct Resealing {
  let session: Session
  let record: ThingID
  let sealing: RecordSealing
  let renewal: LockRenewal
  let grants: StandingGrants

  init(session: Session, record: ThingID, sealing: RecordSealing) throws(VaultError) {
    self.session = session
    self.record = record
    self.sealing = sealing
    renewal = try LockRenewal(session, of: record)
    grants = StandingGrants(session.log)
  }

  func stage(_ version: SealedVersion, in writing: inout Writing) throws {
    let reader = try session.reader()
    let summary = try reader.open(.summary, of: record, version)
    let testimony = try reader.open(.testimony, of: record, version)
    let found = reader.locks.found(version.note).filter { $0.epoch != nil }
    let keys = (summary: NativeIdentity.generate(sealing.kind), testimony: NativeIdentity.generate(sealing.kind))
    let old = testimony.manifest
    let parts = sealing.parts(0)
    let report = sealing.progress
    let attachments = try testimony.compartment.attachments.map { one in
      let resealing = AttachmentResealing(
        vault: session.vault, from: testimony.identity, to: keys.testimony.recipient, commit: sealing.commit,
        progress: { count in try report(SealingProgress(record: 0, place: one.name, added: count)) })
      return try resealing.reseal(one)
    }
    var layers = old.layers
    var five = old.commitments.five
    for (index, opened, key, files) in [
      (0, summary, keys.summary, []), (1, testimony, keys.testimony, attachments),
    ] {
      let compartment = parts.compartment(
        record.hash, version.head.version, opened.layer, opened.compartment.fields, files,
        opened.compartment.identityObjects)
      let (object, commitment) = try parts.seal(compartment, to: LayerSealing(key))
      layers[opened.layer] = Manifest.LayerObject(object: object, recipient: KeyHash.ofRecipient(key.recipient.text))
      five[index] = commitment
    }
    five[3] = try parts.root(
      attachments, .attachment, record.hash, version.head.version, LayerSealing(keys.testimony))
    let manifest = Manifest(
      origin: old.origin, caseID: old.caseID, previous: old.previous, version: old.version, layers: layers,
      identityPolicy: old.identityPolicy, commitments: try Commitments(five: five))
    let written = try writing.chain.entry(
      .reseal, by: session.key.signing, to: renewal.reviewers.body, renewal.reviewers.recipient,
      body: ResealBody(manifest: manifest, replaces: version.note).json(vault: session.note.id))
    let lockFile = try renewal.lockFile(
      manifest: written.note, summary: keys.summary, testimony: keys.testimony,
      identity: renewal.identityLocks(of: version, in: found))
    _ = try writing.objects.stage(.locks, lockFile)
    try writing.stage(written)
    _ = try renewal.stage(
      grants.of(version.note), manifest: written.note, summary: keys.summary, testimony: keys.testimony, in: &writing)
  }
}

/// An attachment sealed anew to another key: read, authenticated and sealed again in one stream, part by part, so that it is
/// nowhere in the clear but in memory.
private struct AttachmentResealing {
  let vault: VaultFolder
  let from: NativeIdentity
  let to: NativeRecipient
  let commit: Commit
  let progress: @Sendable (UInt64) throws -> Void

  func reseal(_ attachment: Attachment) throws -> Attachment {
    var parts: [SHA256Hash] = []
    let content = Mutex((left: attachment.length, hasher: SHA256Hasher()))
    for part in attachment.parts { parts.append(try reseal(part, content)) }
    let (left, hash) = content.withLock { ($0.left, $0.hasher.finalize()) }
    // What would not open as what was committed to is not sealed again: its old file is evidence.
    guard left == 0, hash == attachment.content else {
      throw VaultError.damaged(Place(ObjectPlace(.sealed, attachment.parts[0]).description), .commitment)
    }
    return Attachment(
      name: attachment.name, rawName: attachment.rawName, mediaType: attachment.mediaType, length: attachment.length,
      content: attachment.content, parts: parts)
  }

  private func reseal(_ part: SHA256Hash, _ content: borrowing Mutex<(left: UInt64, hasher: SHA256Hasher)>) throws
    -> SHA256Hash
  {
    let place = ObjectPlace(.sealed, part)
    let descriptor = try vault.open(place)
    guard try SealedReader.hasOneStanza(descriptor, of: from.kind) else {
      throw VaultError.damaged(Place(place.description), .stanzas)
    }
    do {
      let reader = try SeekableReader(fileSize: descriptor.status().size, with: [from]) { offset, span in
        try descriptor.read(at: offset, into: &span)
      }
      var offset: UInt64 = 0
      let object = try commit.stage(.sealed) { write in
        try StreamSealer(to: [to]).run(
          reading: { span in
            try Interruption.check()
            var bytes = try reader.read(at: offset, count: span.count)
            defer { bytes.wipe() }
            for index in bytes.indices { span[index] = bytes[index] }
            offset += UInt64(bytes.count)
            try progress(UInt64(bytes.count))
            return bytes.count
          },
          observing: { batch in
            content.withLock { content in
              let count = min(content.left, UInt64(batch.count))
              content.hasher.update(batch.extracting(0..<Int(count)))
              content.left -= count
            }
          },
          writing: { try write($0) })
      }
      return object.hash
    } catch let error as AgeError { throw VaultError.damaged(Place(place.description), .age(error)) }
  }
}
