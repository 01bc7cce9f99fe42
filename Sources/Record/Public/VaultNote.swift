public import Sodium
import Transparency

/// `vault.note`: the founding. Never changed; the hash of its text is the vault's id (DESIGN §4).
public struct VaultNote: Sendable {
  /// `draft` until the format is declared `1`.
  public static let format = "draft"

  public let id: SHA256Hash
  public let format: String
  /// `hybrid` or `classic`: the one kind of age key in this vault.
  public let keys: String
  public let founder: VerifyingKey
  /// The whole note in bytes: what the file holds.
  public let encoded: [UInt8]

  /// Founds: signs a new note by the founder's key.
  public init(keys: String, founder: SigningKey, nonce: [UInt8]) throws(RecordError) {
    let fields = [
      PublicNote.Field("format", Self.format), PublicNote.Field("keys", keys),
      PublicNote.Field("founder", Hex.encode(founder.verifyingKey.bytes)),
      PublicNote.Field("nonce", Hex.encode(nonce)),
    ]
    let note = try PublicNote(.vault, fields, body: Self.explanation, as: KeyName.founding, with: founder)
    try self.init(checking: note)
  }

  /// Reads and verifies: the founder's key stands in the note itself, so the note vouches for nothing but that this
  /// key founded this vault. Whose key it is, the check words tell.
  public init(parsing bytes: Span<UInt8>) throws(RecordError) {
    try self.init(checking: PublicNote(parsing: bytes, as: .vault))
  }

  private init(checking note: PublicNote) throws(RecordError) {
    guard let bytes = Hex.decode(Array(try note.value("founder").utf8)), let founder = VerifyingKey(bytes: bytes)
    else { throw .field("founder") }
    guard Hex.decode(Array(try note.value("nonce").utf8))?.count == 16 else { throw .field("nonce") }
    do {
      _ = try note.note.verified(by: [NoteVerifier(name: KeyName.founding, key: founder)])
    } catch { throw .signature }
    self.id = note.hash
    self.format = try note.value("format")
    let keys = try note.value("keys")
    guard keys == "hybrid" || keys == "classic" else { throw .field("keys") }
    self.keys = keys
    self.founder = founder
    self.encoded = note.encoded
  }

  static let explanation = """
    This folder is a testimony vault. The summaries under public/ are for anyone to read.
    Everything else is sealed: each .age file is a standard age file (c2sp.org/age).
    Please change, rename or delete nothing here: what looks broken may be evidence.

    """
}
