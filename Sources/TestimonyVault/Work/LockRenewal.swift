import Age
import Record
import Sodium

/// A record's lock file made anew, and the grants with it: what `relock` and `reseal` have in common.
struct LockRenewal {
  let session: Session
  let trust: LockTrust
  let vault: SHA256Hash
  let record: ThingID
  let members: (body: CircleBody, recipient: NativeRecipient)
  let counsel: (body: CircleBody, recipient: NativeRecipient)
  let reviewers: (body: CircleBody, recipient: NativeRecipient)

  init(_ session: Session, of record: ThingID) throws(VaultError) {
    self.session = session
    self.trust = LockTrust(session)
    self.vault = session.note.id
    self.record = record
    let caseID = try session.history(of: record).caseID
    // The author of a case could send what is sealed anew to another circle.
    guard !session.log.contested.contains(caseID) else { throw .contested(caseID) }
    guard let name = session.log.cases[caseID]?.reviewers else { throw .notHere(caseID.shown()) }
    members = try session.circle(CircleName.members)
    counsel = try session.circle(CircleName.counsel)
    reviewers = try session.circle(name)
  }

  /// Whether a lock file is sealed to the epochs that hold now, each layer to its circle.
  func isCurrent(_ found: LockIndex.Found) -> Bool {
    let locks = found.note.locks
    func has(_ layer: Layer, _ circle: CircleBody) -> Bool {
      locks.contains { $0.carries == .layer(layer) && $0.to == .circle(circle.address) }
    }
    return found.epoch == members.body.epoch && has(.summary, reviewers.body) && has(.testimony, counsel.body)
      && locks.contains { $0.carries == .layer(.identity) }
      && locks.allSatisfy { lock in
        guard case .circle(let address) = lock.to else { return true }
        return address == reviewers.body.address || address == counsel.body.address
      }
  }

  /// Whether somebody may still have what was granted.
  func isEntitled(_ grant: GrantBody) -> Bool {
    guard let member = session.log.roster.members[grant.member] else { return false }
    return session.log.roster.holds(member, reviewers.body.name)
  }

  /// The locks of the identity, which counsel cannot open: they are carried over as they are. Throws where there is none,
  /// or where they are more than a lock file can hold that is read again.
  func identityLocks(of version: SealedVersion, in found: [LockIndex.Found]) throws(VaultError) -> [LocksNote.Lock] {
    let identity = trust.identityLocks(of: version, in: found)
    guard !identity.isEmpty else { throw .missing(Place("the lock of the identity of \(record.shown())")) }
    guard identity.reduce(0, { $0 + $1.file.count }) <= VaultFolder.lockLimit / 4 else { throw tooLarge }
    return identity
  }

  private var tooLarge: VaultError { .damaged(Place("the lock file of \(record.shown())"), .tooLarge) }

  /// A lock file to the epochs that hold now.
  func lockFile(
    manifest: SHA256Hash, summary: NativeIdentity, testimony: NativeIdentity, identity: [LocksNote.Lock]
  ) throws(VaultError) -> [UInt8] {
    let file: [UInt8]
    do {
      let locks = [
        LocksNote.Lock(
          carries: .layer(.summary), to: .circle(reviewers.body.address),
          file: try LockedKey.seal(summary, to: reviewers.recipient)),
        LocksNote.Lock(
          carries: .layer(.testimony), to: .circle(counsel.body.address),
          file: try LockedKey.seal(testimony, to: counsel.recipient)),
      ]
      let note = LocksNote(
        vault: vault, author: session.key.hash, subject: .record(record.hash, manifest: manifest),
        locks: locks + identity)
      file = try AgeFile.seal(note.signed(with: session.key.signing).encoded.span, to: [members.recipient])
    } catch { throw VaultError(error) }
    // What would not be read again takes no file's place.
    guard file.count <= VaultFolder.lockLimit else { throw tooLarge }
    return file
  }

  /// Grants given anew to those who may still have them, each with its entry. Gives the names of the new lock files.
  func stage(
    _ grants: [GrantBody], manifest: SHA256Hash, summary: NativeIdentity, testimony: NativeIdentity,
    in writing: inout Writing
  ) throws(VaultError) -> [SHA256Hash] {
    var names: [SHA256Hash] = []
    for grant in Self.distinct(grants) where grant.layer != .identity && isEntitled(grant) {
      guard let member = session.log.roster.members[grant.member] else { continue }
      let key = grant.layer == .summary ? summary : testimony
      let place = try writing.objects.stage(
        .locks, try session.grantLock(grant.layer, key, of: record, manifest, to: member))
      let body = GrantBody(
        record: record.hash, manifest: manifest, layer: grant.layer, member: grant.member, lock: place.hash)
      try writing.stage(
        writing.chain.entry(.grant, by: session.key.signing, to: counsel.body, counsel.recipient, body: body.json))
      names.append(place.hash)
    }
    return names
  }

  /// One grant for each person and layer, however often it was given.
  static func distinct(_ grants: [GrantBody]) -> [GrantBody] {
    var known: Set<String> = []
    return grants.sorted { ($0.member, $0.lock) < ($1.member, $1.lock) }.filter {
      known.insert("\($0.member) \($0.layer.rawValue)").inserted
    }
  }
}
