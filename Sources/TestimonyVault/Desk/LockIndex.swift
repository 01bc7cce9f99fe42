import Age
import Platform
import Record
import Sodium
import Synchronization

/// The locks of all records, found by opening every lock file that is sealed to `members`, or to the caller (a grant).
struct LockIndex: Sendable {
  struct Found: Sendable {
    let file: SHA256Hash
    let note: LocksNote
    /// The epoch of `members` that it is sealed to; nil for a grant to the caller.
    let epoch: SHA256Hash?
  }

  /// The lock files that a counsel's signature stands for, by the note hash of the manifest that they open. One version
  /// may have several: they prove themselves by the keys that they carry, and reading takes any that fits.
  private(set) var byManifest: [SHA256Hash: [Found]] = [:]
  private(set) var damaged: [(place: Place, damage: Damage)] = []
  /// Lock files that open, and that no counsel signed for this vault: they take no part.
  private(set) var unsigned: [Place] = []

  static func read(
    _ vault: VaultFolder, of id: SHA256Hash, with circles: CircleKeys, own: NativeIdentity, log: CustodyLog
  ) throws(VaultError) -> LockIndex {
    let places = try vault.list(.locks).objects
    let members = circles.identities.filter { $0.address.circle == CircleName.members }
    let reading = Reading(
      vault: vault, id: id, identities: members.map(\.identity) + [own], epochs: members.map(\.address.epoch),
      signers: log.everCounsel.reduce(into: [:]) { keys, key in
        keys[key] = log.roster.members[key]?.admission.card.signing
      })
    let index = Mutex(LockIndex())
    do {
      try Parallel.forEach(0..<places.count) { number in
        try Interruption.check()
        let place = places[number]
        let outcome = Result { try reading.read(place) }
        index.withLock { $0.take(outcome, at: place) }
      }
      // What an interruption kept from being read is not damaged.
      try Interruption.check()
    } catch { throw VaultError(error) }
    var found = index.withLock { $0 }
    // The same order on every run, whichever core was first.
    for manifest in found.byManifest.keys { found.byManifest[manifest]?.sort { $0.file < $1.file } }
    return found
  }

  private mutating func take(_ outcome: Result<Outcome?, any Error>, at place: ObjectPlace) {
    switch outcome {
    case .success(.mine(let found)?):
      guard case .record(_, let manifest) = found.note.subject else { return }
      byManifest[manifest, default: []].append(found)
    case .success(.unsigned?): unsigned.append(Place(place.description))
    case .success(nil): break
    case .failure(let error): damaged.append((Place(place.description), Damage(error)))
    }
  }

  private enum Outcome {
    case mine(Found)
    case unsigned
  }

  private struct Reading: Sendable {
    let vault: VaultFolder
    let id: SHA256Hash
    let identities: [NativeIdentity]
    let epochs: [SHA256Hash]
    /// Whoever was counsel once: a lock file outlasts the membership of who wrote it, and its keys are checked against the
    /// manifest anyway.
    let signers: [SHA256Hash: VerifyingKey]

    func read(_ place: ObjectPlace) throws -> Outcome? {
      let file = try vault.read(place, atMost: VaultFolder.lockLimit)
      guard let opened = try SealedReader.open(file, with: identities) else { return nil }
      let sealed = try SealedNote(parsing: opened.content.bytes, as: .locks)
      let note = try LocksNote(sealed.body)
      guard note.vault == id, let signer = signers[note.author],
        (try? sealed.verified(as: KeyName.member(of: id), by: signer)) != nil
      else { return .unsigned }
      let epoch = epochs.indices.contains(opened.index) ? epochs[opened.index] : nil
      return .mine(Found(file: place.hash, note: note, epoch: epoch))
    }
  }
}
