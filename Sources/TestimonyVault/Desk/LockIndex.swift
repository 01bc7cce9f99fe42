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
    let sealed: SealedNote
  }

  private(set) var byManifest: [SHA256Hash: [Found]] = [:]
  private(set) var damaged: [Place] = []
  /// Lock files that none of the caller's keys opens: other people's.
  private(set) var notForYou = 0

  static func read(_ vault: VaultFolder, with circles: CircleKeys, own: NativeIdentity) throws(VaultError) -> LockIndex
  {
    let places = try vault.list(.locks).objects
    let identities = circles.identities.filter { $0.address.circle == CircleName.members }.map(\.identity) + [own]
    let index = Mutex(LockIndex())
    do {
      try Parallel.forEach(0..<places.count) { number in
        try Interruption.check()
        let place = places[number]
        let outcome = Result { try one(place, in: vault, with: identities) }
        index.withLock { index in
          switch outcome {
          case .success(let found?):
            guard case .record(_, let manifest) = found.note.subject else { return }
            index.byManifest[manifest, default: []].append(found)
          case .success(nil): index.notForYou += 1
          case .failure: index.damaged.append(Place(place.description))
          }
        }
      }
    } catch { throw .interrupted }
    return index.withLock { $0 }
  }

  private static func one(_ place: ObjectPlace, in vault: VaultFolder, with identities: [NativeIdentity]) throws
    -> Found?
  {
    let file = try vault.read(place)
    guard let opened = try SealedReader.open(file, with: identities) else { return nil }
    let sealed = try SealedNote(parsing: opened.content.bytes, as: .locks)
    return Found(file: place.hash, note: try LocksNote(sealed.body), sealed: sealed)
  }
}
