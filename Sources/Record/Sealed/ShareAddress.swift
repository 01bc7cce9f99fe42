public import Sodium

/// Which share of an identity's key a lock carries: its number within a policy, and the set that it was split into. A
/// requester names the set without opening a share (PROTOCOL, lock files and quorum).
public struct ShareAddress: Hashable, Sendable {
  /// From 1: the place of the custodian in the policy.
  public let number: Int
  /// The note hash of the policy's `quorum` entry.
  public let policy: SHA256Hash
  /// SLIP-39's identifier, 15 bits.
  public let set: Int

  public init(number: Int, policy: SHA256Hash, set: Int) {
    self.number = number
    self.policy = policy
    self.set = set
  }

  var json: JSON { ["share": .integer(Int64(number)), "policy": .hash(policy), "set": .integer(Int64(set))] }

  init(_ fields: Fields) throws(RecordError) {
    self.number = try fields.count("share")
    self.policy = try fields.hash("policy")
    let set = try fields.integer("set")
    guard number <= QuorumBody.mostCustodians, set <= ShareClaims.highestSet else { throw .field("share") }
    self.set = Int(set)
  }
}
