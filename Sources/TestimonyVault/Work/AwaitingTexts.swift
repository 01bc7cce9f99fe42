import Age
import Platform
import Publishing
public import Record
public import Sodium
import Transparency

/// A text that fewer publishers have signed than the vault asks for.
public struct Awaiting: Sendable {
  public enum Kind: Sendable {
    /// A new founder.
    case succession(name: String)
    /// What is replaced or erased.
    case gone(GoneNote)
    /// A case's public summary: not public yet, or public with too few signatures.
    case summary(CaseNote, isPublic: Bool)
  }

  public let kind: Kind
  public let note: PublicNote
  /// The numbers of the publishers that have signed.
  public let signed: Set<Int>
  public let need: Int

  public var hash: SHA256Hash { note.hash }
  /// What is signed.
  public var text: String { String(decoding: note.note.text, as: UTF8.self) }
  /// What people type: the case's id, or the first digits of the text's hash.
  public var handle: String {
    if case .summary(let summary, _) = kind { return summary.id.shown() }
    return hash.handle
  }
}

/// The plaintext of the object that holds a text which awaits signatures: vault, case, and the whole signed note.
enum AwaitingText {
  static func seal(_ note: PublicNote, of caseID: SHA256Hash, in vault: SHA256Hash, to recipient: NativeRecipient)
    throws(VaultError) -> [UInt8]
  {
    let json: JSON = [
      "vault": .hash(vault), "case": .hash(caseID), "note": .string(String(decoding: note.encoded, as: UTF8.self)),
    ]
    var bytes = json.printed()
    guard bytes.count <= VaultFolder.textLimit else { throw .unreadable }
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: SizeClass.text.padded(bytes.count) - bytes.count)
    do { return try AgeFile.seal(bytes.span, to: [recipient]) } catch { throw .age(error) }
  }

  static func parse(_ content: Span<UInt8>, of caseID: SHA256Hash, in vault: SHA256Hash) throws(RecordError) -> CaseNote
  {
    let json: JSON
    do { json = try JSON(parsing: content) } catch { throw .json(error) }
    let fields = try Fields(json)
    guard try fields.hash("vault") == vault, try fields.hash("case") == caseID else { throw .otherVault }
    let bytes = Array(try fields.text("note").utf8)
    let note = try CaseNote(PublicNote(parsing: bytes.span, as: .case), vault: vault)
    guard note.id.hash == caseID else { throw .field("case") }
    return note
  }
}

extension Session {
  /// Everything that awaits signatures of publishers, as far as it is here.
  public func awaiting() throws(VaultError) -> [Awaiting] {
    try newSuccessions() + unsignedGone() + unsignedSummaries() + unpublished()
  }

  private func newSuccessions() -> [Awaiting] {
    open.awaiting.map { one in
      Awaiting(
        kind: .succession(name: memberName(founder: one.claims.founder)), note: one.note, signed: one.signed,
        need: one.need)
    }
  }

  private func unsignedGone() throws(VaultError) -> [Awaiting] {
    try vault.treeListing(of: note, open).record.awaiting.map { one in
      Awaiting(kind: .gone(one.gone), note: one.note, signed: one.signed, need: one.need)
    }
  }

  /// Summaries that lie in the open and have too few signatures: since the policy asks for more.
  private func unsignedSummaries() -> [Awaiting] {
    guard let keys = open.keys else { return [] }
    var found: [SHA256Hash: Awaiting] = [:]
    for (place, fault) in open.faults {
      guard case .tooFewPublishers = fault, let note = try? publicCase(at: place),
        let signed = try? note.publishers(under: keys, vault: self.note.id), !signed.isEmpty
      else { continue }
      found[note.note.hash] = Awaiting(
        kind: .summary(note, isPublic: true), note: note.note, signed: signed, need: keys.thresholds.publish)
    }
    return found.values.sorted { $0.hash < $1.hash }
  }

  private func publicCase(at place: String) throws -> CaseNote {
    let parts = place.split(separator: "/").map { PathBytes(String($0)) }
    guard parts.count == 3 else { throw VaultError.missing(Place(place)) }
    let folder = try vault.root.directory(parts[0]).directory(parts[1])
    let bytes = try VaultFolder.contents(
      of: folder.openForReading(parts[2]), at: place, atMost: VaultFolder.publicLimit)
    return try CaseNote(PublicNote(parsing: bytes.span, as: .case), vault: note.id)
  }

  /// Texts that a `publish` entry put aside for more signatures, and that are not overtaken; the signatures of all objects
  /// that hold one text united.
  private func unpublished() throws(VaultError) -> [Awaiting] {
    guard let keys = open.keys, me?.holds(.counsel) ?? false else { return [] }
    var notes: [SHA256Hash: CaseNote] = [:]
    for one in log.entries where one.entry.type == .publish {
      guard let body = try? PublishBody(one.entry.body), let object = body.object,
        let note = try? awaitingText(object, of: body.caseID), note.note.hash == body.text, follows(note)
      else { continue }
      notes[body.text] =
        try notes[body.text].map { (known) throws(VaultError) in try known.united(with: note, note.id, self.note.id) }
        ?? note
    }
    return notes.values.compactMap { note in
      guard let signed = try? note.publishers(under: keys, vault: self.note.id), !signed.isEmpty else { return nil }
      return Awaiting(
        kind: .summary(note, isPublic: false), note: note.note, signed: signed, need: keys.thresholds.publish)
    }.sorted { $0.hash < $1.hash }
  }

  private func awaitingText(_ object: SHA256Hash, of caseID: SHA256Hash) throws -> CaseNote {
    let file = try vault.read(ObjectPlace(.sealed, object), atMost: VaultFolder.textFileLimit)
    let keys = circles.identities.filter { $0.address.circle == CircleName.counsel }.map(\.identity)
    let content = try AgeFile.open(file.span, with: keys)
    return try AwaitingText.parse(content.bytes, of: caseID, in: note.id)
  }

  /// The newest published text of a case that the next one follows.
  func newestText(of id: ThingID) -> CaseNote? { open.cases.first { $0.note.id == id && $0.isConnected }?.note }

  /// Whether a text would be the next of its case.
  func follows(_ note: CaseNote) -> Bool {
    let before = newestText(of: note.id)
    return note.number == (before?.number ?? 0) + 1 && note.previous == before?.note.hash
  }
}

extension CaseNote {
  /// The same text with the signature lines of both.
  fileprivate func united(with other: CaseNote, _ id: ThingID, _ vault: SHA256Hash) throws(VaultError) -> CaseNote {
    do {
      var united = note.note
      for signature in other.note.note.signatures { united = try united.adding(signature) }
      return try CaseNote(PublicNote(parsing: united.encoded.span, as: .case), vault: vault)
    } catch { throw VaultError(error) }
  }
}
