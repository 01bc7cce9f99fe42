public import Sodium
import Transparency

/// The body of a `seal` entry: what a record's version consists of, committed to without being told (PROTOCOL, entries
/// and compartments).
public struct Manifest: Sendable {
  public struct LayerObject: Equatable, Sendable {
    /// The name of the compartment's file in `sealed/`.
    public let object: SHA256Hash
    /// The hash of the layer key's recipient.
    public let recipient: SHA256Hash

    public init(object: SHA256Hash, recipient: SHA256Hash) {
      self.object = object
      self.recipient = recipient
    }
  }

  public let origin: Origin
  public let caseID: SHA256Hash
  /// The note hashes of all newest manifests known; empty for a first one.
  public let previous: [SHA256Hash]
  public let version: Int
  public let layers: [Layer: LayerObject]
  /// Who holds the identity's key.
  public let identityPolicy: IdentityPolicy
  public let commitments: Commitments

  public init(
    origin: Origin, caseID: SHA256Hash, previous: [SHA256Hash], version: Int, layers: [Layer: LayerObject],
    identityPolicy: IdentityPolicy, commitments: Commitments
  ) {
    self.origin = origin
    self.caseID = caseID
    self.previous = previous
    self.version = version
    self.layers = layers
    self.identityPolicy = identityPolicy
    self.commitments = commitments
  }

  public func recordID(in vault: SHA256Hash) -> ThingID { origin.id(.record, in: vault) }

  public func json(vault: SHA256Hash) -> JSON {
    var layers = JSONObject()
    for layer in Layer.allCases {
      guard let object = self.layers[layer] else { continue }
      layers.append(layer.rawValue, ["object": .hash(object.object), "recipient": .hash(object.recipient)])
    }
    return [
      "record": .hash(recordID(in: vault).hash), "origin": origin.json, "case": .hash(caseID),
      "previous": .hashes(previous), "version": .integer(Int64(version)), "layers": .object(layers),
      "policy": identityPolicy.json, "commitments": .hashes(commitments.five), "root": .hash(commitments.root),
    ]
  }

  /// Reads, recomputing the record's id from its origin and the root from the five commitments.
  public init(_ json: JSON, vault: SHA256Hash) throws(RecordError) {
    let body = try Fields(json, "body")
    self.origin = try Origin(body.object("origin"))
    guard try body.hash("record") == origin.id(.record, in: vault).hash else { throw .origin }
    self.caseID = try body.hash("case")
    self.previous = try body.hashes("previous")
    self.version = try body.count("version")
    guard (version == 1) == previous.isEmpty else { throw .field("previous") }
    let layers = try body.object("layers")
    var objects: [Layer: LayerObject] = [:]
    for layer in Layer.allCases {
      let fields = try layers.object(layer.rawValue)
      objects[layer] = LayerObject(object: try fields.hash("object"), recipient: try fields.hash("recipient"))
    }
    self.layers = objects
    self.identityPolicy = try IdentityPolicy(body.object("policy"))
    self.commitments = try Commitments(five: try body.hashes("commitments"))
    guard try body.hash("root") == commitments.root else { throw .commitment }
  }
}

/// Who can open an identity, as the manifest froze it at sealing.
public enum IdentityPolicy: Equatable, Sendable {
  /// A policy of custodians, by the note hash of its `quorum` entry.
  case quorum(SHA256Hash)
  /// A draft from before there was a quorum: one person's own key. Read, never written.
  case alone(SHA256Hash)

  var json: JSON {
    switch self {
    case .quorum(let policy): ["kind": "quorum", "quorum": .hash(policy)]
    case .alone(let member): ["kind": "alone", "member": .hash(member)]
    }
  }

  init(_ fields: Fields) throws(RecordError) {
    switch try fields.text("kind") {
    case "quorum": self = .quorum(try fields.hash("quorum"))
    case "alone": self = .alone(try fields.hash("member"))
    default: throw .field("policy")
    }
  }
}
