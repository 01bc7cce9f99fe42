import Age
import Platform
import Record
import Sodium

/// `NAME.seen`: what this device remembers of its vault, sealed to its owner: its own chains, what it was about to write,
/// and where its keys are. Its loss is said aloud and starts a new chain (PROTOCOL, entries).
struct SeenMemory: Sendable {
  /// One own chain, as far as it was written.
  struct Chain: Sendable {
    let author: SHA256Hash
    let chain: [UInt8]
    /// The highest seq that was ever used, written or void.
    var used: Int64
    var last: (link: Entry.Link, to: Entry.Address)?
    /// The last entry to each circle.
    var lastTo: [String: Entry.Link]
  }

  /// An entry that was about to be written: noted here before its file can exist.
  struct Intent: Sendable {
    let author: SHA256Hash
    let link: Entry.Link
    let to: Entry.Address
  }

  /// A checkpoint, as far as it must not be taken back.
  struct Checkpoint: Equatable, Sendable {
    let number: Int
    let size: Int
    let root: SHA256Hash
  }

  let vault: SHA256Hash
  var chains: [Chain] = []
  var intents: [Intent] = []
  /// Note hashes of intents that never became files, to be named by the next entry of their author.
  var void: [SHA256Hash: [SHA256Hash]] = [:]
  /// The lock files that carry this member's circle keys.
  var locks: [SHA256Hash] = []
  /// The newest checkpoint that this device has signed.
  var checkpoint: Checkpoint?

  init(vault: SHA256Hash) { self.vault = vault }

  static func fileName(_ person: PersonName) -> PathBytes { PathBytes("\(person.text).seen") }

  func chain(of author: SHA256Hash) -> Chain? { chains.first { $0.author == author } }

  mutating func replace(_ chain: Chain) {
    chains.removeAll { $0.author == chain.author }
    chains.append(chain)
  }

  /// Takes an intent as written: the chain goes on behind it.
  mutating func adopt(_ intent: Intent) {
    guard var chain = chain(of: intent.author) else { return }
    chain.used = max(chain.used, intent.link.seq)
    if intent.link.seq > chain.last?.link.seq ?? 0 { chain.last = (intent.link, intent.to) }
    if intent.link.seq > chain.lastTo[intent.to.circle]?.seq ?? 0 { chain.lastTo[intent.to.circle] = intent.link }
    replace(chain)
  }

  /// Settles what an interrupted run left: an intent whose file exists is adopted, another becomes void; its seq is
  /// never used again.
  mutating func settle(exists: (SHA256Hash) -> Bool) {
    for intent in intents.sorted(by: { $0.link.seq < $1.link.seq }) {
      if exists(intent.link.file) {
        adopt(intent)
      } else if var chain = chain(of: intent.author) {
        chain.used = max(chain.used, intent.link.seq)
        replace(chain)
        void[intent.author, default: []].append(intent.link.note)
      }
    }
    intents = []
  }
}

extension SeenMemory {
  /// Signed by its owner's signing key, so that nobody who has only the card can make one, and sealed to the owner.
  func sealed(for key: MemberKey) throws(VaultError) -> [UInt8] {
    do {
      let note = try SealedNote.sign(
        .seen, json, as: KeyName.member(of: vault), with: key.signing, size: .entry)
      return try AgeFile.seal(note.encoded.span, to: [key.identity.recipient])
    } catch let error as RecordError { throw .record(error) } catch { throw .age(error as? AgeError ?? .noMatch) }
  }

  /// The memory of this device, or a new one and why. Its loss is said aloud, and is never a reason not to read.
  static func recall(from keys: KeyFolder, for key: MemberKey, vault: SHA256Hash) throws(VaultError)
    -> (memory: SeenMemory, remark: SessionRemark?)
  {
    let name = fileName(key.name)
    do {
      guard let file = try keys.read(name) else { return (SeenMemory(vault: vault), .noMemory) }
      return (try SeenMemory(opening: file, for: key, vault: vault, place: keys.place(name)), nil)
    } catch {
      guard case .damaged = error else { throw error }
      return (SeenMemory(vault: vault), .damagedMemory)
    }
  }

  init(opening file: [UInt8], for key: MemberKey, vault: SHA256Hash, place: String) throws(VaultError) {
    do {
      let text = try AgeFile.open(file.span, with: [key.identity])
      let sealed = try SealedNote(parsing: text.bytes, as: .seen)
      let fields = try Fields(sealed.body)
      // Another vault's memory is not a fault of this file: say which key it is about.
      guard try fields.hash("vault") == vault else { throw VaultError.keyOfAnotherVault(key.name.text) }
      _ = try sealed.verified(as: KeyName.member(of: vault), by: key.signing.verifyingKey)
      try self.init(fields)
    } catch let error as VaultError { throw error } catch let error as RecordError {
      throw .damaged(Place(place), .record(error))
    } catch { throw .damaged(Place(place), .age(error as? AgeError ?? .noMatch)) }
  }

  private var json: JSON {
    [
      "vault": .hash(vault), "chains": .array(chains.map(Self.encode)),
      "intents": .array(intents.map { Self.encode($0.author, $0.link, $0.to) }),
      "void": .array(
        void.sorted { $0.key < $1.key }.map { author, notes in
          ["author": .hash(author), "notes": .hashes(notes)]
        }),
      "locks": .hashes(locks),
      "checkpoint": checkpoint.map {
        ["number": .integer(Int64($0.number)), "size": .integer(Int64($0.size)), "root": .hash($0.root)]
      } ?? .null,
    ]
  }

  private static func encode(_ chain: Chain) -> JSON {
    [
      "author": .hash(chain.author), "chain": .string(Hex.encode(chain.chain)),
      "used": .integer(chain.used), "last": chain.last.map { encode(chain.author, $0.link, $0.to) } ?? .null,
      "to": .array(
        chain.lastTo.sorted { $0.key < $1.key }.map { circle, link in
          [
            "circle": .string(circle), "seq": .integer(link.seq), "note": .hash(link.note),
            "file": .hash(link.file),
          ]
        }),
    ]
  }

  private static func encode(_ author: SHA256Hash, _ link: Entry.Link, _ to: Entry.Address) -> JSON {
    [
      "author": .hash(author), "seq": .integer(link.seq), "note": .hash(link.note),
      "file": .hash(link.file), "circle": .string(to.circle), "epoch": .hash(to.epoch),
    ]
  }

  private init(_ fields: Fields) throws(RecordError) {
    self.vault = try fields.hash("vault")
    for value in try fields.list("chains") { chains.append(try Self.chain(Fields(value, "chains"))) }
    for value in try fields.list("intents") { intents.append(try Self.intent(Fields(value, "intents"))) }
    for value in try fields.list("void") {
      let one = try Fields(value, "void")
      void[try one.hash("author")] = try one.hashes("notes")
    }
    locks = try fields.hashes("locks")
    if let signed = try fields.optionalObject("checkpoint") {
      checkpoint = Checkpoint(
        number: Int(try signed.integer("number", atLeast: 1)), size: Int(try signed.integer("size", atLeast: 1)),
        root: try signed.hash("root"))
    }
  }

  private static func chain(_ fields: Fields) throws(RecordError) -> Chain {
    var lastTo: [String: Entry.Link] = [:]
    for value in try fields.list("to") {
      let one = try Fields(value, "to")
      lastTo[try one.text("circle")] = try link(one)
    }
    var last: (link: Entry.Link, to: Entry.Address)?
    if let written = try fields.optionalObject("last") {
      let intent = try intent(written)
      last = (intent.link, intent.to)
    }
    return Chain(
      author: try fields.hash("author"), chain: try fields.bytes("chain", count: 16), used: try fields.integer("used"),
      last: last, lastTo: lastTo)
  }

  private static func intent(_ fields: Fields) throws(RecordError) -> Intent {
    Intent(
      author: try fields.hash("author"), link: try link(fields),
      to: Entry.Address(circle: try fields.text("circle"), epoch: try fields.hash("epoch")))
  }

  private static func link(_ fields: Fields) throws(RecordError) -> Entry.Link {
    Entry.Link(
      seq: try fields.integer("seq", atLeast: 1), note: try fields.hash("note"), file: try fields.hash("file"))
  }
}
