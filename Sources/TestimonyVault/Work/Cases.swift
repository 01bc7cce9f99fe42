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

  /// Writes a case's public summary as a signed note, and the `publish` entry to counsel. Where the vault asks for more
  /// publishers, it stays sealed to counsel until they have signed, too.
  public func publish(_ id: ThingID, details: [PublicNote.Field], summary: String) throws(VaultError) -> Published {
    _ = try publishing()
    return try write { writing in
      let (number, keys) = try self.publishing()
      // A text that still awaits signatures has a number, and would have a rival.
      let folder = Array("public/\(id.shown())/".utf8)
      let awaits = self.open.faults.contains { place, fault in
        guard case .tooFewPublishers(let have, _) = fault else { return false }
        return have > 0 && place.utf8.starts(with: folder)
      }
      if awaits { throw VaultError.textAwaits(id) }
      try self.requireAllRead(below: id.shown())
      // Behind a fork the next text follows one of the newest, the same one on every machine.
      let before = self.newestText(of: id)
      let note = try CaseNote(
        id: id, vault: self.note.id, number: (before?.number ?? 0) + 1, previous: before?.note.hash, details: details,
        summary: summary, publisher: number, with: self.key.publisher)
      let need = keys.thresholds.publish
      try self.stage(summary: note, by: number, awaits: need > 1, in: &writing)
      return Published(note: note, need: need)
    }
  }
}

/// A case's public summary as it was signed.
public struct Published: Sendable {
  public let note: CaseNote
  /// How many publishers must sign it; it is public where that is one.
  public let need: Int

  public var number: Int { note.number }
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
