public import Sodium
import Transparency

/// What a field device is given (PROTOCOL, drops; DESIGN §7): the vault's open notes, whom it seals to, and until when.
/// Signed by the publisher who made it. It names no person but the worker, and holds no key that opens anything.
public struct KitNote: Sendable {
  /// Share k, from 1, is sealed to the k-th recipient; nil where that custodian has left since.
  public struct Quorum: Equatable, Sendable {
    /// The note hash of the policy's `quorum` entry.
    public let policy: SHA256Hash
    public let threshold: Int
    public let recipients: [String?]

    public init(policy: SHA256Hash, threshold: Int, recipients: [String?]) throws(RecordError) {
      guard 1...QuorumBody.mostCustodians ~= recipients.count,
        recipients.count == 1 ? threshold == 1 : 2...recipients.count ~= threshold,
        recipients.count(where: { $0 != nil }) >= threshold
      else { throw .field("quorum") }
      self.policy = policy
      self.threshold = threshold
      self.recipients = recipients
    }

    public var json: JSON {
      [
        "policy": .hash(policy), "threshold": .integer(Int64(threshold)),
        "recipients": .array(recipients.map { $0.map { .string($0) } ?? .null }),
      ]
    }

    public init(_ fields: Fields) throws(RecordError) {
      var recipients: [String?] = []
      for value in try fields.list("recipients") {
        guard value == .null || value.text != nil else { throw .field("recipients") }
        recipients.append(value.text)
      }
      try self.init(
        policy: try fields.hash("policy"), threshold: try fields.count("threshold"), recipients: recipients)
    }
  }

  /// `vault.note`, whole.
  public let vaultNote: String
  /// Every `keys` note along the founder's signatures, the first one first, whole.
  public let keysNotes: [String]
  public let publisher: Int
  /// The kit's key hash.
  public let kit: SHA256Hash
  public let worker: String
  public let until: ClaimedTime
  public let rule: SafetyRule
  public let quorum: Quorum
  /// A language of the catalogues: `en`, `ru`, `kk`, `ug`, `zh`.
  public let language: String
  /// Questions in the worker's language, with the names of the fields that the answers become.
  public let form: [(name: String, question: String)]
  /// When it was made.
  public let time: ClaimedTime

  public init(
    vaultNote: String, keysNotes: [String], publisher: Int, kit: SHA256Hash, worker: PersonName, until: ClaimedTime,
    rule: SafetyRule, quorum: Quorum, language: String, form: [(name: String, question: String)], time: ClaimedTime
  ) {
    self.vaultNote = vaultNote
    self.keysNotes = keysNotes
    self.publisher = publisher
    self.kit = kit
    self.worker = worker.text
    self.until = until
    self.rule = rule
    self.quorum = quorum
    self.language = language
    self.form = form
    self.time = time
  }

  public func signed(in vault: SHA256Hash, with key: SigningKey) throws(RecordError) -> SealedNote {
    try SealedNote.sign(.kit, json, as: KeyName.publisher(publisher, of: vault), with: key, size: .entry)
  }

  private var json: JSON {
    [
      "vault": .string(vaultNote), "keys": .array(keysNotes.map { .string($0) }),
      "publisher": .integer(Int64(publisher)), "kit": .hash(kit), "worker": .string(worker),
      "until": .string(until.description), "rule": .string(rule.rawValue), "quorum": quorum.json,
      "language": .string(language),
      "form": .array(form.map { ["name": .string($0.name), "question": .string($0.question)] }),
      "time": .string(time.description),
    ]
  }

  /// Reads what was inside a seal; its signature is not checked yet.
  public init(_ json: JSON) throws(RecordError) {
    let body = try Fields(json, "body")
    vaultNote = try body.text("vault")
    var keysNotes: [String] = []
    for value in try body.list("keys") {
      guard let text = value.text else { throw .field("keys") }
      keysNotes.append(text)
    }
    self.keysNotes = keysNotes
    publisher = try body.count("publisher")
    kit = try body.hash("kit")
    do { worker = try PersonName(try body.text("worker")).text } catch { throw .field("worker") }
    until = try body.time("until")
    guard let rule = SafetyRule(rawValue: try body.text("rule")) else { throw .field("rule") }
    self.rule = rule
    quorum = try Quorum(body.object("quorum"))
    language = try body.text("language")
    var form: [(name: String, question: String)] = []
    for value in try body.list("form") {
      let one = try Fields(value, "form")
      form.append((try one.text("name"), try one.text("question")))
    }
    self.form = form
    time = try body.time("time")
  }
}
