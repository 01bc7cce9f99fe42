public import Sodium

/// How far a key's chain counts: its last entry, and its last to each circle, so that every reader can follow the way back
/// through the entries that they can read (PROTOCOL, entries). What is not on it is late.
public struct ChainEnd: Sendable, Equatable {
  public let chain: [UInt8]
  public let seq: Int64
  public let note: SHA256Hash
  /// The chain's last entry to each circle.
  public let circles: [String: Entry.Link]

  public init(chain: [UInt8], seq: Int64, note: SHA256Hash, circles: [String: Entry.Link]) {
    self.chain = chain
    self.seq = seq
    self.note = note
    self.circles = circles
  }

  var json: JSON {
    [
      "chain": .string(Hex.encode(chain)), "seq": .integer(seq), "note": .hash(note),
      "circles": .array(
        circles.sorted { $0.key < $1.key }.map { circle, link in
          [
            "circle": .string(circle), "seq": .integer(link.seq), "note": .hash(link.note), "file": .hash(link.file),
          ]
        }),
    ]
  }

  init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "last")
    self.chain = try fields.bytes("chain", count: 16)
    self.seq = try fields.integer("seq", atLeast: 1)
    self.note = try fields.hash("note")
    var circles: [String: Entry.Link] = [:]
    for value in try fields.list("circles") {
      let one = try Fields(value, "circles")
      let link = Entry.Link(
        seq: try one.integer("seq", atLeast: 1), note: try one.hash("note"), file: try one.hash("file"))
      guard link.seq <= seq, circles.updateValue(link, forKey: try one.text("circle")) == nil else {
        throw .field("circles")
      }
    }
    self.circles = circles
  }
}

/// The body of a `remove` and of a `suspend` entry: whose entries count how far. A chain that is not named counts for
/// nothing.
public struct EndingBody: Sendable {
  public let member: SHA256Hash
  public let last: [ChainEnd]
  public let reason: String

  public init(member: SHA256Hash, last: [ChainEnd], reason: String) {
    self.member = member
    self.last = last
    self.reason = reason
  }

  public var json: JSON {
    ["member": .hash(member), "last": .array(last.map(\.json)), "reason": .string(reason)]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.member = try fields.hash("member")
    self.last = try fields.ends("last")
    self.reason = try fields.text("reason")
  }
}

/// The body of a `succession` entry, by the new founder's key: which key it is, which `keys` note put it in place, and how
/// far the entries of the key before it count.
public struct SuccessionBody: Sendable {
  public let founder: VerifyingKey
  /// The text hash of the `keys` note.
  public let keys: SHA256Hash
  public let last: [ChainEnd]

  public init(founder: VerifyingKey, keys: SHA256Hash, last: [ChainEnd]) {
    self.founder = founder
    self.keys = keys
    self.last = last
  }

  public var json: JSON {
    [
      "founder": .string(Hex.encode(founder.bytes)), "keys": .hash(keys), "last": .array(last.map(\.json)),
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.founder = try fields.key("founder")
    self.keys = try fields.hash("keys")
    self.last = try fields.ends("last")
  }
}

/// The body of a `handover` entry: who issues checkpoints from now on.
public struct HandoverBody: Sendable {
  public let member: SHA256Hash
  public let registrar: VerifyingKey
  /// The text hash of the `keys` note that says so in public.
  public let keys: SHA256Hash

  public init(member: SHA256Hash, registrar: VerifyingKey, keys: SHA256Hash) {
    self.member = member
    self.registrar = registrar
    self.keys = keys
  }

  public var json: JSON {
    ["member": .hash(member), "registrar": .string(Hex.encode(registrar.bytes)), "keys": .hash(keys)]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.member = try fields.hash("member")
    self.registrar = try fields.key("registrar")
    self.keys = try fields.hash("keys")
  }
}

/// The body of an `adopt` entry: a late entry that counts all the same, by its note hash, and why.
public struct AdoptBody: Sendable {
  public let entry: SHA256Hash
  public let reason: String

  public init(entry: SHA256Hash, reason: String) {
    self.entry = entry
    self.reason = reason
  }

  public var json: JSON { ["entry": .hash(entry), "reason": .string(reason)] }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.entry = try fields.hash("entry")
    self.reason = try fields.text("reason")
  }
}

extension Fields {
  fileprivate func ends(_ name: String) throws(RecordError) -> [ChainEnd] {
    var ends: [ChainEnd] = []
    for value in try list(name) { ends.append(try ChainEnd(value)) }
    guard Set(ends.map(\.chain)).count == ends.count else { throw .field(name) }
    return ends
  }
}
