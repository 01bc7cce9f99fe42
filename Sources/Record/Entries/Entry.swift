public import Sodium
import Transparency

/// One event of the custody log (PROTOCOL, entries): signed by its author, sealed to exactly one circle.
public struct Entry: Sendable {
  /// A circle at one epoch: its name, and the hash of the recipient that the epoch is named by.
  public struct Address: Hashable, Sendable {
    public let circle: String
    public let epoch: SHA256Hash

    public init(circle: String, epoch: SHA256Hash) {
      self.circle = circle
      self.epoch = epoch
    }
  }

  /// An earlier entry of the same chain.
  public struct Link: Hashable, Sendable {
    public let seq: Int64
    public let note: SHA256Hash
    public let file: SHA256Hash

    public init(seq: Int64, note: SHA256Hash, file: SHA256Hash) {
      self.seq = seq
      self.note = note
      self.file = file
    }
  }

  public let vault: SHA256Hash
  public let type: EntryType
  /// The author's key hash.
  public let author: SHA256Hash
  /// 16 random bytes that name the chain.
  public let chain: [UInt8]
  public let seq: Int64
  public let prev: (link: Link, to: Address)?
  public let backSame: Link?
  public let backMembers: Link?
  public let roster: [SHA256Hash]
  public let seen: [SHA256Hash]
  public let void: [SHA256Hash]
  public let time: ClaimedTime
  public let to: Address
  /// What it says: an object whose fields the type decides.
  public let content: EntryContent

  public init(
    vault: SHA256Hash, type: EntryType, author: SHA256Hash, chain: [UInt8], seq: Int64,
    prev: (link: Link, to: Address)?,
    backSame: Link?, backMembers: Link?, roster: [SHA256Hash], seen: [SHA256Hash], void: [SHA256Hash],
    time: ClaimedTime, to: Address, content: EntryContent
  ) {
    self.vault = vault
    self.type = type
    self.author = author
    self.chain = chain
    self.seq = seq
    self.prev = prev
    self.backSame = backSame
    self.backMembers = backMembers
    self.roster = roster
    self.seen = seen
    self.void = void
    self.time = time
    self.to = to
    self.content = content
  }

  /// The same with the body as bytes.
  func withTextContent() throws(RecordError) -> Entry {
    Entry(
      vault: vault, type: type, author: author, chain: chain, seq: seq, prev: prev, backSame: backSame,
      backMembers: backMembers, roster: roster, seen: seen, void: void, time: time, to: to,
      content: .text(try body.printed()))
  }

  /// The body as JSON. Parsed at each call where the entry came out of an index.
  public var body: JSON { get throws(RecordError) { try content.json() } }

  /// Signs under the member's key name, padded to the class of entries (16 KiB, doubling).
  public func signed(with key: SigningKey) throws(RecordError) -> SealedNote {
    try SealedNote.sign(.entry, try json(), as: KeyName.member(of: vault), with: key, size: .entry)
  }

  public func json() throws(RecordError) -> JSON {
    [
      "vault": .hash(vault), "type": .string(type.word), "author": .hash(author), "chain": .string(Hex.encode(chain)),
      "seq": .integer(seq), "prev": prev.map { Self.encode($0.link, $0.to) } ?? .null,
      "back": [
        "same": backSame.map { Self.encode($0) } ?? .null, "members": backMembers.map { Self.encode($0) } ?? .null,
      ],
      "roster": .hashes(roster), "seen": .hashes(seen), "void": .hashes(void), "time": .string(time.description),
      "to": Self.encode(to), "body": try body,
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json)
    self.vault = try fields.hash("vault")
    self.type = EntryType(word: try fields.text("type"))
    self.author = try fields.hash("author")
    self.chain = try fields.bytes("chain", count: 16)
    self.seq = try fields.integer("seq", atLeast: 1)
    self.prev = try Self.previous(fields)
    // Without a predecessor behind seq 1, the entries before it never came to be: they stand in `void`.
    guard seq > 1 || prev == nil else { throw .field("prev") }
    let back = try fields.object("back")
    self.backSame = try Self.link(back.optionalObject("same"))
    self.backMembers = try Self.link(back.optionalObject("members"))
    self.roster = try fields.hashes("roster")
    self.seen = try fields.hashes("seen")
    self.void = try fields.hashes("void")
    self.time = try fields.time("time")
    self.to = try Self.address(fields.object("to"))
    let body = try fields.value("body")
    guard body.members != nil else { throw .field("body") }
    self.content = .parsed(body)
  }

  private static func previous(_ fields: Fields) throws(RecordError) -> (link: Link, to: Address)? {
    guard let prev = try fields.optionalObject("prev") else { return nil }
    guard let link = try link(prev) else { return nil }
    return (link, try address(prev))
  }

  private static func encode(_ link: Link) -> JSON {
    ["seq": .integer(link.seq), "note": .hash(link.note), "file": .hash(link.file)]
  }

  private static func encode(_ to: Address) -> JSON { ["circle": .string(to.circle), "epoch": .hash(to.epoch)] }

  private static func encode(_ link: Link, _ to: Address) -> JSON {
    [
      "seq": .integer(link.seq), "note": .hash(link.note), "file": .hash(link.file), "circle": .string(to.circle),
      "epoch": .hash(to.epoch),
    ]
  }

  private static func link(_ fields: Fields?) throws(RecordError) -> Link? {
    guard let fields else { return nil }
    return Link(
      seq: try fields.integer("seq", atLeast: 1), note: try fields.hash("note"), file: try fields.hash("file"))
  }

  private static func address(_ fields: Fields) throws(RecordError) -> Address {
    Address(circle: try fields.text("circle"), epoch: try fields.hash("epoch"))
  }
}

/// An entry's body: as JSON, or, out of an index, as the bytes that are parsed when somebody looks.
public enum EntryContent: Sendable {
  case parsed(JSON)
  case text([UInt8])
  /// Kept elsewhere, under a number.
  case kept(any KeptBodies, Int)

  public func json() throws(RecordError) -> JSON {
    if case .parsed(let json) = self { return json }
    let bytes = try text()
    do { return try JSON(parsing: bytes.span) } catch { throw .json(error) }
  }

  /// The JSON as text, without the spaces that fill an entry up.
  public func text() throws(RecordError) -> [UInt8] {
    switch self {
    case .parsed(let json): return json.printed()
    case .text(let bytes): return bytes
    case .kept(let bodies, let number):
      guard let bytes = bodies.body(number) else { throw .field("body") }
      return bytes
    }
  }
}

/// Where bodies of entries are kept that nobody has looked at yet.
public protocol KeptBodies: Sendable {
  /// The JSON of one body as text; nil where it cannot be had.
  func body(_ number: Int) -> [UInt8]?
}
