import Age
import Platform
public import Record
public import Sodium

/// What a field device remembers of the drops that it sealed, sealed to itself: numbers, names of files, receipts. Nothing
/// in it opens a drop.
public struct Outbox: Sendable {
  public struct Drop: Sendable, Equatable {
    public let number: Int
    /// The head's note hash: what receipts and corrections name.
    public let head: SHA256Hash
    /// The head's file.
    public let file: SHA256Hash
    /// All other files.
    public let files: [SHA256Hash]
    public let time: ClaimedTime
    /// The numbers of the publishers who signed for it.
    public var receipts: Set<Int> = []
    /// Whether a checkpoint covers it.
    public var isCovered = false
    /// Whether it was exported at least once.
    public var wasExported = false
    /// Whether its files are gone from this device.
    public var isCleaned = false

    public var code: ReceiptCode { ReceiptCode(of: head) }

    public func isSafe(under rule: SafetyRule) -> Bool {
      switch rule {
      case .twoCounsel: receipts.count >= 2
      case .checkpoint: !receipts.isEmpty && isCovered
      }
    }
  }

  let vault: SHA256Hash
  /// The number of the next drop.
  var next = 1
  var void: [Int] = []
  /// A drop that was about to be put in place.
  var intent: Drop?
  public internal(set) var drops: [Drop] = []
  /// The `keys` notes that a receipt brought, and the quorum that follows from one; empty and nil: those of the kit itself.
  var keysNotes: [String] = []
  var quorum: KitNote.Quorum?
  /// What an interrupted note had sealed of its attachments.
  public internal(set) var unfinished: UnfinishedNote?
  /// When the newest receipt was signed, as its author claims.
  public internal(set) var heard: ClaimedTime?

  init(vault: SHA256Hash) { self.vault = vault }

  static func fileName(_ kit: PersonName) -> PathBytes { PathBytes("\(kit.text).drops") }

  /// - Returns: objects of an unfinished note that this drop came of, and did not use.
  mutating func adopt(_ drop: Drop) -> [SHA256Hash] {
    drops.append(drop)
    next = max(next, drop.number + 1)
    void = []
    intent = nil
    guard let objects = unfinished?.objects, !Set(objects).isDisjoint(with: drop.files) else { return [] }
    unfinished = nil
    return objects.filter { !drop.files.contains($0) }
  }

  /// Gives up a number: it is named as void by the next drop, and never used again.
  /// - Returns: objects of the drop that nothing needs any more.
  mutating func giveUp(_ drop: Drop) -> [SHA256Hash] {
    void.append(drop.number)
    next = max(next, drop.number + 1)
    intent = nil
    let kept = unfinished?.objects ?? []
    return drop.files.filter { !kept.contains($0) }
  }
}

// As a signed and sealed note.
extension Outbox {
  func sealed(for key: MemberKey) throws(VaultError) -> [UInt8] {
    do {
      let note = try SealedNote.sign(.outbox, json, as: KeyName.kit(of: vault), with: key.signing, size: .entry)
      return try AgeFile.seal(note.encoded.span, to: [key.identity.recipient])
    } catch { throw VaultError(error) }
  }

  init(opening file: [UInt8], for key: MemberKey, vault: SHA256Hash, place: String) throws(VaultError) {
    do {
      let text = try AgeFile.open(file.span, with: [key.identity])
      let sealed = try SealedNote(parsing: text.bytes, as: .outbox)
      _ = try sealed.verified(as: KeyName.kit(of: vault), by: key.signing.verifyingKey)
      try self.init(Fields(sealed.body), vault)
    } catch { throw .kit(.lostList(Place(place))) }
  }

  private var json: JSON {
    [
      "vault": .hash(vault), "next": .integer(Int64(next)), "void": .array(void.map { .integer(Int64($0)) }),
      "intent": intent.map(Self.encode) ?? .null, "drops": .array(drops.map(Self.encode)),
      "keys": .array(keysNotes.map { .string($0) }), "quorum": quorum?.json ?? .null,
      "heard": heard.map { .string($0.description) } ?? .null, "unfinished": unfinished?.json ?? .null,
    ]
  }

  private static func encode(_ drop: Drop) -> JSON {
    [
      "number": .integer(Int64(drop.number)), "head": .hash(drop.head), "file": .hash(drop.file),
      "files": .hashes(drop.files), "time": .string(drop.time.description),
      "receipts": .array(drop.receipts.sorted().map { .integer(Int64($0)) }), "covered": .bool(drop.isCovered),
      "exported": .bool(drop.wasExported), "cleaned": .bool(drop.isCleaned),
    ]
  }

  private init(_ fields: Fields, _ vault: SHA256Hash) throws(RecordError) {
    guard try fields.hash("vault") == vault else { throw .otherVault }
    self.vault = vault
    next = try fields.count("next")
    for value in try fields.list("void") {
      guard let number = value.int, 1...1_000_000 ~= number else { throw .field("void") }
      void.append(Int(number))
    }
    intent = try fields.optionalObject("intent").map { (one) throws(RecordError) in try Self.drop(one) }
    for value in try fields.list("drops") { drops.append(try Self.drop(Fields(value, "drops"))) }
    for value in try fields.list("keys") {
      guard let text = value.text else { throw .field("keys") }
      keysNotes.append(text)
    }
    quorum = try fields.optionalObject("quorum").map { (one) throws(RecordError) in try KitNote.Quorum(one) }
    heard = try fields.value("heard") == .null ? nil : try fields.time("heard")
    // A list from before notes could go on has none.
    if fields.json["unfinished"] != nil {
      unfinished = try fields.optionalObject("unfinished").map { (one) throws(RecordError) in try UnfinishedNote(one) }
    }
  }

  private static func drop(_ fields: Fields) throws(RecordError) -> Drop {
    var receipts: Set<Int> = []
    for value in try fields.list("receipts") {
      guard let number = value.int, 1...1_000_000 ~= number else { throw .field("receipts") }
      receipts.insert(Int(number))
    }
    return Drop(
      number: try fields.count("number"), head: try fields.hash("head"), file: try fields.hash("file"),
      files: try fields.hashes("files"), time: try fields.time("time"), receipts: receipts,
      isCovered: try fields.bool("covered"), wasExported: try fields.bool("exported"),
      isCleaned: try fields.bool("cleaned"))
  }
}
