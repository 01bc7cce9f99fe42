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
    let chain: [UInt8]
    let link: Entry.Link
    let to: Entry.Address
  }

  /// The newest entry of a chain to one circle.
  struct Head: Sendable, Hashable {
    let author: SHA256Hash
    let chain: [UInt8]
    let seq: Int64
    let note: SHA256Hash
    let file: SHA256Hash
    let circle: String

    var place: HeadPlace { HeadPlace(author: author, chain: chain, circle: circle) }
  }

  /// A chain, as far as one circle reads it.
  struct HeadPlace: Hashable {
    let author: SHA256Hash
    let chain: [UInt8]
    let circle: String
  }

  /// A checkpoint's place and content.
  struct Checkpointed: Sendable, Equatable {
    let number: Int
    let size: Int
    let root: SHA256Hash
  }

  /// An `open` entry that could not be written when something was shown.
  struct Waiting: Sendable {
    let circle: String
    let time: ClaimedTime
    let body: JSON
  }

  let vault: SHA256Hash
  var chains: [Chain] = []
  var intents: [Intent] = []
  /// Note hashes of intents that never became files, to be named by the next entry of their author.
  var void: [SHA256Hash: [SHA256Hash]] = [:]
  /// The lock files that carry this member's circle keys.
  var locks: [SHA256Hash] = []
  /// The newest entry of each chain to each circle that this device has seen, other people's and its own.
  var heads: [Head] = []
  /// The text hashes of the `keys` notes that this device has followed, the newest.
  var keysNote: SHA256Hash?
  /// The newest checkpoint that this device has seen or signed.
  var checkpoint: Checkpointed?
  /// What was opened while the vault could not be written: entries that the next write puts there.
  var waiting: [Waiting] = []

  /// Public texts that were about to be put in place. The next write does it, byte for byte: they may have been carried
  /// away before the power failed, and a second text in their place would be a fork.
  var placing: [Commit.OpenFile] = []

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
  ///
  /// What cannot be read for another reason than that it is not there is an error: a void entry must not be there.
  mutating func settle(exists: (SHA256Hash) throws(VaultError) -> Bool) throws(VaultError) {
    for intent in intents.sorted(by: { $0.link.seq < $1.link.seq }) {
      if try exists(intent.link.file) {
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
      "intents": .array(intents.map { Self.encode($0.author, $0.chain, $0.link, $0.to) }),
      "void": .array(
        void.sorted { $0.key < $1.key }.map { author, notes in
          ["author": .hash(author), "notes": .hashes(notes)]
        }),
      "locks": .hashes(locks),
      "heads": .array(
        heads.map { head in
          [
            "author": .hash(head.author), "chain": .string(Hex.encode(head.chain)), "seq": .integer(head.seq),
            "note": .hash(head.note), "file": .hash(head.file), "circle": .string(head.circle),
          ]
        }),
      "keys": keysNote.map { .hash($0) } ?? .null,
      "checkpoint": checkpoint.map { one in
        ["number": .integer(Int64(one.number)), "size": .integer(Int64(one.size)), "root": .hash(one.root)]
      } ?? .null,
      "waiting": .array(
        waiting.map { one in
          ["circle": .string(one.circle), "time": .string(one.time.description), "body": one.body]
        }),
      "placing": .array(placing.map(\.json)),
    ]
  }

  private static func encode(_ chain: Chain) -> JSON {
    [
      "author": .hash(chain.author), "chain": .string(Hex.encode(chain.chain)),
      "used": .integer(chain.used),
      "last": chain.last.map { encode(chain.author, chain.chain, $0.link, $0.to) } ?? .null,
      "to": .array(
        chain.lastTo.sorted { $0.key < $1.key }.map { circle, link in
          [
            "circle": .string(circle), "seq": .integer(link.seq), "note": .hash(link.note),
            "file": .hash(link.file),
          ]
        }),
    ]
  }

  private static func encode(_ author: SHA256Hash, _ chain: [UInt8], _ link: Entry.Link, _ to: Entry.Address) -> JSON {
    [
      "author": .hash(author), "chain": .string(Hex.encode(chain)), "seq": .integer(link.seq), "note": .hash(link.note),
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
    for value in try fields.list("heads") {
      let one = try Fields(value, "heads")
      heads.append(
        Head(
          author: try one.hash("author"), chain: try one.bytes("chain", count: 16),
          seq: try one.integer("seq", atLeast: 1),
          note: try one.hash("note"), file: try one.hash("file"), circle: try one.text("circle")))
    }
    keysNote = try fields.value("keys") == .null ? nil : try fields.hash("keys")
    if let one = try fields.optionalObject("checkpoint") {
      checkpoint = Checkpointed(
        number: Int(try one.integer("number", atLeast: 1)), size: Int(try one.integer("size")),
        root: try one.hash("root"))
    }
    for value in try fields.list("waiting") {
      let one = try Fields(value, "waiting")
      waiting.append(
        Waiting(circle: try one.text("circle"), time: try one.time("time"), body: try one.object("body").json))
    }
    // A memory from before there was such a list has none.
    for value in (try? fields.list("placing")) ?? [] { placing.append(try Commit.OpenFile(value)) }
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
      author: try fields.hash("author"), chain: try fields.bytes("chain", count: 16), link: try link(fields),
      to: Entry.Address(circle: try fields.text("circle"), epoch: try fields.hash("epoch")))
  }

  private static func link(_ fields: Fields) throws(RecordError) -> Entry.Link {
    Entry.Link(
      seq: try fields.integer("seq", atLeast: 1), note: try fields.hash("note"), file: try fields.hash("file"))
  }
}
