import Sodium

// What the entries about identities ask for: who may request, answer, and hand shares on.
extension EntryJudging {
  /// Counsel ask; the author of the request's origin is the author of the entry.
  mutating func applyRequest(_ one: VerifiedEntry) throws {
    try require(.counsel, one)
    try require(CircleName.custodians, one)
    let body = try RequestBody(one.entry.body, vault: vault)
    guard body.origin.author == one.entry.author else { throw EntryFault.malformed(.origin) }
    requests[one.note] = (one.entry.author, body)
  }

  /// Custodians answer, each with an entry of their own.
  mutating func applyAnswer(_ one: VerifiedEntry, to request: SHA256Hash) throws {
    try require(CircleName.custodians, one)
    guard requests[request] != nil else { throw EntryFault.unknownRequest }
    let roster = roster(at: one)
    guard let member = roster.members[one.entry.author], roster.isCustodian(member) else { throw EntryFault.role }
  }

  /// Whoever hands shares on holds them: as the policy says, or by an earlier `replace`.
  mutating func applyReplace(_ one: VerifiedEntry) throws {
    try require(CircleName.members, one)
    let body = try ReplaceBody(one.entry.body)
    let roster = roster(at: one)
    guard let policy = roster.policies[body.policy], body.number <= policy.body.custodians.count else {
      throw EntryFault.unknownRequest
    }
    guard let successor = roster.members[body.successor], successor.holds(.custodian) else { throw EntryFault.role }
    let holder = SharePlace(policy: body.policy, number: body.number)
    let isFirst = policy.body.custodians[body.number - 1] == one.entry.author
    guard isFirst || shareHolders[holder]?.contains(one.entry.author) ?? false else { throw EntryFault.role }
    shareHolders[holder, default: []].insert(body.successor)
  }
}

/// A share's number under a policy.
struct SharePlace: Hashable, Sendable {
  let policy: SHA256Hash
  let number: Int
}
