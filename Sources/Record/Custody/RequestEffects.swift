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

  /// Whoever hands shares on holds them now: the last to whom they were handed, or, where nobody was, whom the policy names.
  /// The one before goes on handing to the same successor: what was sealed meanwhile, or did not fit one entry.
  mutating func applyReplace(_ one: VerifiedEntry) throws {
    try require(CircleName.members, one)
    let body = try ReplaceBody(one.entry.body)
    let roster = roster(at: one)
    guard let policy = roster.stated.path.bodies[body.policy], body.number <= policy.custodians.count else {
      throw EntryFault.unknownRequest
    }
    let author = one.entry.author
    guard let successor = roster.members[body.successor], successor.holds(.custodian), body.successor != author else {
      throw EntryFault.role
    }
    func holders(of number: Int) -> [SHA256Hash] {
      [policy.custodians[number - 1]] + (shareHolders[SharePlace(policy: body.policy, number: number)] ?? [])
    }
    let chain = holders(of: body.number)
    let goesOn = chain.last == body.successor && chain.dropLast().last == author
    guard chain.last == author || goesOn else { throw EntryFault.role }
    // One share for each person: not to somebody who holds another one of the policy.
    let numbers = policy.custodians.indices.map { $0 + 1 }
    let others = numbers.filter { $0 != body.number }.flatMap(holders)
    let person = roster.person(of: body.successor)
    guard !others.contains(where: { roster.person(of: $0) == person }) else { throw EntryFault.role }
    if !goesOn {
      shareHolders[SharePlace(policy: body.policy, number: body.number), default: []].append(body.successor)
    }
  }

  /// Told by whoever opened the canary, or by a custodian.
  mutating func applyDrill(_ one: VerifiedEntry) throws {
    try require(CircleName.members, one)
    let body = try DrillBody(one.entry.body)
    let roster = roster(at: one)
    guard let author = roster.members[one.entry.author], author.holds(.counsel) || roster.isCustodian(author) else {
      throw EntryFault.role
    }
    guard roster.stated.path.bodies[body.policy] != nil else { throw EntryFault.unknownRequest }
  }
}

/// A share's number under a policy.
struct SharePlace: Hashable, Sendable {
  let policy: SHA256Hash
  let number: Int
}
