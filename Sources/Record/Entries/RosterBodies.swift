public import Sodium
import Transparency

/// The body of an `admit` entry: a card, the roles it is admitted to, and what only members read.
public struct Admission: Sendable {
  public let card: Card
  public let roles: [Role]
  /// The name in any script, for people; the roster's own name is the card's.
  public let displayName: String
  /// The number under which this member speaks for the vault in public; nil for who is not counsel.
  public let publisher: Int?
  /// The key hash of another device of the same person; nil for somebody's first. A person holds one share however many
  /// devices they have.
  public let person: SHA256Hash?

  public init(card: Card, roles: [Role], displayName: String, publisher: Int?, person: SHA256Hash? = nil) {
    self.card = card
    self.roles = roles
    self.displayName = displayName
    self.publisher = publisher
    self.person = person
  }

  public var json: JSON {
    [
      "card": .string(String(decoding: card.note.note.encoded, as: UTF8.self)),
      "roles": .array(roles.map { .string($0.rawValue) }), "name": .string(displayName),
      "publisher": publisher.map { .integer(Int64($0)) } ?? .null, "person": person.map { .hash($0) } ?? .null,
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    let note = Array(try fields.text("card").utf8)
    self.card = try Card(parsing: note.span)
    var roles: [Role] = []
    for value in try fields.list("roles") {
      guard let role = value.text.flatMap(Role.init(rawValue:)) else { throw .field("roles") }
      roles.append(role)
    }
    guard !roles.isEmpty, Set(roles).count == roles.count else { throw .field("roles") }
    self.roles = roles
    self.displayName = try fields.text("name")
    let publisher = try fields.value("publisher")
    if publisher == .null {
      self.publisher = nil
    } else {
      self.publisher = Int(try fields.integer("publisher", atLeast: 1))
    }
    guard (self.publisher != nil) == roles.contains(.counsel) else { throw .field("publisher") }
    self.person = try fields.laterHash("person")
    guard person != card.member else { throw .field("person") }
  }
}

/// The body of a `circle` entry, which makes a circle, and of a `rotate`, which gives it a new key: one circle's
/// recipient in full.
public struct CircleBody: Sendable {
  public let name: String
  /// For people; the epoch itself is named by its recipient's hash.
  public let number: Int
  public let recipient: String
  /// Whose key it is beside counsel's, by key hash; nil for a founding circle, whose members follow from their roles.
  public let members: [SHA256Hash]?
  /// The epochs that a rotation replaces; empty for a circle's first.
  public let previous: [SHA256Hash]

  public var epoch: SHA256Hash { KeyHash.ofRecipient(recipient) }
  public var address: Entry.Address { Entry.Address(circle: name, epoch: epoch) }

  public init(
    name: String, number: Int, recipient: String, members: [SHA256Hash]? = nil, previous: [SHA256Hash] = []
  ) {
    self.name = name
    self.number = number
    self.recipient = recipient
    self.members = members
    self.previous = previous
  }

  public var json: JSON {
    [
      "circle": .string(name), "number": .integer(Int64(number)), "recipient": .string(recipient),
      "members": members.map { .hashes($0) } ?? .null, "previous": .hashes(previous),
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    let name = try fields.text("circle")
    guard (try? PersonName(name)) != nil else { throw .field("circle") }
    self.name = name
    self.number = try fields.count("number")
    self.recipient = try fields.text("recipient")
    self.members = try fields.value("members") == .null ? nil : try fields.hashes("members")
    self.previous = try fields.hashes("previous")
    guard (number == 1) == previous.isEmpty else { throw .field("previous") }
    guard CircleName.founding.contains(name) == (members == nil) else { throw .field("members") }
  }
}
