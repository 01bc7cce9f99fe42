import Age
public import Record
import Sodium

/// What a custodian handed on.
public struct HandedOn: Sendable {
  public let successor: String
  /// How many shares, of how many records.
  public let shares: Int
  public let records: Int
  /// Of records whose lock files could not be read.
  public let damaged: Int
}

extension Session {
  /// Whom a custodian may hand own shares on to: a custodian whose words this device's owner has compared.
  public func checkHandingOn(to name: String) throws(VaultError) -> Roster.Member {
    let successor = try handingOn(to: name)
    guard isConfirmed(successor) else { throw .quorum(.unconfirmed([name])) }
    return successor
  }

  /// The same, before the words were compared.
  public func handingOn(to name: String) throws(VaultError) -> Roster.Member {
    guard let me, log.roster.isCustodian(me) else { throw .quorum(.notACustodian(key.name.text)) }
    guard let successor = log.roster.member(named: name), successor.isActive else { throw .noSuchMember(name) }
    guard successor.holds(.custodian) else { throw .quorum(.notACustodian(name)) }
    guard successor.key != key.hash else { throw .quorum(.onePerson(me.name, name)) }
    return successor
  }

  /// Seals all own shares to another custodian: lock files with one share each, and `replace` entries that name them. Of a
  /// policy of which the successor holds a share already none is handed on: a person holds one. Throws where none is left.
  public func handOn(to name: String) throws(VaultError) -> HandedOn {
    _ = try checkHandingOn(to: name)
    return try write(many: true) { writing in
      let successor = try self.checkHandingOn(to: name)
      let members = try self.circle(CircleName.members)
      let recipient: NativeRecipient
      do { recipient = try NativeRecipient(parsing: successor.admission.card.recipient) } catch {
        throw VaultError(error)
      }
      let own = try OwnShares(self, for: successor)
      guard !own.all.isEmpty else { throw VaultError.quorum(.nothingToHandOn(name)) }
      var staged: [HeldPlace: [SHA256Hash]] = [:]
      for one in own.all {
        let lock = LocksNote.Lock(
          carries: .layer(.identity), to: .share(one.address),
          file: try IdentitySplitting.seal(one.note.encoded.secret, to: recipient))
        let note = LocksNote(vault: self.note.id, author: self.key.hash, subject: one.subject, locks: [lock])
        let file = try AgeFile.seal(note.signed(with: self.key.signing).encoded.span, to: [members.recipient])
        let place = HeldPlace(policy: one.address.policy, number: one.address.number)
        staged[place, default: []].append(try writing.objects.stage(.locks, file).hash)
      }
      for (place, files) in staged.sorted(by: { ($0.key.policy, $0.key.number) < ($1.key.policy, $1.key.number) }) {
        // An entry that names too many files could not be read back.
        for start in stride(from: 0, to: files.count, by: Self.filesInAnEntry) {
          let body = ReplaceBody(
            policy: place.policy, number: place.number, successor: successor.key,
            locks: Array(files[start..<min(start + Self.filesInAnEntry, files.count)]))
          try writing.stage(
            writing.chain.entry(
              .replace, by: self.key.signing, to: members.body, members.recipient, body: body.json))
        }
      }
      return HandedOn(
        successor: successor.name, shares: own.all.count, records: Set(own.all.map(\.note.claims.record)).count,
        damaged: own.damaged)
    }
  }

  private static let filesInAnEntry = 2_000

  /// A share's number under a policy.
  private struct HeldPlace: Hashable {
    let policy: SHA256Hash
    let number: Int
  }
}

/// The caller's own shares, as they lie in the vault's lock files. A custodian cannot tell which counsel sealed a record:
/// where several have signed good shares for one place, all of them are own.
struct OwnShares {
  struct One {
    let subject: LocksNote.Subject
    let address: ShareAddress
    let note: ShareNote
  }

  private(set) var all: [One] = []
  private(set) var damaged = 0

  /// A set has a number of 15 bits: two records may share it.
  private struct Place: Hashable {
    let manifest: SHA256Hash
    let address: ShareAddress
    let sealer: SHA256Hash
    let own: SHA256Hash
  }

  /// - Parameter successor: who must be able to hold them: nobody gets two shares of one policy.
  init(_ session: Session, for successor: Roster.Member) throws(VaultError) {
    let index = try session.reader().locks
    let (holders, check) = (ShareHolders(session.log), ShareCheck(session.log))
    damaged = index.damaged.count
    var known: Set<Place> = []
    for file in index.files.sorted() {
      guard let found = try index.read(file), case .record(let record, let manifest) = found.note.subject else {
        continue
      }
      for lock in found.note.locks {
        guard case .share(let address) = lock.to, let policy = session.log.roster.policies[address.policy],
          Self.mayHandOn(session.key.hash, to: successor.key, address.number, policy, holders),
          let content = try? AgeFile.open(lock.file.span, with: [session.key.identity]),
          let note = try? ShareNote(parsing: content.bytes),
          (try? check.share(in: note, at: address, of: record, policy)) != nil
        else { continue }
        let place = Place(
          manifest: manifest, address: address, sealer: note.claims.author,
          own: note.claims.hashes[note.claims.number - 1])
        guard known.insert(place).inserted else { continue }
        all.append(One(subject: found.note.subject, address: address, note: note))
      }
    }
  }

  private static func mayHandOn(
    _ own: SHA256Hash, to successor: SHA256Hash, _ number: Int, _ policy: Policy, _ holders: ShareHolders
  ) -> Bool {
    guard (1...policy.body.custodians.count).contains(number), !holders.holdsAnother(successor, than: number, policy)
    else { return false }
    let chain = holders.named(number, policy)
    return chain.last == own || chain.last == successor && chain.dropLast().last == own
  }
}
