public import Sodium

/// A published case summary: what anyone may read about a case, signed by as many publishers as the vault asks for.
public struct CaseNote: Sendable {
  public let id: ThingID
  public let number: Int
  /// The hash of the text before it; nil for the first.
  public let previous: SHA256Hash?
  /// What the field's standards call the minimal public data: title, country, period, violation, language, status,
  /// consent (FIELDS.md, case P). Each may be missing; `violation` and `language` may stand more than once.
  public let details: [PublicNote.Field]
  public let summary: String
  public let note: PublicNote

  /// The names of `details`, in the order in which they are written.
  public static let detailNames = ["title", "country", "period", "violation", "language", "status", "consent"]

  public var title: String? { details.first { $0.name == "title" }?.value }

  /// Writes and signs by one publisher.
  public init(
    id: ThingID, vault: SHA256Hash, number: Int, previous: SHA256Hash?, details: [PublicNote.Field], summary: String,
    publisher: Int, with key: SigningKey
  ) throws(RecordError) {
    let fields =
      [
        PublicNote.Field("vault", vault.description), PublicNote.Field("case", id.hash.description),
        PublicNote.Field("number", String(number)), PublicNote.Field("previous", previous?.description ?? "none"),
      ] + details
    let name = KeyName.publisher(publisher, of: vault)
    try self.init(PublicNote(.case, fields, body: summary, as: name, with: key), vault: vault)
  }

  /// Reads. Who signed it is judged by `publishers`.
  public init(_ note: PublicNote, vault: SHA256Hash) throws(RecordError) {
    guard try note.value("vault") == vault.description else { throw .otherVault }
    guard let hash = SHA256Hash(hex: try note.value("case")) else { throw .field("case") }
    self.id = ThingID(kind: .case, hash: hash)
    self.number = try note.count("number")
    let previous = try note.value("previous")
    self.previous = SHA256Hash(hex: previous)
    guard (number == 1) == (previous == "none"), number == 1 || self.previous != nil else { throw .field("previous") }
    self.details = note.fields.filter { Self.detailNames.contains($0.name) }
    self.summary = note.body
    self.note = note
  }

  /// The numbers of the publishers whose good signatures on it count; empty where there is none. Throws when one is bad.
  public func publishers(under keys: KeysNote, vault: SHA256Hash) throws(RecordError) -> Set<Int> {
    try note.publishers(under: keys, vault: vault)
  }
}
