import Platform
import Publishing
import Record
import Sodium

/// How a text stands after a publisher has signed it.
public struct Countersigned: Sendable {
  public let have: Int
  public let need: Int
  /// It has as many signatures as the vault asks for.
  public var isEnough: Bool { have >= need }
}

extension Session {
  /// The one text that a handle means: the first 12 digits of its hash, or a case's id. Of the texts of one case that
  /// follow each other it is the first; rivals for one place are told apart by their hashes.
  public func awaiting(_ handle: String) throws(VaultError) -> Awaiting {
    let all = try awaiting()
    if let one = all.first(where: { $0.hash.handle == handle || $0.hash.description == handle }) { return one }
    guard let id = try? ShownID(handle, of: .case) else { throw .nothingAwaits(handle) }
    let texts = all.compactMap { one -> (text: Awaiting, number: Int)? in
      guard case .summary(let note, _) = one.kind, id.matches(note.id) else { return nil }
      return (one, note.number)
    }
    guard let first = texts.min(by: { $0.number < $1.number }) else { throw .nothingAwaits(handle) }
    guard texts.filter({ $0.number == first.number }).count == 1 else { throw .severalEntries(handle) }
    return first.text
  }

  /// Throws where the caller's signature would add nothing to a text.
  public func checkCountersigning(_ text: Awaiting) throws(VaultError) -> Int {
    let (number, _) = try publishing()
    if text.signed.contains(number) { throw .signedAlready(number) }
    // What takes a file's place is proven by the commands that write such notes; here nobody would look.
    if case .gone = text.kind { throw .provenElsewhere(text.handle) }
    if case .succession = text.kind {
      let rule = open.path.last { note in note.keys.succession.successors.contains(number) }
      guard rule != nil else { throw .notASuccessor }
    }
    return number
  }

  /// Adds the caller's signature to a text. With as many as the vault asks for it is public and counts; until then a
  /// summary stays sealed to counsel.
  public func countersign(_ text: Awaiting) throws(VaultError) -> Countersigned {
    _ = try checkCountersigning(text)
    var despite: Set<RosterDoubt> = []
    if case .succession = text.kind { despite = [.succession] }
    return try write(despite: despite) { writing in
      guard let text = try self.awaiting().first(where: { $0.hash == text.hash }) else {
        throw VaultError.nothingAwaits(text.handle)
      }
      let number = try self.checkCountersigning(text)
      let signed = try text.note.adding(publisher: number, of: self.note.id, with: self.key.publisher)
      let done = Countersigned(have: text.signed.count + 1, need: text.need)
      switch text.kind {
      case .succession:
        try self.stage(keysNote: signed, number: try signed.number, in: writing)
      case .gone: throw VaultError.provenElsewhere(text.handle)
      case .summary(_, let isPublic):
        let note = try CaseNote(signed, vault: self.note.id)
        try self.stage(summary: note, by: number, awaits: !done.isEnough && !isPublic, in: &writing)
      }
      return done
    }
  }

  /// Stages a signed summary and its `publish` entry: in the open, or, while more must sign, sealed to counsel.
  func stage(summary note: CaseNote, by number: Int, awaits: Bool, in writing: inout Writing) throws(VaultError) {
    let counsel = try circle(CircleName.counsel)
    let bytes = note.note.encoded
    guard bytes.count <= VaultFolder.publicLimit else { throw .unreadable }
    var object: SHA256Hash?
    if awaits {
      let sealed = try AwaitingText.seal(note.note, of: note.id.hash, in: self.note.id, to: counsel.recipient)
      object = try writing.objects.stage(.sealed, sealed).hash
    } else {
      try writing.objects.stage(
        path: [VaultFolder.publicName, PathBytes(note.id.shown())],
        name: PublicName.file(number: note.number, bytes: bytes), bytes)
    }
    let body = PublishBody(
      caseID: note.id.hash, number: note.number, text: note.note.hash, publisher: number, object: object)
    try writing.stage(
      writing.chain.entry(.publish, by: key.signing, to: counsel.body, counsel.recipient, body: body.json))
  }
}

extension PublicNote {
  /// The number that a `keys` note states.
  fileprivate var number: Int { get throws { Int(try value("number")) ?? 0 } }
}
