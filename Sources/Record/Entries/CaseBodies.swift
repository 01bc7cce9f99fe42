public import Sodium

/// Where an id comes from: its author's key hash and 16 random bytes (PROTOCOL, ids). Every reader recomputes the id.
public struct Origin: Equatable, Sendable {
  public let author: SHA256Hash
  public let nonce: ThingNonce

  public init(author: SHA256Hash, nonce: ThingNonce) {
    self.author = author
    self.nonce = nonce
  }

  public func id(_ kind: ThingKind, in vault: SHA256Hash) -> ThingID {
    ThingID(kind: kind, vault: vault, author: author, nonce: nonce)
  }

  var json: JSON { ["author": .hash(author), "nonce": .string(nonce.hex)] }

  init(_ fields: Fields) throws(RecordError) {
    self.author = try fields.hash("author")
    self.nonce = try fields.nonce("nonce")
  }
}

/// The body of a `case` entry: a case as members see it.
public struct CaseBody: Sendable {
  public let origin: Origin
  public let title: String
  /// The circle that reviews this case; the case's entries are sealed to it.
  public let reviewers: String
  /// Further fields of FIELDS.md (case S), as they were given.
  public let fields: JSON

  public init(origin: Origin, title: String, reviewers: String, fields: JSON) {
    self.origin = origin
    self.title = title
    self.reviewers = reviewers
    self.fields = fields
  }

  public var json: JSON {
    ["origin": origin.json, "title": .string(title), "reviewers": .string(reviewers), "fields": fields]
  }

  public init(_ json: JSON) throws(RecordError) {
    let body = try Fields(json, "body")
    self.origin = try Origin(body.object("origin"))
    self.title = try body.text("title")
    self.reviewers = try body.text("reviewers")
    self.fields = try body.object("fields").json
  }
}

/// The body of a `publish` entry: which text of which case was published.
public struct PublishBody: Sendable {
  public let caseID: SHA256Hash
  public let number: Int
  /// The hash of the public note's text.
  public let text: SHA256Hash
  public let publisher: Int
  /// Where the text awaits further signatures: the sealed object that holds it. Nil for a text that is public.
  public let object: SHA256Hash?

  public init(caseID: SHA256Hash, number: Int, text: SHA256Hash, publisher: Int, object: SHA256Hash? = nil) {
    self.caseID = caseID
    self.number = number
    self.text = text
    self.publisher = publisher
    self.object = object
  }

  public var json: JSON {
    [
      "case": .hash(caseID), "number": .integer(Int64(number)), "text": .hash(text),
      "publisher": .integer(Int64(publisher)), "object": object.map { .hash($0) } ?? .null,
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let body = try Fields(json, "body")
    self.caseID = try body.hash("case")
    self.number = Int(try body.integer("number", atLeast: 1))
    self.text = try body.hash("text")
    self.publisher = Int(try body.integer("publisher", atLeast: 1))
    self.object = try body.value("object") == .null ? nil : try body.hash("object")
  }
}
