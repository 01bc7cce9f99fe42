import Age
public import Record
import Sodium

/// A grant: one compartment for one person, by a lock file of their own.
public struct Granted: Sendable {
  /// The labels of the versions whose compartment was granted now.
  public let versions: [String]
  /// Those that the person was granted before.
  public let before: [String]
}

extension Session {
  /// Gives one member one compartment of a record, in every version whose key the caller opens: a lock file sealed to the
  /// member's own key, and an entry to counsel that names it.
  ///
  /// Refuses an identity, which is opened by those who hold its key alone, and a member who does not hold the key of the
  /// circle that reviews the case: they could not see the record.
  public func grant(_ layer: Layer, of record: ThingID, to name: String) throws(VaultError) -> Granted {
    try checkGrant(layer, of: record, to: name)
    return try write { writing in
      let member = try self.checkGrant(layer, of: record, to: name)
      let history = try self.history(of: record)
      let counsel = try self.circle(CircleName.counsel)
      let reader = try self.reader()
      let standing = StandingGrants(self.log)
      var (now, before): ([String], [String]) = ([], [])
      var failure: VaultError?
      for version in history.versions {
        let known = standing.of(version.note).filter { $0.member == member.key && $0.layer == layer }
        if known.contains(where: { self.isHere(ObjectPlace(.locks, $0.lock)) }) {
          before.append(history.label(version))
          continue
        }
        let identity: NativeIdentity
        do { identity = try reader.layerKey(layer, of: record, version) } catch {
          guard let refusal = error as? VaultError, case .notThisLayer = refusal else { throw error }
          failure = refusal
          continue
        }
        let lock = try self.grantLock(layer, identity, of: record, version.note, to: member)
        let place = try writing.objects.stage(.locks, lock)
        let body = GrantBody(
          record: record.hash, manifest: version.note, layer: layer, member: member.key, lock: place.hash)
        try writing.stage(
          writing.chain.entry(.grant, by: self.key.signing, to: counsel.body, counsel.recipient, body: body.json))
        now.append(history.label(version))
      }
      if now.isEmpty, before.isEmpty, let failure { throw failure }
      return Granted(versions: now, before: before)
    }
  }

  /// The member whom a grant would be for; throws where it must not be.
  @discardableResult
  public func checkGrant(_ layer: Layer, of record: ThingID, to name: String) throws(VaultError) -> Roster.Member {
    try require(.counsel)
    guard layer != .identity else { throw .needsQuorum(record) }
    guard let member = log.roster.member(named: name) else { throw .noSuchMember(name) }
    let caseID = try history(of: record).caseID
    guard !log.contested.contains(caseID) else { throw .contested(caseID) }
    guard let reviewers = log.cases[caseID]?.reviewers else { throw .notHere(caseID.shown()) }
    guard log.roster.holds(member, reviewers) else { throw .couldNotSee(record, name, circle: reviewers) }
    return member
  }

  /// A lock file with one layer key for one member, sealed to that member's own key.
  func grantLock(
    _ layer: Layer, _ identity: NativeIdentity, of record: ThingID, _ manifest: SHA256Hash, to member: Roster.Member
  ) throws(VaultError) -> [UInt8] {
    do {
      let recipient = try NativeRecipient(parsing: member.admission.card.recipient)
      let lock = LocksNote.Lock(
        carries: .layer(layer), to: .member(member.key), file: try LockedKey.seal(identity, to: recipient))
      let note = LocksNote(
        vault: self.note.id, author: key.hash, subject: .record(record.hash, manifest: manifest), locks: [lock])
      return try AgeFile.seal(note.signed(with: key.signing).encoded.span, to: [recipient])
    } catch { throw VaultError(error) }
  }

  func isHere(_ place: ObjectPlace) -> Bool { (try? vault.open(place)) != nil }
}

/// The grants that hold: those whose lock file no `relock` has taken the place of.
struct StandingGrants {
  private var byManifest: [SHA256Hash: [GrantBody]] = [:]
  /// By manifest: every lock file that a `relock` of that version has taken the place of.
  private var replaced: [SHA256Hash: Set<SHA256Hash>] = [:]

  init(_ log: CustodyLog) {
    for one in log.entries where one.entry.type == .relock {
      if let json = try? one.entry.body, let body = try? RelockBody(json) {
        replaced[body.manifest, default: []].formUnion(body.old)
      }
    }
    for one in log.entries where one.entry.type == .grant {
      guard let json = try? one.entry.body, let body = try? GrantBody(json),
        !ended(body.manifest).contains(body.lock)
      else { continue }
      byManifest[body.manifest, default: []].append(body)
    }
  }

  func of(_ manifest: SHA256Hash) -> [GrantBody] { byManifest[manifest] ?? [] }

  /// The lock files of a version that a `relock` of it has taken the place of.
  func ended(_ manifest: SHA256Hash) -> Set<SHA256Hash> { replaced[manifest] ?? [] }
}
