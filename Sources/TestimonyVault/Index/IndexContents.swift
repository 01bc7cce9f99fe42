public import Record
public import Sodium

/// What an index holds, all of it in memory: what a rebuild fills and what is encoded. Reading an index costs less than
/// filling this: `SealedIndex` decodes what is asked for.
struct IndexContents: Sendable {
  let vault: SHA256Hash
  /// What the index stands on: where it changed, everything may have, and the index is dropped.
  let basis: SHA256Hash
  /// The files of `log/` that need not be opened again. A damaged, refused or unreadable one is never among them: a good
  /// copy may take its place, and a later version may read it.
  var log: [KnownEntry] = []
  var locks: [KnownLock] = []
  var rows: [IndexRow] = []
  var texts: [IndexText] = []

  init(vault: SHA256Hash, basis: SHA256Hash) {
    self.vault = vault
    self.basis = basis
  }

  /// The basis of an index: the circle epochs held, and whatever else the caller says must not have changed.
  static func basis(epochs: [Entry.Address], others: [SHA256Hash]) -> SHA256Hash {
    let held = epochs.map { "\($0.circle) \($0.epoch)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let lines = ["\(SealedIndex.layout)"] + held + ["-"] + others.map(\.description)
    return SHA256Hash(of: Array(lines.map { $0 + "\n" }.joined().utf8))
  }
}

/// A file of `log/` that was opened before, or written in this run.
struct KnownEntry: Sendable {
  let file: SHA256Hash
  /// What it says; nil where no key of the reader opens it.
  let entry: IndexedEntry?
}

/// A file of `locks/` that was opened before.
struct KnownLock: Sendable, Equatable {
  enum Content: Sendable, Equatable {
    case notForYou
    /// Circle keys of one person.
    case keys
    /// Layers of one version, by the note hash of its manifest: those that the reader can open with it.
    case opens(manifest: SHA256Hash, [Layer])
    /// Nobody signed it who may.
    case unsigned
  }

  let file: SHA256Hash
  let content: Content
}

/// A version of a record, as `list` shows it where it is one of the newest.
public struct IndexRow: Sendable, Equatable {
  public let record: SHA256Hash
  public let caseID: SHA256Hash
  /// The note hash of the manifest.
  public let manifest: SHA256Hash
  /// The version as people name it: `2`, or `2a`.
  public let label: String
  public let time: ClaimedTime
  /// The layers that the reader may open.
  public let layers: [Layer]
  public let isContested: Bool
  /// No other version follows it.
  public let isNewest: Bool

  public init(
    record: SHA256Hash, caseID: SHA256Hash, manifest: SHA256Hash, label: String, time: ClaimedTime, layers: [Layer],
    isContested: Bool, isNewest: Bool
  ) {
    self.record = record
    self.caseID = caseID
    self.manifest = manifest
    self.label = label
    self.time = time
    self.layers = layers
    self.isContested = isContested
    self.isNewest = isNewest
  }
}

/// A text that can be searched. Never of an identity: there is no such layer here.
struct IndexText: Sendable, Equatable {
  enum Part: UInt8, Sendable {
    case summary = 1
    case testimony = 2

    /// Nil for the identity.
    init?(_ layer: Layer) {
      switch layer {
      case .summary: self = .summary
      case .testimony: self = .testimony
      case .identity: return nil
      }
    }

    var layer: Layer { self == .summary ? .summary : .testimony }
  }

  let record: SHA256Hash
  let manifest: SHA256Hash
  let part: Part
  /// UTF-8, for excerpts.
  let original: [UInt8]
  let folded: [UInt8]

  init(record: SHA256Hash, manifest: SHA256Hash, part: Part, original: [UInt8]) {
    self.init(
      record: record, manifest: manifest, part: part, original: original, folded: Folding.fold(original.span))
  }

  /// From an index, whose texts were folded before.
  init(record: SHA256Hash, manifest: SHA256Hash, part: Part, original: [UInt8], folded: [UInt8]) {
    self.record = record
    self.manifest = manifest
    self.part = part
    self.original = original
    self.folded = folded
  }
}
