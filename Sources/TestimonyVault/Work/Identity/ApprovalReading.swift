import Age
import Record
import Shares
import Sodium

/// What the approvals of a request hold: for each identity the shares that are good, and who sent what is not.
struct ApprovalReading {
  /// A share note that is what it should be, and the SLIP-39 share in it.
  struct Share {
    let holder: SHA256Hash
    let note: ShareNote
    /// Nil where the sealer signed words that are no share.
    let mnemonic: Mnemonic?
  }

  /// In the request's order.
  private(set) var shares: [[Share]]
  private(set) var accused: [Accusation] = []

  private let session: Session
  private let request: RequestHistory
  private let check: ShareCheck
  private let holders: ShareHolders

  init(_ request: RequestHistory, with fresh: NativeIdentity, _ session: Session) throws(VaultError) {
    self.session = session
    self.request = request
    check = ShareCheck(session.log)
    holders = ShareHolders(session.log)
    shares = request.body.identities.map { _ in [] }
    for (entry, body) in request.approvals {
      let author = entry.entry.author
      // Whoever was suspended or removed since does not count.
      guard session.log.roster.members[author]?.isActive ?? false else { continue }
      do throws(ApprovalContent.Fault) {
        let parts = try ApprovalContent.open(body.shares, with: fresh, count: shares.count)
        for (index, part) in parts.enumerated() { take(part, index, from: author) }
      } catch {
        let wrong: Accusation.Wrong = error == .doesNotOpen ? .doesNotOpen : .malformed
        let version = request.body.identities.first?.version ?? 1
        accuse(Accusation(.custodian, session.name(of: author), version: version, wrong))
      }
    }
    for (identity, some) in zip(request.body.identities, shares) {
      // Whoever sent a good share of a version too is not accused of another one of it.
      let good = Set(some.map { session.name(of: $0.holder) })
      accused.removeAll { $0.role == .custodian && $0.version == identity.version && good.contains($0.name) }
    }
  }

  private mutating func accuse(_ accusation: Accusation) {
    if !accused.contains(accusation) { accused.append(accusation) }
  }

  private mutating func take(_ part: ApprovalContent.Part, _ index: Int, from author: SHA256Hash) {
    let identity = request.body.identities[index]
    let name = session.name(of: author)
    func custodian(_ wrong: Accusation.Wrong) -> Accusation {
      Accusation(.custodian, name, version: identity.version, wrong)
    }
    guard let policy = session.log.roster.policies[identity.policy] else { return }
    switch part {
    case .none: return
    case .malformed: accuse(custodian(.malformed))
    case .note(let note):
      var share: Mnemonic?
      do throws(ShareCheck.Wrong) {
        share = try check.share(in: note, of: identity, record: request.body.record, policy)
      } catch {
        guard error.isTheSealers else { return accuse(custodian(error.what)) }
        // The sealer signed it. Whoever hands on what the sealer made wrong has done nothing.
        accuse(Accusation(.sealer, session.name(of: note.claims.author), version: identity.version, error.what))
      }
      guard holders.holders(of: note.claims.number, policy).contains(author) else {
        return accuse(custodian(.otherHolder))
      }
      guard isSealer(note.claims.author, of: identity) else {
        return accuse(
          Accusation(.sealer, session.name(of: note.claims.author), version: identity.version, .stranger))
      }
      let person = session.log.roster.person(of: author)
      // One share a person, and each share once.
      let isTaken = shares[index].contains { one in
        one.note.claims.number == note.claims.number && one.note.claims.hashes == note.claims.hashes
          || session.log.roster.person(of: one.holder) == person
      }
      if !isTaken { shares[index].append(Share(holder: author, note: note, mnemonic: share)) }
    }
  }

  /// Whether somebody sealed the version, or split its key anew for the policy that is named.
  private func isSealer(_ author: SHA256Hash, of identity: RequestBody.Identity) -> Bool {
    let record = ThingID(kind: .record, hash: request.body.record)
    guard let history = session.log.records[record], let standing = history.standing[identity.manifest] else {
      return false
    }
    let notes = Set(history.standing.filter { $0.value == standing }.keys)
    return session.log.entries.contains { one in
      guard one.entry.author == author else { return false }
      if notes.contains(one.note) { return true }
      guard one.entry.type == .relock, let json = try? one.entry.body, let body = try? RelockBody(json) else {
        return false
      }
      return notes.contains(body.manifest) && body.policy == identity.policy
    }
  }
}
