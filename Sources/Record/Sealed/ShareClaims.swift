public import Sodium

/// What a share note says beside the share's words.
public struct ShareClaims: Equatable, Sendable {
  /// The key hash of whoever split the key and signed the note.
  public let author: SHA256Hash
  public let vault: SHA256Hash
  public let record: SHA256Hash
  public let version: Int
  /// The name of the identity's file in `sealed/`.
  public let object: SHA256Hash
  /// The note hash of the policy's `quorum` entry.
  public let policy: SHA256Hash
  /// SLIP-39's identifier.
  public let set: Int
  /// From 1: which share this is, and whose.
  public let number: Int
  /// 16 random bytes, the same in all notes of a set.
  public let salt: [UInt8]
  /// The salted hash of every share of the set, in order.
  public let hashes: [SHA256Hash]

  /// The highest identifier that a set can have: 15 bits.
  public static let highestSet = 0x7FFF

  public init(
    author: SHA256Hash, vault: SHA256Hash, record: SHA256Hash, version: Int, object: SHA256Hash, policy: SHA256Hash,
    set: Int, number: Int, salt: [UInt8], hashes: [SHA256Hash]
  ) {
    self.author = author
    self.vault = vault
    self.record = record
    self.version = version
    self.object = object
    self.policy = policy
    self.set = set
    self.number = number
    self.salt = salt
    self.hashes = hashes
  }

  /// The hash by which the notes of a set commit to one share: SHA-256 over `share`, the salt in hex, the number and the
  /// words, each with a newline behind it.
  public static func hash(of words: Span<UInt8>, number: Int, salt: [UInt8]) -> SHA256Hash {
    var hasher = SHA256Hasher()
    hasher.update(Array("share\n\(Hex.encode(salt))\n\(number)\n".utf8).span)
    hasher.update(words)
    hasher.update([newline].span)
    return hasher.finalize()
  }

  /// With the words left empty, in the last place.
  var json: JSON {
    [
      "vault": .hash(vault), "author": .hash(author), "record": .hash(record), "version": .integer(Int64(version)),
      "object": .hash(object), "policy": .hash(policy), "set": .integer(Int64(set)),
      "number": .integer(Int64(number)), "salt": .string(Hex.encode(salt)), "hashes": .hashes(hashes), "words": "",
    ]
  }

  init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json)
    self.vault = try fields.hash("vault")
    self.author = try fields.hash("author")
    self.record = try fields.hash("record")
    self.version = try fields.count("version")
    self.object = try fields.hash("object")
    self.policy = try fields.hash("policy")
    let set = try fields.integer("set")
    guard set <= Self.highestSet else { throw .field("set") }
    self.set = Int(set)
    self.number = try fields.count("number")
    self.salt = try fields.bytes("salt", count: 16)
    self.hashes = try fields.hashes("hashes")
    guard number <= hashes.count, hashes.count <= QuorumBody.mostCustodians else { throw .field("number") }
  }
}
