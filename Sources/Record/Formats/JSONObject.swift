/// One key and its value.
public struct JSONMember: Equatable, Sendable {
  public let key: String
  public let value: JSON

  public static func == (left: Self, right: Self) -> Bool {
    left.key.utf8.elementsEqual(right.key.utf8) && left.value == right.value
  }
}

/// A JSON object: members in order, no key twice. Keys are compared by their UTF-8 bytes.
public struct JSONObject: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  /// In the order they were read or added; the order counts when two objects are compared.
  public private(set) var members: [JSONMember]

  /// A key twice is a programmer's error: what is read from outside comes through `JSON(parsing:)`.
  public init(_ members: [(String, JSON)] = []) {
    self.members = []
    for (key, value) in members { append(key, value) }
  }

  public init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements)
  }

  /// The parser has looked for keys twice.
  init(checked members: [JSONMember]) {
    self.members = members
  }

  /// The value of `key`.
  public subscript(_ key: String) -> JSON? {
    members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// Adds a member behind the others. `key` must not be there yet.
  public mutating func append(_ key: String, _ value: JSON) {
    precondition(self[key] == nil, "a JSON key twice")
    members.append(JSONMember(key: key, value: value))
  }
}
