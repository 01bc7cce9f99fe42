public import Sodium
import Transparency

/// A `gone` note in `tree/`: what was replaced or erased on purpose, on whose word (PROTOCOL, signed notes). It has no
/// time, number or predecessor: all that are here make one set.
public struct GoneNote: Equatable, Sendable {
  public enum Reason: String, Sendable, CaseIterable {
    /// Lock files only, each with the one that took its place.
    case replace
    /// Lock files and sealed material; a reseal names what took its place.
    case erase
  }

  /// One file that is gone, and the one that took its place.
  public struct Name: Equatable, Sendable {
    public let old: TreeName
    public let new: TreeName?

    public init(_ old: TreeName, replacedBy new: TreeName? = nil) {
      self.old = old
      self.new = new
    }
  }

  public let reason: Reason
  /// Sorted by the old name.
  public let names: [Name]

  /// The largest note, in bytes.
  public static let limit = 1 << 20

  /// Refuses an empty list, a name twice, what lies in `log/` (it is kept for ever), a successor in another folder or
  /// that is gone itself; and for a replacement whatever is no lock file, or has no successor.
  public init(_ reason: Reason, _ names: [Name]) throws(RecordError) {
    self.reason = reason
    self.names = names.sorted { $0.old < $1.old }
    let old = Set(names.map(\.old))
    guard !names.isEmpty, old.count == names.count else { throw .field("gone") }
    for name in names {
      guard name.old.folder != .log else { throw .field("gone") }
      if reason == .replace { guard name.old.folder == .locks, name.new != nil else { throw .field("gone") } }
      if let new = name.new { guard new.folder == name.old.folder, !old.contains(new) else { throw .field("gone") } }
    }
  }

  /// How many publishers must sign it.
  public func threshold(under keys: KeysNote) -> Int {
    switch reason {
    case .replace: keys.thresholds.replace
    case .erase: keys.thresholds.erase
    }
  }

  /// Signed by one publisher; others add theirs (`PublicNote.adding`). Refuses what is larger than such a note can be.
  public func signed(for vault: SHA256Hash, publisher number: Int, with key: SigningKey) throws(RecordError)
    -> PublicNote
  {
    let note = try PublicNote(.gone, fields(for: vault), as: KeyName.publisher(number, of: vault), with: key)
    guard note.encoded.count <= Self.limit else { throw .note(.tooLarge) }
    return note
  }

  /// Reads. Who signed it is judged by `PublicNote.publishers`.
  public init(_ note: PublicNote, vault: SHA256Hash) throws(RecordError) {
    guard try note.value("vault") == vault.description else { throw .otherVault }
    guard let reason = Reason(rawValue: try note.value("why")) else { throw .field("why") }
    var names: [Name] = []
    for value in note.values("gone") {
      let parts = value.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      let read = parts.compactMap { TreeName(parsing: $0) }
      guard read.count == parts.count, 1...2 ~= read.count else { throw .field("gone") }
      names.append(Name(read[0], replacedBy: read.count == 2 ? read[1] : nil))
    }
    try self.init(reason, names)
    // One spelling, in one order, and nothing else.
    guard try note.note.text == PublicNote.text(.gone, fields(for: vault)) else { throw .field("") }
  }

  private func fields(for vault: SHA256Hash) -> [PublicNote.Field] {
    [PublicNote.Field("vault", vault.description), PublicNote.Field("why", reason.rawValue)]
      + names.map { name in
        PublicNote.Field("gone", name.old.description + (name.new.map { " \($0)" } ?? ""))
      }
  }
}
