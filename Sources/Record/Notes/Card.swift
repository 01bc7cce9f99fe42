public import Sodium
import Transparency

/// A member's public half: a signed note that carries a name, an age recipient and four verifying keys, and is signed
/// by the first of them. It proves only that whoever made it held that key: who that is, its check words tell.
public struct Card: Sendable {
  public let name: PersonName
  /// Lower-case Bech32 text of the age recipient.
  public let recipient: String
  public let signing: VerifyingKey
  /// The key under which this person would speak for the vault in public, once given a publisher's number.
  public let publisher: VerifyingKey
  /// The key under which this person would issue checkpoints, once the registrar.
  public let registrar: VerifyingKey
  /// The key under which this person would write the roster, once a succession or the founding made them the founder.
  public let founder: VerifyingKey
  public let note: PublicNote

  /// The hash whose first 80 bits are the check words.
  public var hash: SHA256Hash { note.hash }
  public var member: SHA256Hash { KeyHash.of(signing) }

  public init(
    name: PersonName, recipient: String, signing: SigningKey, publisher: VerifyingKey, registrar: VerifyingKey,
    founder: VerifyingKey
  ) throws(RecordError) {
    let fields = [
      PublicNote.Field("name", name.text), PublicNote.Field("recipient", recipient),
      PublicNote.Field("signing", Hex.encode(signing.verifyingKey.bytes)),
      PublicNote.Field("publisher", Hex.encode(publisher.bytes)),
      PublicNote.Field("registrar", Hex.encode(registrar.bytes)),
      PublicNote.Field("founder", Hex.encode(founder.bytes)),
    ]
    try self.init(checking: PublicNote(.card, fields, as: KeyName.card, with: signing))
  }

  /// Reads and verifies.
  public init(parsing bytes: Span<UInt8>) throws(RecordError) {
    try self.init(checking: PublicNote(parsing: bytes, as: .card))
  }

  private init(checking note: PublicNote) throws(RecordError) {
    do { self.name = try PersonName(try note.value("name")) } catch { throw .field("name") }
    let recipient = try note.value("recipient")
    // Bech32 in lower case: nothing in it can speak to a terminal.
    guard recipient.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }) else {
      throw .field("recipient")
    }
    self.recipient = recipient
    self.signing = try Self.key(note, "signing")
    self.publisher = try Self.key(note, "publisher")
    self.registrar = try Self.key(note, "registrar")
    self.founder = try Self.key(note, "founder")
    guard note.fields.count == 6, note.body.isEmpty else { throw .field("") }
    do {
      _ = try note.note.verified(by: [NoteVerifier(name: KeyName.card, key: signing)])
    } catch { throw .signature }
    self.note = note
  }

  private static func key(_ note: PublicNote, _ name: String) throws(RecordError) -> VerifyingKey {
    guard let bytes = Hex.decode(Array(try note.value(name).utf8)), let key = VerifyingKey(bytes: bytes)
    else { throw .field(name) }
    return key
  }
}
