import Platform
import Publishing
public import Record
import Sodium

extension Session {
  /// Opens a case, which nobody outside sees: one entry to the circle that reviews it.
  public func openCase(title: String, fields: JSON, reviewers: String) throws(VaultError) -> ThingID {
    try require(.counsel)
    return try write { writing in
      let circle = try self.circle(reviewers)
      let origin = Origin(author: self.key.hash, nonce: .random())
      let body = CaseBody(origin: origin, title: title, reviewers: reviewers, fields: fields)
      try writing.stage(
        writing.chain.entry(.case, by: self.key.signing, to: circle.body, circle.recipient, body: body.json))
      return origin.id(.case, in: self.note.id)
    }
  }

  /// The one case that a shown or full id means.
  public func findCase(_ text: String) throws(VaultError) -> ThingID {
    try find(text, .case) { self.log.cases(matching: $0) }
  }

  /// The one record that a shown or full id means.
  public func findRecord(_ text: String) throws(VaultError) -> ThingID {
    try find(text, .record) { self.log.records(matching: $0) }
  }

  private func find(_ text: String, _ kind: ThingKind, _ matching: (ShownID) -> [ThingID]) throws(VaultError) -> ThingID
  {
    let id = try ShownID(text, of: kind)
    let found = matching(id)
    guard let first = found.first else { throw .notHere(text) }
    guard found.count == 1 else { throw .ambiguous(text, found) }
    return first
  }

  /// The publisher's number that the founder gave this member.
  public var publisherNumber: Int? { me?.admission.publisher }

  /// Writes a case's public summary as a signed note, and the `publish` entry to counsel.
  public func publish(_ id: ThingID, details: [PublicNote.Field], summary: String) throws(VaultError) -> CaseNote {
    try require(.counsel)
    guard let number = publisherNumber, open.keys?.publishers[number] == key.publisher.verifyingKey else {
      throw .needsRole(.counsel)
    }
    return try write { writing in
      try self.requireAllRead(below: id.shown())
      // Behind a fork the next text follows one of the newest, the same one on every machine.
      let before = self.open.cases.first { $0.note.id == id && $0.isConnected }?.note
      let note = try CaseNote(
        id: id, vault: self.note.id, number: (before?.number ?? 0) + 1, previous: before?.note.hash, details: details,
        summary: summary, publisher: number, with: self.key.publisher)
      let bytes = note.note.encoded
      guard bytes.count <= VaultFolder.publicLimit else { throw VaultError.unreadable }
      try writing.objects.stage(
        path: [VaultFolder.publicName, PathBytes(id.shown())],
        name: PublicName.file(number: note.number, bytes: bytes), bytes)
      let counsel = try self.circle(CircleName.counsel)
      let body = PublishBody(caseID: id.hash, number: note.number, text: note.note.hash, publisher: number)
      try writing.stage(
        writing.chain.entry(.publish, by: self.key.signing, to: counsel.body, counsel.recipient, body: body.json))
      return note
    }
  }
}

extension ShownID {
  /// A shown or full id of one kind, as somebody typed it.
  public init(_ text: String, of kind: ThingKind) throws(VaultError) {
    do { self = try ShownID.parse(text) } catch {
      switch error {
      case .wrongCheckLetter: throw .mistyped(text)
      case .malformed: throw .notAnID(text)
      }
    }
    guard self.kind == kind || self.kind == nil else { throw .notAnID(text) }
  }
}
