public import Sodium
public import Transparency

/// An entry as it came out of a seal: which file, through which circle's key, and what it says. Nothing is believed yet.
public struct UnverifiedEntry: Sendable {
  enum Source: Sendable {
    /// What it says, and what its signature is checked over.
    case sealed(Result<ParsedEntry, RecordError>, UnpaddedNote)
    /// Its signature was verified before by this reader, who kept what it says.
    case indexed(IndexedEntry)
  }

  public let file: SHA256Hash
  public let openedBy: Entry.Address
  let source: Source

  public init(file: SHA256Hash, openedBy: Entry.Address, sealed: SealedNote) {
    self.file = file
    self.openedBy = openedBy
    self.source = .sealed(ParsedEntry.parse(sealed.body), UnpaddedNote(sealed.note))
  }

  public init(file: SHA256Hash, openedBy: Entry.Address, indexed: IndexedEntry) {
    self.file = file
    self.openedBy = openedBy
    self.source = .indexed(indexed)
  }
}

/// An entry's fields. The body is kept as bytes: as JSON, thousands of manifests take much memory.
struct ParsedEntry: Sendable {
  let entry: Entry
  let manifest: ManifestHead?

  static func parse(_ json: JSON) -> Result<ParsedEntry, RecordError> {
    Result { () throws(RecordError) in
      let entry = try Entry(json)
      let manifest = try ManifestHead(entry)
      return ParsedEntry(entry: try entry.withTextContent(), manifest: manifest)
    }
  }
}

/// A signed note without the spaces that pad it: what a log of thousands is kept as until its signatures are checked.
struct UnpaddedNote: Sendable {
  private let text: [UInt8]
  private let spaces: Int
  private let signatures: [NoteSignature]

  init(_ note: SignedNote) {
    var end = max(0, note.text.count - 1)
    while end > 0, note.text[end - 1] == UInt8(ascii: " ") { end -= 1 }
    text = Array(note.text[..<end])
    spaces = max(0, note.text.count - 1 - end)
    signatures = note.signatures
  }

  /// The whole note again, byte for byte.
  var note: SignedNote {
    get throws(RecordError) {
      do {
        return try SignedNote(
          checking: text + [UInt8](repeating: UInt8(ascii: " "), count: spaces) + [newline], signatures: signatures)
      } catch { throw .note(error) }
    }
  }
}

/// An entry whose signature was verified before, as the reader's own index keeps it, or as it was written in this run.
public struct IndexedEntry: Sendable {
  public let entry: Entry
  public let note: SHA256Hash
  /// The hash of the key that signed it.
  public let signer: SHA256Hash
  /// Of a manifest: what judging needs of it.
  public let manifest: ManifestHead?
  /// Of a `note` entry: whether what it says of a drop was found in the signed head that it embeds.
  public let isBorneOut: Bool

  public init(
    entry: Entry, note: SHA256Hash, signer: SHA256Hash, manifest: ManifestHead?, isBorneOut: Bool = false
  ) {
    self.entry = entry
    self.note = note
    self.signer = signer
    self.manifest = manifest
    self.isBorneOut = isBorneOut
  }

  /// An entry that its author has just signed.
  public init(signing entry: Entry, note: SHA256Hash, isBorneOut: Bool = false) throws(RecordError) {
    self.init(
      entry: try entry.withTextContent(), note: note, signer: entry.author, manifest: try ManifestHead(entry),
      isBorneOut: isBorneOut)
  }
}

/// A signed note from the log whose first line names another version of entries than this program reads.
public struct UnreadableEntry: Sendable {
  public let file: SHA256Hash
  public let openedBy: Entry.Address
  public let note: SignedNote

  public init(file: SHA256Hash, openedBy: Entry.Address, note: SignedNote) {
    self.file = file
    self.openedBy = openedBy
    self.note = note
  }
}

/// An entry whose vault, addressee, author and signature were checked. Whether it has effect, `CustodyLog` judges.
///
/// A log has thousands, and they are sorted and grouped: what one says lies in one place, and is not copied about.
public struct VerifiedEntry: Sendable {
  private final class Content: Sendable {
    let file: SHA256Hash
    let indexed: IndexedEntry

    init(file: SHA256Hash, indexed: IndexedEntry) {
      self.file = file
      self.indexed = indexed
    }
  }

  private let content: Content

  init(file: SHA256Hash, indexed: IndexedEntry) { content = Content(file: file, indexed: indexed) }

  public var file: SHA256Hash { content.file }
  public var note: SHA256Hash { content.indexed.note }
  public var entry: Entry { _read { yield content.indexed.entry } }
  /// The hash of the key that signed it.
  public var signer: SHA256Hash { content.indexed.signer }
  /// Of a manifest: what judging needs of it.
  public var manifest: ManifestHead? { _read { yield content.indexed.manifest } }
  /// Of a `note` entry: whether what it says of a drop was found in the signed head that it embeds.
  var isBorneOut: Bool { content.indexed.isBorneOut }
  /// All of it, to be kept: what need not be opened again.
  public var indexed: IndexedEntry { _read { yield content.indexed } }

  /// The same, once its embedded head was checked.
  func borneOut() -> VerifiedEntry {
    VerifiedEntry(
      file: file,
      indexed: IndexedEntry(entry: entry, note: note, signer: signer, manifest: manifest, isBorneOut: true))
  }
}

/// One well-signed entry's place in its author's chain.
public struct ChainPosition: Sendable {
  public let chain: [UInt8]
  public let seq: Int64
  public let note: SHA256Hash
  public let file: SHA256Hash
  public let to: Entry.Address
}

/// What judging needs to know of a manifest: the rest is read when somebody opens the record.
public struct ManifestHead: Sendable, Equatable {
  public let record: SHA256Hash
  public let caseID: SHA256Hash
  public let version: Int
  public let previous: [SHA256Hash]
  /// The key hash of the origin's author.
  public let originAuthor: SHA256Hash
  /// The hash of the printed body: what two manifests are compared by.
  public let digest: SHA256Hash
  /// The manifest that a reseal takes the place of.
  public let replaces: SHA256Hash?

  public init(
    record: SHA256Hash, caseID: SHA256Hash, version: Int, previous: [SHA256Hash], originAuthor: SHA256Hash,
    digest: SHA256Hash, replaces: SHA256Hash?
  ) {
    self.record = record
    self.caseID = caseID
    self.version = version
    self.previous = previous
    self.originAuthor = originAuthor
    self.digest = digest
    self.replaces = replaces
  }

  /// Of an entry of one of the types that are manifests; nil for others.
  init?(_ entry: Entry) throws(RecordError) {
    let manifest: Manifest
    switch entry.type {
    case .seal, .amend:
      manifest = try Manifest(entry.body, vault: entry.vault)
      self.replaces = nil
    case .reseal:
      let body = try ResealBody(entry.body, vault: entry.vault)
      manifest = body.manifest
      self.replaces = body.replaces
    default: return nil
    }
    self.record = manifest.recordID(in: entry.vault).hash
    self.caseID = manifest.caseID
    self.version = manifest.version
    self.previous = manifest.previous
    self.originAuthor = manifest.origin.author
    self.digest = SHA256Hash(of: manifest.json(vault: entry.vault).printed())
  }
}

extension VerifiedEntry {
  /// The whole manifest of an entry that is one. It was checked when the entry was judged.
  public func fullManifest() throws(RecordError) -> Manifest {
    entry.type == .reseal
      ? try ResealBody(entry.body, vault: entry.vault).manifest : try Manifest(entry.body, vault: entry.vault)
  }
}
