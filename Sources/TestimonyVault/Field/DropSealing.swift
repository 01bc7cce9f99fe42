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
  /// layers are forgotten here, except those of documents that are to be compared with their originals. Where it is
  /// interrupted, the parts of large attachments stay, and the next run with the same files goes on behind them.
  public func seal(
    _ draft: NoteDraft, progress: @escaping @Sendable (String, UInt64) throws -> Void = { _, _ in }
  ) throws(VaultError) -> SealedDrop {
    let counsel = try counsel()
    let splitting = try IdentitySplitting(of: quorum, vault: vault.id, kit: key)
    return try write { list, tag in
      do { return try seal(draft, counsel, splitting, in: &list, tag, progress) } catch {
        // A medium that is full has its room back.
        if case .system(let failure, _) = VaultError(error), failure.isNoSpace { makeRoom() }
        throw error
      }
    }
  }

  private func seal(
    _ draft: NoteDraft, _ counsel: NativeRecipient, _ splitting: IdentitySplitting, in list: inout Outbox,
    _ tag: String, _ progress: @escaping @Sendable (String, UInt64) throws -> Void
  ) throws -> SealedDrop {
    let objects = Commit(in: files, tag: tag, durability: .each)
    let heads = Commit(in: files, tag: tag, durability: .each)
    let parts = RecordParts(
      vault: vault.id, kind: key.identity.kind, commit: objects, workers: nil, progress: progress)
    let origin = Origin(author: key.hash, nonce: .random())
    let record = origin.id(.record, in: vault.id).hash
    let keys = try DropKeys(self, list, draft, counsel, tag, progress)
    let sealed = try parts.seal(
      RecordContent(
        testimony: draft.fields, attachments: draft.attachments, identity: draft.identity,
        identityAttachments: draft.identityAttachments),
      to: keys.sealing, record: record, version: 1, keeping: keys.keeping)
    if let keeping = keys.keeping { list = keeping.outbox }
    let locks = try locks(keys, of: sealed, record: record, splitting, counsel)
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
    remove(list.adopt(drop))
    return SealedDrop(
      drop: drop, attachments: sealed.attachments, identityAttachments: sealed.identityAttachments,
      keys: (keys.testimony, keys.identity), resumed: keys.keeping?.resumed ?? 0)
  }

  /// Gives up what an unfinished note had sealed. An error here must not hide the one that led to it. Once the number is
  /// taken the head may be in place, and the objects are a drop's: the next run settles that.
  func makeRoom() {
    guard var list = try? recall(), list.intent == nil, let unfinished = list.unfinished else { return }
    remove(unfinished.objects)
    list.unfinished = nil
    try? remember(list)
  }

  private func locks(
    _ keys: DropKeys, of sealed: RecordParts.Sealed, record: SHA256Hash, _ splitting: IdentitySplitting,
    _ counsel: NativeRecipient
  ) throws -> SealedNote {
    let address = Entry.Address(circle: CircleName.counsel, epoch: KeyHash.ofRecipient(counsel.text))
    let layers = try [
      (Layer.summary, LockedKey.seal(keys.summary, to: counsel)), (.testimony, keys.testimonyLock),
    ].map { layer, file in LocksNote.Lock(carries: .layer(layer), to: .circle(address), file: file) }
    let shares = try splitting.locks(
      of: keys.identity, record: record, version: 1, object: sealed.layers[.identity]?.object ?? record)
    return try LocksNote(vault: vault.id, author: key.hash, subject: .drop(record), locks: layers + shares)
      .signed(with: key.signing)
  }
}

/// The keys that a drop is sealed to. That of a testimony with large attachments may be one that an interrupted run has
/// made and forgotten: then there is no more of it than what seals, and its lock.
private struct DropKeys {
  let summary: NativeIdentity
  let identity: NativeIdentity
  let testimony: NativeIdentity?
  /// The testimony's key, sealed to counsel.
  let testimonyLock: [UInt8]
  let sealing: RecordSealingKeys
  let keeping: PartKeeping?

  init(
    _ kit: FieldKit, _ list: Outbox, _ draft: NoteDraft, _ counsel: NativeRecipient, _ tag: String,
    _ progress: (String, UInt64) throws -> Void
  ) throws {
    let fresh = RecordKeys.generate(kit.key.identity.kind)
    let keeping =
      try draft.attachments.contains(where: PartKeeping.keeps)
      ? PartKeeping(kit, list, draft.attachments, counsel: counsel, tag: tag, progress: progress) : nil
    if let keeping {
      (testimony, testimonyLock) = (keeping.key, keeping.lock)
    } else {
      (testimony, testimonyLock) = (fresh.testimony, try LockedKey.seal(fresh.testimony, to: counsel))
    }
    summary = fresh.summary
    identity = fresh.identity
    sealing = RecordSealingKeys(
      summary: LayerSealing(summary), testimony: keeping?.testimony ?? LayerSealing(fresh.testimony),
      identity: LayerSealing(identity))
    self.keeping = keeping
  }
}

/// A drop that was just sealed.
public struct SealedDrop: Sendable {
  public let drop: Outbox.Drop
  let attachments: [Attachment]
  let identityAttachments: [Attachment]
  /// Of testimony and identity, for as long as this value lives: to read back what was sealed. That of a testimony of
  /// which an earlier run had sealed the beginning is gone.
  let keys: (testimony: NativeIdentity?, identity: NativeIdentity)
  /// Content of attachments that an earlier run had sealed, in bytes.
  public let resumed: UInt64
}
