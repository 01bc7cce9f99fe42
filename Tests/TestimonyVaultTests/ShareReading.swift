import Age
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

// Identities as custodians can open them with the keys that they hold, without any request: what a lock file contains.
extension SampleVault {
  /// The share notes of one version that these keys open, each checked against its author's key; one of each lock.
  func shares(of record: ThingID, _ version: SealedVersion, by custodians: [MemberKey]) throws -> [ShareNote] {
    let session = try founder()
    let locks = try session.reader().locks.found(version.note).filter { $0.epoch != nil }.flatMap(\.note.locks)
    var notes: [ShareNote] = []
    for key in custodians {
      for lock in locks {
        guard case .share(let address) = lock.to, let content = try? AgeFile.open(lock.file.span, with: [key.identity])
        else { continue }
        let note = try ShareNote(parsing: content.bytes)
        let author = try #require(session.log.roster.members[note.claims.author])
        try note.verify(by: author.admission.card.signing)
        #expect(note.claims.number == address.number && note.claims.set == address.set)
        #expect(note.claims.policy == address.policy && note.claims.record == record.hash)
        #expect(note.claims.version == version.head.version)
        #expect(try note.claims.object == version.manifest().layers[.identity]?.object)
        if !notes.contains(where: { $0.claims == note.claims }) { notes.append(note) }
      }
    }
    return notes
  }

  /// The identity of one version, opened with the shares of these custodians and checked against the manifest.
  func identity(of record: ThingID, _ version: SealedVersion, by custodians: [MemberKey]) throws -> OpenedLayer {
    let mnemonics = try shares(of: record, version, by: custodians).map { try Self.mnemonic($0.words.secret) }
    let secret = try SecretSharing.combine(mnemonics)
    let identity = NativeIdentity(kind: kind, secretBytes: secret)
    // The reader takes a layer's key through a lock, and checks it: here one to the founder's own key, on no disk.
    let session = try founder()
    let lock = LocksNote.Lock(
      carries: .layer(.identity), to: .member(session.key.hash),
      file: try LockedKey.seal(identity, to: session.key.identity.recipient))
    let note = LocksNote(
      vault: founded.note.id, author: session.key.hash, subject: .record(record.hash, manifest: version.note),
      locks: [lock])
    let found = LockIndex.Found(file: version.note, note: note, epoch: nil)
    return try session.reader().open(.identity, of: record, version, with: [found])
  }

  static func mnemonic(_ words: borrowing Secret) throws -> Mnemonic { try Mnemonic(parsing: words.bytes) }

  /// The identities of all versions, opened with aigul's shares alone.
  func identities(of record: ThingID) throws -> [OpenedLayer] {
    try founder().history(of: record).versions.map { try identity(of: record, $0, by: [founded.key]) }
  }
}
