public import Sodium
import Transparency

/// Counsel's signed word to one kit that drops arrived, and what changed since the kit was made (PROTOCOL, signed notes).
public struct ReceiptNote: Sendable {
  public struct Drop: Hashable, Sendable {
    public let number: Int
    /// The note hash of the drop's head.
    public let head: SHA256Hash
    /// A file of the drop in the vault, for a checkpoint's proof.
    public let object: SHA256Hash

    public init(number: Int, head: SHA256Hash, object: SHA256Hash) {
      self.number = number
      self.head = head
      self.object = object
    }
  }

  /// A checkpoint, and for each drop that it covers where its object stands in the tree.
  public struct Covered: Sendable {
    /// The signed checkpoint, whole.
    public let checkpoint: String
    public let proofs: [(head: SHA256Hash, index: Int, path: [SHA256Hash])]

    public init(checkpoint: String, proofs: [(head: SHA256Hash, index: Int, path: [SHA256Hash])]) {
      self.checkpoint = checkpoint
      self.proofs = proofs
    }
  }

  public let vault: SHA256Hash
  public let kit: SHA256Hash
  public let publisher: Int
  public let drops: [Drop]
  /// Every `keys` note along the founder's signatures, the first one first, whole: counsel's newest recipient is in the last.
  public let keysNotes: [String]
  public let covered: Covered?
  /// The members' entries from which a newer policy follows; empty where the kit's own still holds.
  public let roster: [EmbeddedNote]
  public let time: ClaimedTime

  public init(
    vault: SHA256Hash, kit: SHA256Hash, publisher: Int, drops: [Drop], keysNotes: [String], covered: Covered?,
    roster: [EmbeddedNote], time: ClaimedTime
  ) {
    self.vault = vault
    self.kit = kit
    self.publisher = publisher
    self.drops = drops
    self.keysNotes = keysNotes
    self.covered = covered
    self.roster = roster
    self.time = time
  }

  /// Signs under the publisher's key name, padded to the class of texts (64 KiB, doubling).
  public func signed(with key: SigningKey) throws(RecordError) -> SealedNote {
    try SealedNote.sign(.receipt, json, as: KeyName.publisher(publisher, of: vault), with: key, size: .text)
  }

  private var json: JSON {
    [
      "vault": .hash(vault), "kit": .hash(kit), "publisher": .integer(Int64(publisher)),
      "drops": .array(
        drops.map {
          ["number": .integer(Int64($0.number)), "head": .hash($0.head), "object": .hash($0.object)]
        }),
      "keys": .array(keysNotes.map { .string($0) }),
      "covered": covered.map { covered in
        [
          "checkpoint": .string(covered.checkpoint),
          "proofs": .array(
            covered.proofs.map {
              ["head": .hash($0.head), "index": .integer(Int64($0.index)), "path": .hashes($0.path)]
            }),
        ]
      } ?? .null,
      "roster": .array(roster.map(\.json)), "time": .string(time.description),
    ]
  }

  /// Reads what was inside a seal; its signature is not checked yet.
  public init(_ json: JSON) throws(RecordError) {
    let body = try Fields(json, "body")
    vault = try body.hash("vault")
    kit = try body.hash("kit")
    publisher = try body.count("publisher")
    var drops: [Drop] = []
    for value in try body.list("drops") {
      let one = try Fields(value, "drops")
      drops.append(
        Drop(number: try one.count("number"), head: try one.hash("head"), object: try one.hash("object")))
    }
    self.drops = drops
    var keysNotes: [String] = []
    for value in try body.list("keys") {
      guard let text = value.text else { throw .field("keys") }
      keysNotes.append(text)
    }
    self.keysNotes = keysNotes
    if let covered = try body.optionalObject("covered") {
      var proofs: [(head: SHA256Hash, index: Int, path: [SHA256Hash])] = []
      for value in try covered.list("proofs") {
        let one = try Fields(value, "proofs")
        proofs.append((try one.hash("head"), Int(try one.integer("index")), try one.hashes("path")))
      }
      self.covered = Covered(checkpoint: try covered.text("checkpoint"), proofs: proofs)
    } else {
      covered = nil
    }
    var roster: [EmbeddedNote] = []
    for value in try body.list("roster") { roster.append(try EmbeddedNote(Fields(value, "roster"))) }
    self.roster = roster
    time = try body.time("time")
  }
}
