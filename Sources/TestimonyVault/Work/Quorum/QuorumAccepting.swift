public import Record
import Sodium

extension Session {
  /// The policy that waits for this member's word: the newest that the founder stated behind the one in force. An older one
  /// that was left behind is not brought back by a word too many.
  ///
  /// - Parameter named: the first digits of a policy's hash, where several stand beside each other and the custodians settle
  ///   which of them holds.
  public func policyToAccept(_ named: String? = nil) throws(VaultError) -> Policy {
    let roster = log.roster
    if let named {
      let found = roster.policies.values.filter { $0.note.description.hasPrefix(named) }
      guard named.utf8.count >= 8, let policy = found.first, found.count == 1, policy.mayAccept(key.hash, in: roster)
      else {
        throw .quorum(.noSuchPolicy(named))
      }
      return policy
    }
    guard roster.contestedPolicies.isEmpty else { throw .quorum(.contested(roster.contestedPolicies.count)) }
    let waiting = roster.policies.values.filter { $0.body.previous == roster.policy?.note }
    let newest = waiting.max { one, other in (stated(one), one.note) < (stated(other), other.note) }
    guard let newest, newest.mayAccept(key.hash, in: roster) else { throw .quorum(.nothingToAccept) }
    return newest
  }

  /// Where a policy stands in the founder's chain.
  private func stated(_ policy: Policy) -> Int64 {
    log.entries.first { $0.note == policy.note }?.entry.seq ?? 0
  }

  /// Accepts the policy that waits for this member.
  @discardableResult
  public func acceptQuorum(_ named: String? = nil) throws(VaultError) -> Policy {
    let policy = try policyToAccept(named)
    try write { writing in
      let members = try self.circle(CircleName.members)
      try writing.stage(
        writing.chain.entry(
          .accept, by: self.key.signing, to: members.body, members.recipient,
          body: AcceptBody(policy: policy.note).json))
    }
    return log.roster.policies[policy.note] ?? policy
  }
}
