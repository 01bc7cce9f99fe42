/// A JSON value (RFC 8259) that can be printed in one way only.
///
/// Strings and keys are compared by their UTF-8 bytes: Swift's own `==` would call two spellings of "é" the same, and a
/// signature does not. Objects keep the order of their keys and have none twice.
public enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A whole number that fits, without fraction, exponent or the sign of "-0".
  case integer(Int64)
  /// Any other number, as it was written.
  case number(JSONNumber)
  case string(String)
  case array([JSON])
  case object(JSONObject)

  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    case (.null, _), (.bool, _), (.integer, _), (.number, _), (.string, _), (.array, _), (.object, _):
      false
    }
  }

  /// The value of `key` where this is an object that has it.
  public subscript(_ key: String) -> JSON? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  /// The string, where this is one.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The integer, where this is one.
  public var int: Int64? {
    if case .integer(let int) = self { int } else { nil }
  }

  /// The truth value, where this is one.
  public var flag: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  /// The elements, where this is an array.
  public var list: [JSON]? {
    if case .array(let list) = self { list } else { nil }
  }

  /// The members in their order, where this is an object.
  public var members: [JSONMember]? {
    if case .object(let object) = self { object.members } else { nil }
  }
}

extension JSON {
  /// Whether the parser takes back what the printer makes of this: within `depthLimit` and `valueLimit`.
  public var isReadable: Bool {
    var values = 0
    return isReadable(depth: 0, &values)
  }

  private func isReadable(depth: Int, _ values: inout Int) -> Bool {
    values += 1
    guard values <= Self.valueLimit else { return false }
    switch self {
    case .null, .bool, .integer, .number, .string: return true
    case .array(let list):
      return depth < Self.depthLimit && list.allSatisfy { $0.isReadable(depth: depth + 1, &values) }
    case .object(let object):
      return depth < Self.depthLimit && object.members.allSatisfy { $0.value.isReadable(depth: depth + 1, &values) }
    }
  }
}

/// A number that is not a plain `Int64`: "1.5", "1e3", "-0", or one too large. Kept verbatim, never calculated with.
public struct JSONNumber: Equatable, Sendable {
  /// The number as it stands in the JSON: ASCII only.
  public let text: String

  /// Nil where `text` is no JSON number, or one that is a `JSON.integer`.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let json = try? JSON(parsing: bytes.span), case .number(let number) = json,
      number.text.utf8.count == bytes.count
    else { return nil }
    self = number
  }

  init(checked text: String) {
    self.text = text
  }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// A key twice is a programmer's error.
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
}
