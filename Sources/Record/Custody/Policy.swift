public import Sodium

/// A policy as the roster at one point shows it: who opens identities together, and who has accepted that.
public struct Policy: Sendable {
  /// The note hash of the `quorum` entry, which names the policy.
  public let note: SHA256Hash
  public let body: QuorumBody
  /// Who accepted it: own custodians, those of the policy that it changes, and those of one beside it.
  public internal(set) var accepted: Set<SHA256Hash> = []

  init(note: SHA256Hash, body: QuorumBody) {
    self.note = note
    self.body = body
  }

  /// Custodians who have not accepted.
  public var waiting: [SHA256Hash] { body.custodians.filter { !accepted.contains($0) } }

  /// The share's number, from 1, of a custodian.
  public func number(of member: SHA256Hash) -> Int? { body.custodians.firstIndex(of: member).map { $0 + 1 } }

  /// How many custodians of the policy that this one changes have still to accept.
  public func outgoingLacking(_ before: Policy) -> Int {
    max(0, before.body.threshold - before.body.custodians.filter { accepted.contains($0) }.count)
  }
}
