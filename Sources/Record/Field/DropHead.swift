public import Sodium

/// The head of a drop: what a field device says of one note that it sealed, signed by the kit's key (PROTOCOL, drops).
public struct DropHead: Sendable {
  public let vault: SHA256Hash
  /// The kit's key hash.
  public let kit: SHA256Hash
  /// From 1, never used twice.
  public let number: Int
  /// The note hash of the head of the kit's drop before this one; nil for the first.
  public let previous: SHA256Hash?
  /// Numbers between that one and this that never became a drop: after an interrupted run.
  public let void: [Int]
  /// From which the record's id follows. Its author is the kit.
  public let origin: Origin
  public let time: ClaimedTime
  public let layers: [Layer: Manifest.LayerObject]
  /// The policy whose custodians have the identity's shares, by the note hash of its `quorum` entry.
  public let policy: SHA256Hash
  public let commitments: Commitments
  /// The file with the locks, by its hash.
  public let locks: SHA256Hash
  /// Every other file of the drop, attachments' parts included, sorted.
  public let objects: [SHA256Hash]
  /// The note hash of the head that this one corrects.
  public let corrects: SHA256Hash?

  /// As many files as one drop may have: 4 TiB of video.
  public static let mostObjects = 8192
  /// As many numbers as may be void between two drops.
  public static let mostVoid = 1000

  public init(
    vault: SHA256Hash, number: Int, previous: SHA256Hash?, void: [Int], origin: Origin, time: ClaimedTime,
    layers: [Layer: Manifest.LayerObject], policy: SHA256Hash, commitments: Commitments, locks: SHA256Hash,
    objects: [SHA256Hash], corrects: SHA256Hash?
  ) {
    self.vault = vault
    self.kit = origin.author
    self.number = number
    self.previous = previous
    self.void = void
    self.origin = origin
    self.time = time
    self.layers = layers
    self.policy = policy
    self.commitments = commitments
    self.locks = locks
    self.objects = objects.sorted()
    self.corrects = corrects
  }

  public var record: ThingID { origin.id(.record, in: vault) }

  /// Every file that belongs to the drop beside its head.
  public var files: [SHA256Hash] { [locks] + objects }

  /// Signs under the kit's key name, padded to the class of entries (16 KiB, doubling).
  public func signed(with key: SigningKey) throws(RecordError) -> SealedNote {
    try SealedNote.sign(.drop, json, as: KeyName.kit(of: vault), with: key, size: .entry)
  }

  /// The manifest of the record's first version that counsel writes for it.
  public func manifest(in caseID: SHA256Hash) -> Manifest {
    Manifest(
      origin: origin, caseID: caseID, previous: [], version: 1, layers: layers, identityPolicy: .quorum(policy),
      commitments: commitments)
  }

  var json: JSON {
    var layers = JSONObject()
    for layer in Layer.allCases {
      guard let object = self.layers[layer] else { continue }
      layers.append(layer.rawValue, ["object": .hash(object.object), "recipient": .hash(object.recipient)])
    }
    return [
      "vault": .hash(vault), "kit": .hash(kit), "number": .integer(Int64(number)),
      "previous": previous.map { .hash($0) } ?? .null, "void": .array(void.map { .integer(Int64($0)) }),
      "origin": origin.json, "time": .string(time.description), "layers": .object(layers), "policy": .hash(policy),
      "commitments": .hashes(commitments.five), "root": .hash(commitments.root), "locks": .hash(locks),
      "objects": .hashes(objects), "corrects": corrects.map { .hash($0) } ?? .null,
    ]
  }

  /// Reads what was inside a seal; its signature is not checked yet.
  public init(_ json: JSON) throws(RecordError) {
    let body = try Fields(json, "body")
    vault = try body.hash("vault")
    kit = try body.hash("kit")
    number = try body.count("number")
    previous = try body.optionalHash("previous")
    var void: [Int] = []
    for value in try body.list("void") {
      guard let one = value.int, one >= 1, one < Int64(number), void.last.map({ Int64($0) < one }) ?? true else {
        throw .field("void")
      }
      void.append(Int(one))
    }
    guard void.count <= Self.mostVoid else { throw .field("void") }
    self.void = void
    origin = try Origin(body.object("origin"))
    guard origin.author == kit else { throw .origin }
    time = try body.time("time")
    let layers = try body.object("layers")
    var objects: [Layer: Manifest.LayerObject] = [:]
    for layer in Layer.allCases {
      let fields = try layers.object(layer.rawValue)
      objects[layer] = Manifest.LayerObject(object: try fields.hash("object"), recipient: try fields.hash("recipient"))
    }
    self.layers = objects
    policy = try body.hash("policy")
    commitments = try Commitments(five: try body.hashes("commitments"))
    guard try body.hash("root") == commitments.root else { throw .commitment }
    locks = try body.hash("locks")
    let files = try body.hashes("objects")
    guard files.count <= Self.mostObjects, files == Set(files).sorted(), !files.contains(locks),
      objects.values.allSatisfy({ files.contains($0.object) })
    else { throw .field("objects") }
    self.objects = files
    corrects = try body.optionalHash("corrects")
  }
}

/// A drop's head as it came out of a seal, or of an entry that embeds it: its signature is not checked here.
public struct UnverifiedDrop: Sendable {
  public let head: DropHead
  let sealed: SealedNote

  public init(parsing bytes: Span<UInt8>) throws(RecordError) {
    try self.init(SealedNote(parsing: bytes, as: .drop))
  }

  public init(_ sealed: SealedNote) throws(RecordError) {
    guard sealed.kind == .drop else { throw .kind(expected: .drop) }
    self.sealed = sealed
    head = try DropHead(sealed.body)
  }

  /// - Parameter key: the one whose hash the head names.
  public func verified(in vault: SHA256Hash, by key: VerifyingKey) throws(RecordError) -> VerifiedDrop {
    guard head.vault == vault else { throw .otherVault }
    guard head.kit == KeyHash.of(key) else { throw .signature }
    return VerifiedDrop(head: head, note: try sealed.verified(as: KeyName.kit(of: vault), by: key), sealed: sealed)
  }
}

/// A drop's head whose signature was checked with the kit's key.
public struct VerifiedDrop: Sendable {
  public let head: DropHead
  /// The note hash: what the next head and receipts name.
  public let note: SHA256Hash
  public let sealed: SealedNote

  fileprivate init(head: DropHead, note: SHA256Hash, sealed: SealedNote) {
    self.head = head
    self.note = note
    self.sealed = sealed
  }

  /// Reads a head and checks it with the kit's key.
  public init(parsing bytes: Span<UInt8>, vault: SHA256Hash, key: VerifyingKey) throws(RecordError) {
    self = try UnverifiedDrop(parsing: bytes).verified(in: vault, by: key)
  }

  public var embedded: EmbeddedNote { EmbeddedNote(sealed.note) }
}
