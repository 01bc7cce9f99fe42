public import Sodium

/// The body of a `relock` entry: new lock files in place of old ones, for one version of a record.
public struct RelockBody: Sendable {
  public let record: SHA256Hash
  /// The note hash of the version's manifest.
  public let manifest: SHA256Hash
  /// The names of the lock files that are destroyed, grants included.
  public let old: [SHA256Hash]
  /// The names of those that take their place: the record's first, then the grants'.
  public let new: [SHA256Hash]
  /// The policy that the identity's key was split under anew, by the note hash of its `quorum` entry; nil where its locks
  /// were carried over as they were.
  public let policy: SHA256Hash?

  public init(
    record: SHA256Hash, manifest: SHA256Hash, old: [SHA256Hash], new: [SHA256Hash], policy: SHA256Hash? = nil
  ) {
    self.record = record
    self.manifest = manifest
    self.old = old
    self.new = new
    self.policy = policy
  }

  public var json: JSON {
    [
      "record": .hash(record), "manifest": .hash(manifest), "old": .hashes(old), "new": .hashes(new),
      "policy": policy.map { .hash($0) } ?? .null,
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.record = try fields.hash("record")
    self.manifest = try fields.hash("manifest")
    self.old = try fields.hashes("old")
    self.new = try fields.hashes("new")
    self.policy = try fields.laterHash("policy")
  }
}

/// The body of a `reseal` entry: the same version stated again over new keys and ciphertext, and what it replaces.
public struct ResealBody: Sendable {
  public let manifest: Manifest
  /// The note hash of the manifest that it takes the place of.
  public let replaces: SHA256Hash

  public init(manifest: Manifest, replaces: SHA256Hash) {
    self.manifest = manifest
    self.replaces = replaces
  }

  public func json(vault: SHA256Hash) -> JSON {
    var object = JSONObject()
    for member in manifest.json(vault: vault).members ?? [] { object.append(member.key, member.value) }
    object.append("replaces", .hash(replaces))
    return .object(object)
  }

  public init(_ json: JSON, vault: SHA256Hash) throws(RecordError) {
    self.manifest = try Manifest(json, vault: vault)
    self.replaces = try Fields(json, "body").hash("replaces")
  }
}

/// The body of a `grant` entry: one compartment of one version for one person.
public struct GrantBody: Sendable {
  public let record: SHA256Hash
  public let manifest: SHA256Hash
  public let layer: Layer
  public let member: SHA256Hash
  /// The name of the lock file that carries the layer's key, so that `relock` and `erase` find it.
  public let lock: SHA256Hash

  public init(record: SHA256Hash, manifest: SHA256Hash, layer: Layer, member: SHA256Hash, lock: SHA256Hash) {
    self.record = record
    self.manifest = manifest
    self.layer = layer
    self.member = member
    self.lock = lock
  }

  public var json: JSON {
    [
      "record": .hash(record), "manifest": .hash(manifest), "layer": .string(layer.rawValue), "member": .hash(member),
      "lock": .hash(lock),
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.record = try fields.hash("record")
    self.manifest = try fields.hash("manifest")
    guard let layer = Layer(rawValue: try fields.text("layer")) else { throw .field("layer") }
    self.layer = layer
    self.member = try fields.hash("member")
    self.lock = try fields.hash("lock")
  }
}

/// The body of an `open` entry: what its author was shown.
public enum OpenBody: Sendable {
  /// A compartment of versions of a record, or one of its attachments by the SHA-256 of its content. Of an identity under
  /// a quorum: the note hash of the `request` that it was opened by.
  case layer(Layer, record: SHA256Hash, manifests: [SHA256Hash], attachment: SHA256Hash?, request: SHA256Hash?)
  /// Everything that was readable went into a search index: the circles, and the heads of the chains it reaches to.
  case index(circles: [String], heads: [SHA256Hash])

  public var json: JSON {
    switch self {
    case .layer(let layer, let record, let manifests, let attachment, let request):
      [
        "layer": .string(layer.rawValue), "record": .hash(record), "manifests": .hashes(manifests),
        "attachment": attachment.map { .hash($0) } ?? .null, "request": request.map { .hash($0) } ?? .null,
      ]
    case .index(let circles, let heads):
      ["index": .array(circles.map { .string($0) }), "heads": .hashes(heads)]
    }
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    if json["index"] != nil {
      var circles: [String] = []
      for value in try fields.list("index") {
        guard let name = value.text else { throw .field("index") }
        circles.append(name)
      }
      self = .index(circles: circles, heads: try fields.hashes("heads"))
      return
    }
    guard let layer = Layer(rawValue: try fields.text("layer")) else { throw .field("layer") }
    self = .layer(
      layer, record: try fields.hash("record"), manifests: try fields.hashes("manifests"),
      attachment: try fields.optionalHash("attachment"), request: try fields.laterHash("request"))
  }
}

/// The body of an `assess` and of a `propose` entry: a reviewer's words about a record, or a public text proposed for a
/// case.
public struct ReviewBody: Sendable {
  /// The record that is assessed, or the case that the text is proposed for.
  public let about: SHA256Hash
  /// The manifests that the reviewer had before them; empty for a proposal.
  public let manifests: [SHA256Hash]
  public let fields: JSON

  public init(about: SHA256Hash, manifests: [SHA256Hash], fields: JSON) {
    self.about = about
    self.manifests = manifests
    self.fields = fields
  }

  public var json: JSON { ["about": .hash(about), "manifests": .hashes(manifests), "fields": fields] }

  public init(_ json: JSON) throws(RecordError) {
    let body = try Fields(json, "body")
    self.about = try body.hash("about")
    self.manifests = try body.hashes("manifests")
    self.fields = try body.object("fields").json
  }
}
