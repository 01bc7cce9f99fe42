import Age
import Platform
public import Record
import Sodium

/// What a field worker hands in for one note.
public struct NoteDraft: Sendable {
  public var fields: JSON = [:]
  public var attachments: [AttachmentSource] = []
  public var identity: JSON = [:]
  public var identityAttachments: [AttachmentSource] = []
  /// An earlier note of this device that this one corrects.
  public var corrects: Outbox.Drop?

  public init() {}
}

extension FieldKit {
  /// Seals one note. When this returns, the drop is whole and durable; before that nothing of it counts. The keys of its
  /// layers are forgotten here, except those of documents that are to be compared with their originals.
  public func seal(
    _ draft: NoteDraft, progress: @escaping @Sendable (String, UInt64) throws -> Void = { _, _ in }
  ) throws(VaultError) -> SealedDrop {
    let counsel = try counsel()
    let splitting = try IdentitySplitting(of: quorum, vault: vault.id, kit: key)
    return try write { list, tag in
      let objects = Commit(in: files, tag: tag, durability: .each)
      let heads = Commit(in: files, tag: tag, durability: .each)
      let parts = RecordParts(
        vault: vault.id, kind: key.identity.kind, commit: objects, workers: nil, progress: progress)
      let origin = Origin(author: key.hash, nonce: .random())
      let record = origin.id(.record, in: vault.id).hash
      let sealed = try parts.seal(
        RecordContent(
          testimony: draft.fields, attachments: draft.attachments, identity: draft.identity,
          identityAttachments: draft.identityAttachments), record: record, version: 1)
      let locks = try locks(of: sealed, record: record, splitting, counsel)
      let lockFile = try objects.stage(.sealed, AgeFile.seal(locks.encoded.span, to: [counsel]))
      let time = ClaimedTime(clamping: SystemClock.now())
      let head = DropHead(
        vault: vault.id, number: list.next, previous: list.drops.last?.head, void: list.void, origin: origin,
        time: time, layers: sealed.layers, policy: splitting.policy, commitments: sealed.commitments,
        locks: lockFile.hash, objects: sealed.objects, corrects: draft.corrects?.head)
      let signed = try head.signed(with: key.signing)
      let headFile = try heads.stage(.sealed, AgeFile.seal(signed.encoded.span, to: [counsel]))
      let drop = Outbox.Drop(
        number: head.number, head: signed.ownHash, file: headFile.hash, files: head.files, time: time)
      // From here on the number is taken, whatever happens.
      list.intent = drop
      try remember(list)
      try objects.place(inOrder: false)
      try heads.place(inOrder: true)
      list.adopt(drop)
      return SealedDrop(
        drop: drop, attachments: sealed.attachments, identityAttachments: sealed.identityAttachments,
        keys: (sealed.keys.testimony, sealed.keys.identity))
    }
  }

  private func locks(
    of sealed: RecordParts.Sealed, record: SHA256Hash, _ splitting: IdentitySplitting, _ counsel: NativeRecipient
  ) throws -> SealedNote {
    let address = Entry.Address(circle: CircleName.counsel, epoch: KeyHash.ofRecipient(counsel.text))
    let layers = try [(Layer.summary, sealed.keys.summary), (.testimony, sealed.keys.testimony)].map { layer, key in
      LocksNote.Lock(carries: .layer(layer), to: .circle(address), file: try LockedKey.seal(key, to: counsel))
    }
    let shares = try splitting.locks(
      of: sealed.keys.identity, record: record, version: 1, object: sealed.layers[.identity]?.object ?? record)
    return try LocksNote(vault: vault.id, author: key.hash, subject: .drop(record), locks: layers + shares)
      .signed(with: key.signing)
  }
}

/// A drop that was just sealed.
public struct SealedDrop: Sendable {
  public let drop: Outbox.Drop
  let attachments: [Attachment]
  let identityAttachments: [Attachment]
  /// Of testimony and identity, for as long as this value lives: to read back what was sealed.
  let keys: (testimony: NativeIdentity, identity: NativeIdentity)
}
