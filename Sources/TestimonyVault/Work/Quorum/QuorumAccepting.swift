public import Record
import Sodium

extension Session {
  /// The policy that waits for this member's word: the newest that the founder stated behind the one in force. An older one
  /// that was left behind is not brought back by a word too many.
  public func policyToAccept() throws(VaultError) -> Policy {
    let waiting = log.roster.policies.values.filter { $0.body.previous == log.roster.policy?.note }
    let newest = waiting.max { one, other in (stated(one), one.note) < (stated(other), other.note) }
    guard let newest, newest.mayAccept(key.hash, in: log.roster) else { throw .nothingToAccept }
    return newest
  }

  /// Where a policy stands in the founder's chain.
  private func stated(_ policy: Policy) -> Int64 {
    log.entries.first { $0.note == policy.note }?.entry.seq ?? 0
  }

  /// Accepts the newest policy that waits for this member.
  public func acceptQuorum() throws(VaultError) -> Policy {
    let policy = try policyToAccept()
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
