public import Sodium

/// One attachment as its compartment lists it (FIELDS.md, attachment).
public struct Attachment: Sendable {
  /// The file's own name, as it was; a name that is not UTF-8 is kept beside it in `rawName`.
  public let name: String
  /// The name's bytes where they are not UTF-8; nil else.
  public let rawName: [UInt8]?
  public let mediaType: String
  /// Bytes, without the padding.
  public let length: UInt64
  public let content: SHA256Hash
  /// The names of the objects in `sealed/`, in order.
  public let parts: [SHA256Hash]

  public init(
    name: String, rawName: [UInt8]?, mediaType: String, length: UInt64, content: SHA256Hash, parts: [SHA256Hash]
  ) {
    self.name = name
    self.rawName = rawName
    self.mediaType = mediaType
    self.length = length
    self.content = content
    self.parts = parts
  }

  /// A part has at most this many bytes of padded content (FAT32 holds it).
  public static let partSize: UInt64 = 1 << 30
  /// More than anything real: what a length beyond it would do to sums is not tried out.
  public static let largest: UInt64 = 1 << 50

  public var committed: CommittedContent { CommittedContent(length: length, content: content) }

  var json: JSON {
    var object = JSONObject()
    object.append("name", .string(name))
    if let rawName { object.append("raw-name", .string(Hex.encode(rawName))) }
    object.append("media-type", .string(mediaType))
    object.append("length", .integer(Int64(length)))
    object.append("sha256", .hash(content))
    object.append("parts", .hashes(parts))
    return .object(object)
  }

  init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "attachments")
    self.name = try fields.text("name")
    if json["raw-name"] != nil {
      guard let raw = Hex.decode(Array(try fields.text("raw-name").utf8)) else { throw .field("raw-name") }
      self.rawName = raw
    } else {
      self.rawName = nil
    }
    self.mediaType = try fields.text("media-type")
    let length = UInt64(try fields.integer("length"))
    guard length <= Self.largest else { throw .field("length") }
    self.length = length
    self.content = try fields.hash("sha256")
    self.parts = try fields.hashes("parts")
    let padded = Padme.padded(length, minimum: 65_536)
    guard parts.count == Int((padded + Self.partSize - 1) / Self.partSize) else { throw .field("parts") }
  }
}
