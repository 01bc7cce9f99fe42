import Age
import Platform
import Record
import Sodium

/// Whether what came with a head is what the head says. May be asked from several threads.
struct DropChecking: Sendable {
  private let kind: KeyKind
  private let files: [SHA256Hash: DropSources.Found]
  private let locks: [SHA256Hash: SealedNote]
  /// Counsel's, the newest first.
  private let keys: [NativeIdentity]
  /// Of each policy, how many shares open what is sealed under it.
  private let thresholds: [SHA256Hash: Int]

  init(
    _ session: Session, _ sources: DropSources, _ locks: [SHA256Hash: SealedNote], _ keys: [NativeIdentity]
  ) {
    kind = session.kind
    files = sources.files
    thresholds = session.log.roster.policies.mapValues(\.body.threshold)
    self.locks = locks
    self.keys = keys
  }

  /// Counsel's keys of a drop, where its lock part and its testimony are what the head says.
  func keys(of head: DropHead, signedBy signer: VerifyingKey) throws -> Arrival.Keys? {
    try Interruption.check()
    guard let sealed = locks[head.locks],
      (try? sealed.verified(as: KeyName.kit(of: head.vault), by: signer)) != nil,
      let note = try? LocksNote(sealed.body), note.author == head.kit, note.subject == .drop(head.record.hash),
      let summary = key(.summary, note, head), let testimony = key(.testimony, note, head)
    else { return nil }
    let shares = note.locks.filter { lock in
      guard case .share(let share) = lock.to else { return false }
      return share.policy == head.policy
    }
    // An identity that nobody could ever open is not filed by itself.
    guard let threshold = thresholds[head.policy], Self.numbers(of: shares).count >= threshold,
      shares.reduce(0, { $0 + $1.file.count }) <= VaultFolder.lockLimit / 4,
      let objects = try objects(of: head, testimony, summary), objects == Set(head.objects)
    else { return nil }
    return Arrival.Keys(summary: summary, testimony: testimony, shares: shares)
  }

  private static func numbers(of shares: [LocksNote.Lock]) -> Set<Int> {
    Set(shares.compactMap { if case .share(let share) = $0.to { share.number } else { nil } })
  }

  private func key(_ layer: Layer, _ note: LocksNote, _ head: DropHead) -> NativeIdentity? {
    for lock in note.locks where lock.carries == .layer(layer) {
      for own in keys {
        if let key = LockedKey.open(lock.file, with: own),
          KeyHash.ofRecipient(key.recipient.text) == head.layers[layer]?.recipient
        {
          return key
        }
      }
    }
    return nil
  }

  /// Every file that the drop should have, as its testimony lists them; nil where summary or testimony is not what the
  /// head commits to.
  private func objects(of head: DropHead, _ testimony: NativeIdentity, _ summary: NativeIdentity) throws
    -> Set<SHA256Hash>?
  {
    guard try compartment(.summary, head, summary) != nil, let told = try compartment(.testimony, head, testimony)
    else {
      return nil
    }
    return Set(head.layers.values.map(\.object) + told.attachments.flatMap(\.parts) + told.identityObjects)
  }

  private func compartment(_ layer: Layer, _ head: DropHead, _ key: NativeIdentity) throws -> Compartment? {
    guard let object = head.layers[layer]?.object, let found = files[object],
      found.size <= VaultFolder.textFileLimit
    else { return nil }
    let bytes = try found.bytes()
    guard SealedReader.hasOneStanza(bytes.span, of: kind),
      let content = try? AgeFile.open(bytes.span, with: [key]),
      let compartment = try? Compartment(parsing: content.bytes), compartment.vault == head.vault,
      compartment.record == head.record.hash, compartment.version == 1, compartment.layer == layer,
      LayerReader.isCommitted(compartment, Compartment.committed(in: content.bytes), in: head.commitments, key)
    else { return nil }
    return compartment
  }
}
