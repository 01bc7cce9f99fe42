public import Sodium
import Transparency

/// The plaintext of a lock file: locks, each a whole age file that carries one key to one addressee (PROTOCOL, lock files).
public struct LocksNote: Sendable {
  /// Whom a lock is sealed to.
  public enum Addressee: Equatable, Sendable {
    case circle(Entry.Address)
    case member(SHA256Hash)
    /// One share of an identity's key: the age file is sealed to one custodian and holds a share note.
    case share(ShareAddress)
  }

  /// What key a lock carries.
  public enum Carried: Equatable, Sendable {
    case layer(Layer)
    /// One epoch of a circle, by the hash of its recipient.
    case circle(Entry.Address)
  }

  public struct Lock: Equatable, Sendable {
    public let carries: Carried
    public let to: Addressee
    public let file: [UInt8]

    public init(carries: Carried, to: Addressee, file: [UInt8]) {
      self.carries = carries
      self.to = to
      self.file = file
    }
  }

  /// What the locks belong to.
  public enum Subject: Equatable, Sendable {
    /// A record's version, by the note hash of its manifest.
    case record(SHA256Hash, manifest: SHA256Hash)
    /// A drop, by the record that it becomes: its manifest is written at intake.
    case drop(SHA256Hash)
    /// A person, by key hash: the secrets of all epochs of each of their circles.
    case member(SHA256Hash)
  }

  public let vault: SHA256Hash
  /// The key hash of whoever made the locks and signed this note.
  public let author: SHA256Hash
  public let subject: Subject
  public let locks: [Lock]

  public init(vault: SHA256Hash, author: SHA256Hash, subject: Subject, locks: [Lock]) {
    self.vault = vault
    self.author = author
    self.subject = subject
    self.locks = locks
  }

  /// Signs under the member's key name, of a drop under the kit's, padded to the class of lock files (32 KiB, doubling).
  public func signed(with key: SigningKey) throws(RecordError) -> SealedNote {
    let name = if case .drop = subject { KeyName.kit(of: vault) } else { KeyName.member(of: vault) }
    return try SealedNote.sign(.locks, json, as: name, with: key, size: .lockFile)
  }

  public var json: JSON {
    var object = JSONObject()
    object.append("vault", .hash(vault))
    object.append("author", .hash(author))
    switch subject {
    case .record(let record, let manifest):
      object.append("record", .hash(record))
      object.append("version", .hash(manifest))
    case .drop(let record):
      object.append("record", .hash(record))
      object.append("version", .null)
    case .member(let member):
      object.append("member", .hash(member))
    }
    object.append("locks", .array(locks.map(Self.encode)))
    return .object(object)
  }

  private static func encode(_ lock: Lock) -> JSON {
    var object = JSONObject()
    switch lock.carries {
    case .layer(let layer): object.append("layer", .string(layer.rawValue))
    case .circle(let address): object.append("key", encode(address))
    }
    switch lock.to {
    case .circle(let address): object.append("to", encode(address))
    case .member(let member): object.append("to", ["member": .hash(member)])
    case .share(let share): object.append("to", share.json)
    }
    object.append("file", .string(String(decoding: Base64.encode(lock.file.span, padded: true), as: UTF8.self)))
    return .object(object)
  }

  private static func encode(_ address: Entry.Address) -> JSON {
    ["circle": .string(address.circle), "epoch": .hash(address.epoch)]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json)
    self.vault = try fields.hash("vault")
    self.author = try fields.hash("author")
    if json["member"] != nil {
      self.subject = .member(try fields.hash("member"))
    } else {
      let record = try fields.hash("record")
      self.subject = try fields.optionalHash("version").map { .record(record, manifest: $0) } ?? .drop(record)
    }
    var locks: [Lock] = []
    for value in try fields.list("locks") { locks.append(try Self.lock(Fields(value, "locks"))) }
    self.locks = locks
  }

  private static func lock(_ fields: Fields) throws(RecordError) -> Lock {
    let carries: Carried
    if fields.json["layer"] != nil {
      guard let layer = Layer(rawValue: try fields.text("layer")) else { throw .field("layer") }
      carries = .layer(layer)
    } else {
      carries = .circle(try address(fields.object("key")))
    }
    let to = try fields.object("to")
    let addressee: Addressee
    if to.json["share"] != nil {
      guard carries == .layer(.identity) else { throw .field("to") }
      addressee = .share(try ShareAddress(to))
    } else {
      addressee = to.json["member"] != nil ? .member(try to.hash("member")) : .circle(try address(to))
    }
    let text = Array(try fields.text("file").utf8)
    guard let file = Base64.decode(text.span, padded: true) else { throw .field("file") }
    return Lock(carries: carries, to: addressee, file: file)
  }

  private static func address(_ fields: Fields) throws(RecordError) -> Entry.Address {
    Entry.Address(circle: try fields.text("circle"), epoch: try fields.hash("epoch"))
  }
}
