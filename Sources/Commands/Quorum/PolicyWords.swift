import Record
import Sodium
import TestimonyVault

/// A policy of custodians in words.
extension Face {
  /// `3 of 5 custodians (bakyt, dana, …)`, or `aigul alone`.
  func words(for policy: Record.Policy, of holders: [String], left: [String] = []) -> String {
    if policy.body.isAlone { return "\(holders.joined(separator: ", ")) alone" }
    let gone = left.isEmpty ? "" : "; none to \(left.joined(separator: ", "))"
    return "\(policy.body.threshold) of \(holders.count) custodians (\(holders.joined(separator: ", "))\(gone))"
  }

  func words(for policy: Record.Policy, _ session: Session) -> String {
    words(for: policy, of: names(policy.body.custodians, session))
  }

  func lines(of policy: Record.Policy, _ session: Session) -> [String] {
    var lines = ["quorum       \(words(for: policy, session))", "policy       \(policy.note)"]
    if let before = policy.body.previous.flatMap({ session.log.roster.policies[$0] }) {
      lines.append("changes      \(words(for: before, session))")
    }
    return lines
  }

  /// Whose word is still wanted, or that it counts.
  func waiting(for policy: Record.Policy, _ session: Session) throws {
    let roster = session.log.roster
    if roster.policyPath.contains(policy.note) {
      try out("in force     identities are sealed under it from now on")
      return
    }
    if !policy.waiting.isEmpty {
      try out("waiting for  \(names(policy.waiting, session).joined(separator: ", "))")
    }
    if let before = policy.body.previous.flatMap({ roster.policies[$0] }), policy.outgoingLacking(before) > 0 {
      let others = before.body.custodians.filter { !policy.accepted.contains($0) }
      try out(
        "waiting for  \(policy.outgoingLacking(before)) more of the outgoing: \(names(others, session).joined(separator: ", "))"
      )
    }
    next("each of them, on their own machine: \(Program.name) quorum accept")
  }

  func json(of policy: Record.Policy, _ session: Session) -> JSON {
    let outgoing = policy.body.previous.flatMap { session.log.roster.policies[$0] }.map { policy.outgoingLacking($0) }
    return [
      "policy": .hash(policy.note), "threshold": .integer(Int64(policy.body.threshold)),
      "custodians": .array(names(policy.body.custodians, session).map { .string($0) }),
      "alone": .bool(policy.body.isAlone), "in-force": .bool(session.log.roster.policy?.note == policy.note),
      "waiting": .array(names(policy.waiting, session).map { .string($0) }),
      "outgoing-lacking": .integer(Int64(outgoing ?? 0)),
    ]
  }

  private func names(_ keys: [SHA256Hash], _ session: Session) -> [String] {
    keys.map { session.log.roster.members[$0]?.name ?? $0.handle }
  }
}
