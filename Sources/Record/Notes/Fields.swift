public import Sodium

/// Strict reading of a JSON object's fields: what is missing or of another form is an error with the field's name.
public struct Fields: Sendable {
  public let json: JSON

  public init(_ json: JSON, _ name: String = "") throws(RecordError) {
    guard json.members != nil else { throw .field(name) }
    self.json = json
  }

  public func value(_ name: String) throws(RecordError) -> JSON {
    guard let value = json[name] else { throw .field(name) }
    return value
  }

  public func text(_ name: String) throws(RecordError) -> String {
    guard let text = try value(name).text else { throw .field(name) }
    return text
  }

  public func integer(_ name: String, atLeast lowest: Int64 = 0) throws(RecordError) -> Int64 {
    guard let number = try value(name).int, number >= lowest else { throw .field(name) }
    return number
  }

  /// A number from 1 to a million: sums with it cannot overflow.
  public func count(_ name: String) throws(RecordError) -> Int {
    let number = try integer(name, atLeast: 1)
    guard number <= 1_000_000 else { throw .field(name) }
    return Int(number)
  }

  public func bool(_ name: String) throws(RecordError) -> Bool {
    guard let flag = try value(name).flag else { throw .field(name) }
    return flag
  }

  public func list(_ name: String) throws(RecordError) -> [JSON] {
    guard let list = try value(name).list else { throw .field(name) }
    return list
  }

  public func object(_ name: String) throws(RecordError) -> Fields { try Fields(value(name), name) }

  /// An object, or nil where the field is null.
  public func optionalObject(_ name: String) throws(RecordError) -> Fields? {
    let value = try self.value(name)
    return value == .null ? nil : try Fields(value, name)
  }

  public func hash(_ name: String) throws(RecordError) -> SHA256Hash {
    try Self.hash(value(name), name)
  }

  /// A hash; nil where the field is null, or not there: a draft from before there was a quorum has none.
  func laterHash(_ name: String) throws(RecordError) -> SHA256Hash? {
    json[name] == nil ? nil : try optionalHash(name)
  }

  /// A hash, or nil where the field is null.
  public func optionalHash(_ name: String) throws(RecordError) -> SHA256Hash? {
    try value(name) == .null ? nil : try hash(name)
  }

  public func hashes(_ name: String) throws(RecordError) -> [SHA256Hash] {
    var hashes: [SHA256Hash] = []
    for value in try list(name) { hashes.append(try Self.hash(value, name)) }
    return hashes
  }

  /// `count` bytes in lower-case hex.
  public func bytes(_ name: String, count: Int) throws(RecordError) -> [UInt8] {
    guard let bytes = Hex.decode(Array(try text(name).utf8)), bytes.count == count else { throw .field(name) }
    return bytes
  }

  public func nonce(_ name: String) throws(RecordError) -> ThingNonce {
    guard let nonce = ThingNonce(hex: try text(name)) else { throw .field(name) }
    return nonce
  }

  public func key(_ name: String) throws(RecordError) -> VerifyingKey {
    guard let key = VerifyingKey(bytes: try bytes(name, count: 32)) else { throw .field(name) }
    return key
  }

  public func time(_ name: String) throws(RecordError) -> ClaimedTime {
    do { return try ClaimedTime(parsing: try text(name)) } catch { throw .field(name) }
  }

  private static func hash(_ value: JSON, _ name: String) throws(RecordError) -> SHA256Hash {
    guard let text = value.text, let hash = SHA256Hash(hex: text) else { throw .field(name) }
    return hash
  }
}

extension JSON {
  public static func hash(_ hash: SHA256Hash) -> JSON { .string(hash.description) }
  public static func hashes(_ hashes: [SHA256Hash]) -> JSON { .array(hashes.map { .hash($0) }) }
}
