public import Record
import Sodium

extension Session {
  /// The newest policy that waits for this member's word; throws where there is none.
  public func policyToAccept() throws(VaultError) -> Policy {
    let waiting = log.roster.policies.values.filter { $0.mayAccept(key.hash, in: log.roster) }
    let newest = waiting.filter { !log.roster.policyPath.contains($0.note) }.max { one, other in
      (stated(one), one.note) < (stated(other), other.note)
    }
    guard let newest else { throw .nothingToAccept }
    return newest
  }

  /// When a policy was stated, as the founder claims.
  private func stated(_ policy: Policy) -> Int64 {
    log.entries.first { $0.note == policy.note }?.entry.time.seconds ?? 0
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
