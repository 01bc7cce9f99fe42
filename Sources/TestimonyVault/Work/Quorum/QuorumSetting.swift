public import Record
import Sodium

/// A policy as a founder is about to state it.
public struct QuorumPlan: Sendable {
  public let threshold: Int
  public let custodians: [Roster.Member]
  public let isAlone: Bool
  /// The policy in force, which it changes.
  public let previous: Policy?
  /// How large the plaintext of a record's lock file becomes with so many shares, in bytes.
  public let lockFileSize: Int

  /// Whether lock files leave their smallest class: then records under this policy can be told from others by size.
  public var leavesClass: Bool { lockFileSize > SizeClass.lockFile.rawValue }
}

extension Session {
  /// What a `quorum` entry would say; throws where it would not count.
  public func quorumPlan(_ threshold: Int, of names: [String], alone: Bool) throws(VaultError) -> QuorumPlan {
    guard isFounder else { throw .needsFounder }
    var custodians: [Roster.Member] = []
    for name in names {
      guard let member = log.roster.member(named: name), member.isActive else { throw .noSuchMember(name) }
      guard member.holds(.custodian) || alone && member.holds(.counsel) else { throw .quorum(.notACustodian(name)) }
      custodians.append(member)
    }
    for (place, one) in custodians.enumerated() {
      for other in custodians[..<place] where log.roster.isOnePerson(one, other) {
        throw .quorum(.onePerson(other.name, one.name))
      }
    }
    do {
      _ = try QuorumBody(
        threshold: threshold, custodians: custodians.map(\.key), isAlone: alone, previous: log.roster.policy?.note)
    } catch { throw .quorum(.numbers(threshold, of: custodians.count)) }
    return QuorumPlan(
      threshold: threshold, custodians: custodians, isAlone: alone, previous: log.roster.policy,
      lockFileSize: IdentitySplitting.lockFileSize(shares: custodians.count, kind))
  }

  /// States a policy: it counts when every custodian, and enough of the outgoing ones, have accepted it. What the founder
  /// accepts as a custodian of her own is accepted at once.
  public func setQuorum(_ plan: QuorumPlan) throws(VaultError) -> Policy {
    let names = plan.custodians.map(\.name)
    let note = try write { writing in
      let plan = try self.quorumPlan(plan.threshold, of: names, alone: plan.isAlone)
      let body = try QuorumBody(
        threshold: plan.threshold, custodians: plan.custodians.map(\.key), isAlone: plan.isAlone,
        previous: plan.previous?.note)
      let members = try self.circle(CircleName.members)
      let written = try writing.chain.entry(
        .quorum, by: self.key.founder, to: members.body, members.recipient, body: body.json)
      try writing.stage(written)
      return written.note
    }
    if try stands(note).mayAccept(key.hash, in: log.roster) { _ = try acceptQuorum() }
    return try stands(note)
  }

  private func stands(_ note: SHA256Hash) throws(VaultError) -> Policy {
    guard let policy = log.roster.policies[note] else { throw .missing(Place("log")) }
    return policy
  }
}

extension Policy {
  /// Whether somebody's word is still wanted: as a custodian of it, of the one that it changes, or of one beside it with
  /// which it is contested.
  func mayAccept(_ member: SHA256Hash, in roster: Roster) -> Bool {
    if accepted.contains(member) { return false }
    var concerned = [self] + (body.previous.flatMap { roster.policies[$0] }.map { [$0] } ?? [])
    if roster.contestedPolicies.contains(note) {
      concerned += roster.contestedPolicies.compactMap { roster.policies[$0] }
    }
    return concerned.contains { $0.body.custodians.contains(member) }
  }
}

extension Roster {
  /// Whether two members are one person: by the founder's word, or by the name that people know them by. Names are folded,
  /// as where it is judged which policies count: one that would not must not be stated.
  func isOnePerson(_ one: Member, _ other: Member) -> Bool {
    person(of: one.key) == person(of: other.key)
      || Folding.fold(one.admission.displayName) == Folding.fold(other.admission.displayName)
  }
}
