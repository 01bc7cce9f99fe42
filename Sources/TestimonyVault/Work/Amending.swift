public import Record
import Sodium

/// What a later version adds to a record's testimony. It stands in the testimony's own fields, so that only who reads them
/// learns it (FIELDS.md, translation and testimony).
public enum Addition: String, Sendable {
  /// More of what the source said.
  case testimony
  case translation
  /// What was put right when it was read back.
  case correction

  /// The name of the field that says it.
  public static let field = "adds"

  /// These fields, with the word that says what they add.
  public func mark(_ fields: JSON) -> JSON {
    var marked = JSONObject([(Self.field, .string(rawValue))])
    for member in fields.members ?? [] where marked[member.key] == nil { marked.append(member.key, member.value) }
    return .object(marked)
  }

  /// What the fields of a version say that they add; nil where they do not say.
  public init?(in fields: JSON) {
    guard let word = fields[Self.field]?.text, let addition = Addition(rawValue: word) else { return nil }
    self = addition
  }
}

/// The place of a version in its record's history, as its manifest states it.
struct VersionPlace {
  let origin: Origin
  /// The note hashes of all newest manifests that are known here.
  let previous: [SHA256Hash]
  let version: Int

  /// The first version of a new record.
  init(newBy author: SHA256Hash) {
    origin = Origin(author: author, nonce: .random())
    previous = []
    version = 1
  }

  /// The version behind all the newest ones of a record.
  init(behind history: RecordHistory) throws(VaultError) {
    guard let first = history.versions.first else { throw .notHere(history.record.shown()) }
    let newest = history.newest
    origin = try first.checkedManifest().origin
    previous = newest.map(\.note).sorted()
    version = 1 + (newest.map(\.head.version).max() ?? first.head.version)
  }
}
