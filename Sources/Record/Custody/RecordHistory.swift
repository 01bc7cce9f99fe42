public import Sodium

/// A version of a record, as a manifest states it.
public struct SealedVersion: Sendable {
  public let entry: VerifiedEntry
  public let head: ManifestHead
  /// The note hash of the `seal` or `amend` entry, whatever resealed it since.
  public let first: SHA256Hash

  public init(entry: VerifiedEntry, head: ManifestHead, first: SHA256Hash) {
    self.entry = entry
    self.head = head
    self.first = first
  }

  public var note: SHA256Hash { entry.note }

  /// The whole manifest.
  public func manifest() throws(RecordError) -> Manifest { try entry.fullManifest() }
}

/// Everything that was sealed of one record.
public struct RecordHistory: Sendable {
  public let record: ThingID
  public let caseID: ThingID
  /// The versions that hold now, oldest first; a resealed one in the place of the one before it. Versions that were made
  /// apart stand beside each other.
  public private(set) var versions: [SealedVersion] = []
  /// Every manifest note of this record, those that were resealed too, and the version that it stands for now.
  public private(set) var standing: [SHA256Hash: SHA256Hash] = [:]
  /// Manifests that a version names as its predecessors and that are not here.
  public private(set) var missing: Set<SHA256Hash> = []

  init(record: ThingID, caseID: ThingID, manifests: [VerifiedEntry]) {
    self.record = record
    self.caseID = caseID
    let heads = manifests.compactMap { one in one.manifest.map { (one, $0) } }
    let byNote = Dictionary(heads.map { ($0.0.note, $0) }) { first, _ in first }
    // A reseal of the same version; where two were made apart, the one with the lower hash.
    var next: [SHA256Hash: SHA256Hash] = [:]
    for (one, head) in heads.sorted(by: { $0.0.note > $1.0.note }) {
      guard let replaced = head.replaces, let before = byNote[replaced], before.1.version == head.version,
        before.1.previous == head.previous
      else { continue }
      next[replaced] = one.note
    }
    for (one, head) in heads where head.replaces == nil {
      var note = one.note
      var seen: Set<SHA256Hash> = [note]
      while let newer = next[note], seen.insert(newer).inserted { note = newer }
      for each in seen { standing[each] = note }
      guard let holding = byNote[note] else { continue }
      versions.append(SealedVersion(entry: holding.0, head: holding.1, first: one.note))
    }
    versions.sort { ($0.head.version, $0.first) < ($1.head.version, $1.first) }
    for version in versions { missing.formUnion(version.head.previous.filter { byNote[$0] == nil }) }
  }

  /// The versions that no other one names as its predecessor: what the next one names.
  public var newest: [SealedVersion] {
    let followed = Set(versions.flatMap { $0.head.previous.map { standing[$0] ?? $0 } })
    return versions.filter { !followed.contains($0.note) }
  }

  /// How people name a version: `2`, or `2a` and `2b` where two were made apart.
  public func label(_ version: SealedVersion) -> String {
    let siblings = versions.filter { $0.head.version == version.head.version }
    guard siblings.count > 1, let place = siblings.firstIndex(where: { $0.first == version.first }) else {
      return String(version.head.version)
    }
    // Beyond z there are two letters.
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    let mark = place < 26 ? String(letters[place]) : "\(letters[(place / 26 - 1) % 26])\(letters[place % 26])"
    return "\(version.head.version)\(mark)"
  }

  /// The version of that label.
  public func version(labelled label: String) -> SealedVersion? { versions.first { self.label($0) == label } }
}
