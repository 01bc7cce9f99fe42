public import Sodium

/// The body of a `request` entry: who asks to read which identities, why, and until when (PROTOCOL, quorum). Its author is
/// the one who will read.
public struct RequestBody: Sendable {
  /// An identity that exists when it is asked for.
  public struct Identity: Equatable, Sendable {
    /// The note hash of its version's manifest, and the version's number.
    public let manifest: SHA256Hash
    public let version: Int
    /// The name of its file in `sealed/`.
    public let object: SHA256Hash
    /// The hash of its layer key's recipient.
    public let recipient: SHA256Hash
    public let policy: SHA256Hash
    /// The key hash of whoever split the key: nobody else's shares are asked for.
    public let sealer: SHA256Hash
    /// SLIP-39's identifier, as the lock file tells it.
    public let set: Int
    /// The lock file that holds the shares.
    public let lock: SHA256Hash

    public init(
      manifest: SHA256Hash, version: Int, object: SHA256Hash, recipient: SHA256Hash, policy: SHA256Hash,
      sealer: SHA256Hash, set: Int, lock: SHA256Hash
    ) {
      self.manifest = manifest
      self.version = version
      self.object = object
      self.recipient = recipient
      self.policy = policy
      self.sealer = sealer
      self.set = set
      self.lock = lock
    }
  }

  /// A court's order: an object of at most 16 MiB, and the identity line that opens it.
  public struct Order: Equatable, Sendable {
    public let object: SHA256Hash
    public let length: Int64
    public let name: String
    public let key: String

    public init(object: SHA256Hash, length: Int64, name: String, key: String) {
      self.object = object
      self.length = length
      self.name = name
      self.key = key
    }

    public static let largest: Int64 = 16 << 20
  }

  public let origin: Origin
  public let record: SHA256Hash
  public let identities: [Identity]
  public let purpose: String
  public let order: Order?
  /// The fresh recipient that shares are sealed to, in Bech32.
  public let recipient: String
  public let until: ClaimedTime
  /// A rehearsal with a canary record.
  public let isDrill: Bool
  /// The policy that the requester's program splits the keys under anew, showing nothing; nil for a request to read.
  public let split: SHA256Hash?

  public init(
    origin: Origin, record: SHA256Hash, identities: [Identity], purpose: String, order: Order?, recipient: String,
    until: ClaimedTime, isDrill: Bool = false, split: SHA256Hash? = nil
  ) {
    self.origin = origin
    self.record = record
    self.identities = identities
    self.purpose = purpose
    self.order = order
    self.recipient = recipient
    self.until = until
    self.isDrill = isDrill
    self.split = split
  }

  public func id(in vault: SHA256Hash) -> ThingID { origin.id(.request, in: vault) }

  public func json(vault: SHA256Hash) -> JSON {
    [
      "request": .hash(id(in: vault).hash), "origin": origin.json, "record": .hash(record),
      "identities": .array(identities.map(Self.encode)), "purpose": .string(purpose),
      "order": order.map { order in
        [
          "object": .hash(order.object), "length": .integer(order.length), "name": .string(order.name),
          "key": .string(order.key),
        ]
      } ?? .null,
      "recipient": .string(recipient), "until": .string(until.description), "drill": .bool(isDrill),
      "split": split.map { .hash($0) } ?? .null,
    ]
  }

  private static func encode(_ one: Identity) -> JSON {
    [
      "manifest": .hash(one.manifest), "version": .integer(Int64(one.version)), "object": .hash(one.object),
      "recipient": .hash(one.recipient), "policy": .hash(one.policy), "sealer": .hash(one.sealer),
      "set": .integer(Int64(one.set)),
      "lock": .hash(one.lock),
    ]
  }

  /// Reads, recomputing the request's id from its origin.
  public init(_ json: JSON, vault: SHA256Hash) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.origin = try Origin(fields.object("origin"))
    guard try fields.hash("request") == origin.id(.request, in: vault).hash else { throw .origin }
    self.record = try fields.hash("record")
    var identities: [Identity] = []
    for value in try fields.list("identities") {
      let one = try Fields(value, "identities")
      let set = try one.integer("set")
      guard set <= ShareClaims.highestSet else { throw .field("set") }
      identities.append(
        Identity(
          manifest: try one.hash("manifest"), version: try one.count("version"), object: try one.hash("object"),
          recipient: try one.hash("recipient"), policy: try one.hash("policy"), sealer: try one.hash("sealer"),
          set: Int(set),
          lock: try one.hash("lock")))
    }
    guard !identities.isEmpty, Set(identities.map(\.manifest)).count == identities.count else {
      throw .field("identities")
    }
    self.identities = identities
    self.purpose = try fields.text("purpose")
    if let order = try fields.optionalObject("order") {
      let length = try order.integer("length")
      guard length <= Order.largest else { throw .field("order") }
      self.order = Order(
        object: try order.hash("object"), length: length, name: try order.text("name"), key: try order.text("key"))
    } else {
      self.order = nil
    }
    self.recipient = try fields.text("recipient")
    self.until = try fields.time("until")
    self.isDrill = try fields.bool("drill")
    self.split = try fields.optionalHash("split")
  }
}
