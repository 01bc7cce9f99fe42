public import Sodium

/// The body of a `quorum` entry: a policy, who opens identities together. It is named by the entry's note hash, and counts
/// when every custodian accepted it (PROTOCOL, quorum).
public struct QuorumBody: Sendable, Equatable {
  /// How many together.
  public let threshold: Int
  /// By key hash; share number k, from 1, is the k-th's.
  public let custodians: [SHA256Hash]
  /// A lone lawyer's choice: one person opens every identity alone.
  public let isAlone: Bool
  /// The policy that this one changes; a change also needs `threshold` of its custodians.
  public let previous: SHA256Hash?

  /// SLIP-39 has 4 bits for a share's number.
  public static let mostCustodians = 16

  public init(threshold: Int, custodians: [SHA256Hash], isAlone: Bool, previous: SHA256Hash?) throws(RecordError) {
    guard (1...Self.mostCustodians).contains(custodians.count), Set(custodians).count == custodians.count else {
      throw .field("custodians")
    }
    guard isAlone ? threshold == 1 && custodians.count == 1 : threshold >= 2 && threshold <= custodians.count else {
      throw .field("threshold")
    }
    self.threshold = threshold
    self.custodians = custodians
    self.isAlone = isAlone
    self.previous = previous
  }

  public var json: JSON {
    [
      "threshold": .integer(Int64(threshold)), "custodians": .hashes(custodians), "alone": .bool(isAlone),
      "previous": previous.map { .hash($0) } ?? .null,
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    try self.init(
      threshold: try fields.count("threshold"), custodians: try fields.hashes("custodians"),
      isAlone: try fields.bool("alone"), previous: try fields.optionalHash("previous"))
  }
}

/// The body of an `accept` entry: a custodian takes a policy on, or, of the one that it changes, lets it go.
public struct AcceptBody: Sendable {
  /// The note hash of the `quorum` entry.
  public let policy: SHA256Hash

  public init(policy: SHA256Hash) { self.policy = policy }

  public var json: JSON { ["quorum": .hash(policy)] }

  public init(_ json: JSON) throws(RecordError) { self.policy = try Fields(json, "body").hash("quorum") }
}

/// The body of a `replace` entry: a custodian hands own shares of one policy on to somebody else.
public struct ReplaceBody: Sendable {
  public let policy: SHA256Hash
  /// The number of the shares, from 1.
  public let number: Int
  /// The key hash of who holds them now.
  public let successor: SHA256Hash
  /// The lock files that carry them.
  public let locks: [SHA256Hash]

  public init(policy: SHA256Hash, number: Int, successor: SHA256Hash, locks: [SHA256Hash]) {
    self.policy = policy
    self.number = number
    self.successor = successor
    self.locks = locks
  }

  public var json: JSON {
    [
      "policy": .hash(policy), "number": .integer(Int64(number)), "to": .hash(successor), "locks": .hashes(locks),
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.policy = try fields.hash("policy")
    self.number = try fields.count("number")
    self.successor = try fields.hash("to")
    self.locks = try fields.hashes("locks")
  }
}

/// The body of a `drill` entry: a quorum has opened a canary, as whoever opened it says.
public struct DrillBody: Sendable {
  /// The policy that was tried, by the note hash of its `quorum` entry.
  public let policy: SHA256Hash
  /// The note hash of the request.
  public let request: SHA256Hash
  /// Who approved, by key hash.
  public let approvers: [SHA256Hash]

  public init(policy: SHA256Hash, request: SHA256Hash, approvers: [SHA256Hash]) {
    self.policy = policy
    self.request = request
    self.approvers = approvers
  }

  public var json: JSON {
    ["policy": .hash(policy), "request": .hash(request), "approvers": .hashes(approvers)]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.policy = try fields.hash("policy")
    self.request = try fields.hash("request")
    self.approvers = try fields.hashes("approvers")
  }
}
