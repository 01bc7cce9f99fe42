public import Sodium

/// The body of a `kit` entry, for all members: a field device's signing key and until when what it signs is taken in.
/// Who works with it, counsel alone are told.
public struct KitBody: Sendable {
  public let key: VerifyingKey
  public let until: ClaimedTime

  public var kit: SHA256Hash { KeyHash.of(key) }

  public init(key: VerifyingKey, until: ClaimedTime) {
    self.key = key
    self.until = until
  }

  public var json: JSON {
    ["kit": .hash(kit), "key": .string(Hex.encode(key.bytes)), "until": .string(until.description)]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    key = try fields.key("key")
    until = try fields.time("until")
    guard try fields.hash("kit") == kit else { throw .field("kit") }
  }
}

/// The body of a `kit-revoke` entry, for all members: the last drop of a kit that counts.
public struct KitRevokeBody: Sendable {
  public struct Last: Equatable, Sendable {
    public let number: Int
    /// The note hash of its head.
    public let head: SHA256Hash

    public init(number: Int, head: SHA256Hash) {
      self.number = number
      self.head = head
    }
  }

  public let kit: SHA256Hash
  /// Nil where none counts beyond those that were taken in.
  public let last: Last?

  public init(kit: SHA256Hash, last: Last?) {
    self.kit = kit
    self.last = last
  }

  public var json: JSON {
    [
      "kit": .hash(kit),
      "last": last.map { ["number": .integer(Int64($0.number)), "head": .hash($0.head)] } ?? .null,
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    kit = try fields.hash("kit")
    if let last = try fields.optionalObject("last") {
      self.last = Last(number: try last.count("number"), head: try last.hash("head"))
    } else {
      last = nil
    }
  }
}

/// What it takes before a field device lets go of its own copy of a drop.
public enum SafetyRule: String, Sendable, CaseIterable {
  /// Receipts of two counsel.
  case twoCounsel = "two-counsel"
  /// One receipt, and a checkpoint of the registrar that covers the drop.
  case checkpoint
}

/// The body of a `worker` entry, for counsel: who works with a kit, and what its device was given.
public struct WorkerBody: Sendable {
  public let kit: SHA256Hash
  /// A pseudonym.
  public let name: String
  /// The kit's own age recipient: receipts are sealed to it.
  public let receipts: String
  public let rule: SafetyRule
  /// The epoch of counsel's circle that the kit seals to, and the policy whose custodians it knows, as it was made.
  public let counsel: SHA256Hash
  public let policy: SHA256Hash
  /// The case that its notes go to; nil where that is asked at intake.
  public let caseID: SHA256Hash?

  public init(
    kit: SHA256Hash, name: PersonName, receipts: String, rule: SafetyRule, counsel: SHA256Hash, policy: SHA256Hash,
    caseID: SHA256Hash?
  ) {
    self.kit = kit
    self.name = name.text
    self.receipts = receipts
    self.rule = rule
    self.counsel = counsel
    self.policy = policy
    self.caseID = caseID
  }

  public var json: JSON {
    [
      "kit": .hash(kit), "name": .string(name), "receipts": .string(receipts), "rule": .string(rule.rawValue),
      "counsel": .hash(counsel), "policy": .hash(policy), "case": caseID.map { .hash($0) } ?? .null,
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    kit = try fields.hash("kit")
    do { name = try PersonName(try fields.text("name")).text } catch { throw .field("name") }
    receipts = try fields.text("receipts")
    guard let rule = SafetyRule(rawValue: try fields.text("rule")) else { throw .field("rule") }
    self.rule = rule
    counsel = try fields.hash("counsel")
    policy = try fields.hash("policy")
    caseID = try fields.optionalHash("case")
  }
}
