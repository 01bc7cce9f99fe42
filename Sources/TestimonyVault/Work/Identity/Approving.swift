import Age
import Platform
public import Record
import Sodium

/// What approving a request came to.
public struct Approved: Sendable {
  public let id: ThingID
  /// False where the caller had approved before: nothing was done.
  public let isNew: Bool
  /// Of how many versions the share was sent.
  public let shares: Int
  /// What is wrong with the shares of other versions.
  public let accused: [Accusation]
  public let requester: String
  /// Whether it is a key that the requester splits anew, and shows to nobody.
  public let isSplit: Bool
}

extension Session {
  /// Throws where the caller cannot approve a request; gives the share notes that an approval would send.
  @discardableResult
  func checkApproval(of standing: RequestStanding) throws(VaultError) -> (notes: [ShareNote?], accused: [Accusation]) {
    try requireCustodian()
    let request = standing.history
    try requireOpen(standing)
    _ = try freshRecipient(of: request)
    var (notes, accused): ([ShareNote?], [Accusation]) = ([], [])
    var elsewhere: String?
    for identity in request.body.identities {
      switch try OwnShare.find(of: identity, in: request, self) {
      case .good(let note): notes.append(note)
      case .none: notes.append(nil)
      case .elsewhere(let name):
        elsewhere = name
        notes.append(nil)
      case .bad(let accusation):
        accused.append(accusation)
        notes.append(nil)
      case .unhanded(let name): throw .request(request.id, .shareUnhanded(name))
      case .missing(let place): throw .missing(Place(place.description))
      }
    }
    if notes.contains(where: { $0 != nil }) { return (notes, accused) }
    if !accused.isEmpty { throw .shares(request.id, accused) }
    throw .request(request.id, elsewhere.map { .shareElsewhere($0) } ?? .noShare)
  }

  public func checkApproval(_ standing: RequestStanding) throws(VaultError) {
    if standing.hasApproved { return }
    try checkApproval(of: standing)
  }

  /// Approves requests: for each an entry with the caller's share notes, sealed to the request's own fresh recipient. All
  /// of them, or none. This cannot be taken back.
  public func approve(_ ids: [ThingID]) throws(VaultError) -> [Approved] {
    try write { writing in
      let circle = try self.circle(CircleName.custodians)
      var done: [Approved] = []
      for id in ids {
        let standing = try self.findRequest(id.hash.description)
        guard !standing.hasApproved else {
          done.append(
            Approved(
              id: id, isNew: false, shares: 0, accused: [], requester: standing.requester,
              isSplit: standing.history.body.split != nil))
          continue
        }
        let (notes, accused) = try self.checkApproval(of: standing)
        let fresh = try self.freshRecipient(of: standing.history)
        let body = ApproveBody(
          request: standing.history.note, shares: try ApprovalContent.seal(notes, to: fresh))
        try writing.stage(
          writing.chain.entry(.approve, by: self.key.signing, to: circle.body, circle.recipient, body: body.json))
        done.append(
          Approved(
            id: id, isNew: true, shares: notes.filter { $0 != nil }.count, accused: accused,
            requester: standing.requester, isSplit: standing.history.body.split != nil))
      }
      return done
    }
  }

  /// Throws where requests are not this member's to see: custodians answer them, counsel make them.
  public func requireAnswering() throws(VaultError) {
    guard let me, log.roster.isCustodian(me) || me.holds(.counsel) else { throw .needsRole(.custodian) }
  }

  /// Throws where this member holds no share under any policy, and could hold none.
  func requireCustodian() throws(VaultError) {
    guard let me, log.roster.isCustodian(me) else { throw .needsRole(.custodian) }
  }

  /// Throws where a request has come to its end.
  func requireOpen(_ standing: RequestStanding) throws(VaultError) {
    switch standing.state {
    case .open, .approved: return
    case .expired: throw .request(standing.id, .expired(standing.history.body.until))
    case .cancelled(let time): throw .request(standing.id, .cancelled(time))
    case .opened(let time): throw .request(standing.id, .opened(time))
    case .twoTexts: throw .request(standing.id, .twoTexts)
    case .requesterEnded(let isRemoved):
      throw .request(standing.id, .requesterEnded(standing.requester, isRemoved: isRemoved))
    }
  }
}
