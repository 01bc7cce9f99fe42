public import Sodium

/// The body of a `note` entry, for counsel: one note from the field, as it was taken in.
public struct NoteBody: Sendable {
  /// What became of it.
  public enum Standing: String, Sendable, CaseIterable {
    /// Filed as a record: a `seal` entry of the same write says so to the case's reviewers.
    case filed
    /// Kept, and not filed: a counsel decides.
    case quarantined
  }

  public enum Source: Sendable {
    /// A drop: its signed head, as evidence.
    case drop(head: EmbeddedNote, note: SHA256Hash, kit: SHA256Hash, number: Int)
    /// A plain age file that nobody signed, by its hash.
    case unsigned(SHA256Hash)
  }

  public let source: Source
  /// The record's id hash.
  public let record: SHA256Hash
  public let standing: Standing
  /// Why it is kept apart, or was taken in all the same; nil where there is nothing to say.
  public let reason: String?
  /// When it came, as the author claims.
  public let time: ClaimedTime

  public init(source: Source, record: SHA256Hash, standing: Standing, reason: String?, time: ClaimedTime) {
    self.source = source
    self.record = record
    self.standing = standing
    self.reason = reason
    self.time = time
  }

  public var json: JSON {
    let source: JSON =
      switch self.source {
      case .drop(let head, let note, let kit, let number):
        ["head": head.json, "note": .hash(note), "kit": .hash(kit), "number": .integer(Int64(number))]
      case .unsigned(let file): ["file": .hash(file)]
      }
    return [
      "source": source, "record": .hash(record), "standing": .string(standing.rawValue),
      "reason": reason.map { .string($0) } ?? .null, "time": .string(time.description),
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    let source = try fields.object("source")
    if source.json["head"] != nil {
      self.source = .drop(
        head: try EmbeddedNote(source.object("head")), note: try source.hash("note"), kit: try source.hash("kit"),
        number: try source.count("number"))
    } else {
      self.source = .unsigned(try source.hash("file"))
    }
    record = try fields.hash("record")
    guard let standing = Standing(rawValue: try fields.text("standing")) else { throw .field("standing") }
    self.standing = standing
    reason = try fields.value("reason") == .null ? nil : try fields.text("reason")
    time = try fields.time("time")
  }
}

extension NoteBody {
  /// Throws where what is said of a drop does not stand in the head that is embedded, signed with the kit's key. Of what
  /// nobody signed there is nothing to bear out.
  func checkHead(in vault: SHA256Hash, by key: VerifyingKey) throws(RecordError) {
    guard case .drop(let head, let note, _, let number) = source else { return }
    let bytes = try head.encoded
    let drop = try VerifiedDrop(parsing: bytes.span, vault: vault, key: key)
    guard drop.note == note, drop.head.number == number, drop.head.record.hash == record else { throw .field("head") }
  }

  /// The kit that a drop came from; nil of what nobody signed.
  var kit: SHA256Hash? { if case .drop(_, _, let kit, _) = source { kit } else { nil } }
}

/// The body of an `intake` entry, for counsel: a receipt that was signed for a kit.
public struct IntakeBody: Sendable {
  public let kit: SHA256Hash
  /// The note hashes of the heads that it names.
  public let drops: [SHA256Hash]
  /// The receipt's own file, by its hash.
  public let receipt: SHA256Hash

  public init(kit: SHA256Hash, drops: [SHA256Hash], receipt: SHA256Hash) {
    self.kit = kit
    self.drops = drops
    self.receipt = receipt
  }

  public var json: JSON { ["kit": .hash(kit), "drops": .hashes(drops), "receipt": .hash(receipt)] }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    kit = try fields.hash("kit")
    drops = try fields.hashes("drops")
    receipt = try fields.hash("receipt")
  }
}
