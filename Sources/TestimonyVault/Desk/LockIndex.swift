import Age
import Platform
import Record
import Sodium
import Synchronization

/// The locks of all records, found by opening every lock file that is sealed to `members`.
struct LockIndex: Sendable {
  struct Found: Sendable {
    let file: SHA256Hash
    let note: LocksNote
  }

  /// The lock files that a counsel's signature stands for, by the note hash of the manifest that they open.
  private(set) var byManifest: [SHA256Hash: [Found]] = [:]
  private(set) var damaged: [(place: Place, damage: Damage)] = []
  /// Lock files that open, and that no counsel signed for this vault: they take no part.
  private(set) var unsigned: [Place] = []

  static func read(
    _ vault: VaultFolder, of id: SHA256Hash, with circles: CircleKeys, own: NativeIdentity, log: CustodyLog
  ) throws(VaultError) -> LockIndex {
    let places = try vault.list(.locks).objects
    let identities = circles.identities.filter { $0.address.circle == CircleName.members }.map(\.identity) + [own]
    // What somebody sealed as counsel stays readable when they leave.
    let signers = log.everCounsel.reduce(into: [SHA256Hash: VerifyingKey]()) { keys, key in
      keys[key] = log.roster.members[key]?.admission.card.signing
    }
    let index = Mutex(LockIndex())
    do {
      try Parallel.forEach(0..<places.count) { number in
        try Interruption.check()
        let place = places[number]
        let outcome = Result { try one(place, in: vault, id, with: identities, signers) }
        index.withLock { index in
          switch outcome {
          case .success(.mine(let found)?):
            guard case .record(_, let manifest) = found.note.subject else { return }
            index.byManifest[manifest, default: []].append(found)
          case .success(.unsigned?): index.unsigned.append(Place(place.description))
          case .success(nil): break
          case .failure(let error): index.damaged.append((Place(place.description), Damage(error)))
          }
        }
      }
      // What an interruption kept from being read is not damaged.
      try Interruption.check()
    } catch { throw VaultError(error) }
    return index.withLock { $0 }
  }

  private enum Outcome {
    case mine(Found)
    case unsigned
  }

  private static func one(
    _ place: ObjectPlace, in vault: VaultFolder, _ id: SHA256Hash, with identities: [NativeIdentity],
    _ signers: [SHA256Hash: VerifyingKey]
  ) throws -> Outcome? {
    let file = try vault.read(place, atMost: VaultFolder.lockLimit)
    guard let opened = try SealedReader.open(file, with: identities) else { return nil }
    let sealed = try SealedNote(parsing: opened.content.bytes, as: .locks)
    let note = try LocksNote(sealed.body)
    guard note.vault == id, let signer = signers[note.author],
      (try? sealed.verified(as: KeyName.member(of: id), by: signer)) != nil
    else { return .unsigned }
    return .mine(Found(file: place.hash, note: note))
  }
}
