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
  /// Who sent or signed what is not good. Of custodians only those of whom no good share of the same identity came.
  var accused: [Accusation] {
    let good = Set(
      shares.enumerated().flatMap { index, some in some.map { Place(sender: $0.holder, identity: index) } })
    let custodians = sent.filter { !good.contains($0.place) }.map(\.accusation)
    return (sealers + custodians).reduce(into: []) { all, one in if !all.contains(one) { all.append(one) } }
  }

  private struct Place: Hashable {
    let sender: SHA256Hash
    /// In the request's order; nil for the whole approval.
    let identity: Int?
  }

  private var sealers: [Accusation] = []
  private var sent: [(place: Place, accusation: Accusation)] = []
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
        accuse(author, error == .doesNotOpen ? .doesNotOpen : .malformed, nil)
      }
    }
  }

  private mutating func accuse(_ custodian: SHA256Hash, _ wrong: Accusation.Wrong, _ index: Int?) {
    let version = request.body.identities[index ?? 0].version
    let accusation = Accusation(.custodian, session.name(of: custodian), version: version, wrong)
    sent.append((Place(sender: custodian, identity: index), accusation))
  }

  private mutating func take(_ part: ApprovalContent.Part, _ index: Int, from author: SHA256Hash) {
    let identity = request.body.identities[index]
    guard let policy = session.log.roster.policies[identity.policy] else { return }
    switch part {
    case .none: return
    case .malformed: accuse(author, .malformed, index)
    case .note(let note):
      func sealer(_ wrong: Accusation.Wrong) -> Accusation {
        Accusation(.sealer, session.name(of: note.claims.author), version: identity.version, wrong)
      }
      guard note.claims.author == identity.sealer else { return sealers.append(sealer(.stranger)) }
      var share: Mnemonic?
      do throws(ShareCheck.Wrong) {
        share = try check.share(in: note, of: identity, record: request.body.record, policy)
      } catch {
        guard error.isTheSealers else { return accuse(author, error.what, index) }
        // The sealer signed it. Whoever hands on what the sealer made wrong has done nothing.
        sealers.append(sealer(error.what))
      }
      guard holders.holders(of: note.claims.number, policy).contains(author) else {
        return accuse(author, .otherHolder, index)
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
}
