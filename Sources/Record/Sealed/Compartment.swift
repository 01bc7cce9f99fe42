public import Sodium

/// The JSON inside one compartment: where it belongs, then the fields of FIELDS.md as they were given, then, where the
/// layer has them, its attachments (PROTOCOL, compartments).
public struct Compartment: Sendable {
  public let vault: SHA256Hash
  public let record: SHA256Hash
  public let version: Int
  public let layer: Layer
  /// The fields as given: an object; an empty one in a dummy.
  public let fields: JSON
  /// Of the layer itself; empty in `summary`.
  public let attachments: [Attachment]
  /// In `testimony`: the names of the identity's attachment objects, so that counsel can verify and erase all of them
  /// without learning more. Empty elsewhere.
  public let identityObjects: [SHA256Hash]

  public init(
    vault: SHA256Hash, record: SHA256Hash, version: Int, layer: Layer, fields: JSON, attachments: [Attachment],
    identityObjects: [SHA256Hash]
  ) {
    self.vault = vault
    self.record = record
    self.version = version
    self.layer = layer
    self.fields = fields
    self.attachments = attachments
    self.identityObjects = identityObjects
  }

  public var json: JSON {
    var object = JSONObject()
    object.append("vault", .hash(vault))
    object.append("record", .hash(record))
    object.append("version", .integer(Int64(version)))
    object.append("layer", .string(layer.rawValue))
    object.append("fields", fields)
    switch layer {
    case .summary: break
    case .testimony:
      object.append("attachments", .array(attachments.map(\.json)))
      object.append("identity-objects", .hashes(identityObjects))
    case .identity:
      object.append("attachments", .array(attachments.map(\.json)))
    }
    return .object(object)
  }

  /// Reads what was inside a seal, with or without the spaces behind it.
  public init(parsing bytes: Span<UInt8>) throws(RecordError) {
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch { throw .json(error) }
    let fields = try Fields(json)
    self.vault = try fields.hash("vault")
    self.record = try fields.hash("record")
    self.version = Int(try fields.integer("version", atLeast: 1))
    guard let layer = Layer(rawValue: try fields.text("layer")) else { throw .field("layer") }
    self.layer = layer
    self.fields = try fields.object("fields").json
    var attachments: [Attachment] = []
    if layer != .summary {
      for value in try fields.list("attachments") { attachments.append(try Attachment(value)) }
    }
    self.attachments = attachments
    self.identityObjects = layer == .testimony ? try fields.hashes("identity-objects") : []
  }

  /// The content that is committed to: the JSON without the spaces.
  public static func committed(in padded: Span<UInt8>) -> CommittedContent {
    var count = padded.count
    while count > 0, padded[count - 1] == UInt8(ascii: " ") { count -= 1 }
    let content = padded.extracting(0..<count)
    return CommittedContent(length: UInt64(count), content: SHA256Hash(of: content))
  }
}
