import Record
import Sodium

/// Which shares of a record's identities there are to ask for: of each version the policy, the set and the lock file.
struct IdentitySets {
  private let session: Session
  private let trust: LockTrust
  private let locks: LockIndex

  init(_ session: Session) throws(VaultError) {
    self.session = session
    trust = LockTrust(session)
    locks = try session.reader().locks
  }

  /// Every identity of a record that exists now. Refuses a record of which one is still locked to a single person.
  func identities(of record: ThingID) throws(VaultError) -> [RequestBody.Identity] {
    var all: [RequestBody.Identity] = []
    for version in try session.history(of: record).versions {
      let manifest = try version.checkedManifest()
      guard let layer = manifest.layers[.identity] else { throw .notHere(record.shown()) }
      let (file, share, sealer) = try set(of: version, record)
      all.append(
        RequestBody.Identity(
          manifest: version.note, version: manifest.version, object: layer.object, recipient: layer.recipient,
          policy: share.policy, sealer: sealer, set: share.set, lock: file))
    }
    return all
  }

  /// The set under the policy that stands, of whoever split the key; where their lock file is not here, as the first says
  /// that carries shares over.
  private func set(of version: SealedVersion, _ record: ThingID) throws(VaultError) -> (
    SHA256Hash, ShareAddress, SHA256Hash
  ) {
    let found = locks.found(version.note)
    guard !found.isEmpty else {
      if let bad = locks.damaged.first { throw .damaged(bad.place, bad.damage) }
      throw .missing(Place("the lock file of \(record.shown())"))
    }
    let standing = try trust.standing(of: version)
    guard case .quorum(let policy) = standing.policy else { throw .identityAlone(record) }
    let tied = found.filter { trust.isTied($0, to: version) }
    let groups = [
      tied.filter { $0.note.author == standing.lockAuthor }, tied, found.filter { trust.isTrusted($0, for: version) },
    ]
    for group in groups {
      for file in group.sorted(by: { trust.isBefore($0, $1, of: version) }) {
        for lock in file.note.locks where lock.carries == .layer(.identity) {
          if case .share(let share) = lock.to, share.policy == policy { return (file.file, share, standing.sealer) }
        }
      }
    }
    throw .missing(Place("the lock file of \(record.shown()) with its shares"))
  }
}
