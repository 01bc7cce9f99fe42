import Age
import Platform
import Record
import Sodium

// `NAME.seen` as a signed and sealed note.
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
      "policy": policy.map { .hash($0) } ?? .null, "confirmed": .hashes(confirmed),
      "requests": .array(
        requests.map { one in
          [
            "request": .hash(one.note), "until": .string(one.until.description),
            "key": .string(String(decoding: Base64.encode(one.key.span, padded: true), as: UTF8.self)),
          ]
        }),
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
    try readQuorum(fields)
  }

  private mutating func readQuorum(_ fields: Fields) throws(RecordError) {
    // A memory from before there was a quorum has neither.
    guard fields.json["confirmed"] != nil else { return }
    policy = try fields.json["policy"] == nil ? nil : fields.optionalHash("policy")
    confirmed = try fields.hashes("confirmed")
    for value in try fields.list("requests") {
      let one = try Fields(value, "requests")
      let text = Array(try one.text("key").utf8)
      guard let key = Base64.decode(text.span, padded: true) else { throw .field("key") }
      requests.append(HeldRequest(note: try one.hash("request"), until: try one.time("until"), key: key))
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
      author: try fields.hash("author"), chain: try fields.bytes("chain", count: 16), link: try link(fields),
      to: Entry.Address(circle: try fields.text("circle"), epoch: try fields.hash("epoch")))
  }

  private static func link(_ fields: Fields) throws(RecordError) -> Entry.Link {
    Entry.Link(
      seq: try fields.integer("seq", atLeast: 1), note: try fields.hash("note"), file: try fields.hash("file"))
  }
}
