import Platform
import Age
public import Publishing
public import Record
import Sodium
import Synchronization

/// One thing that is not as it should be: which file, and what it means.
public struct Finding: Sendable, Comparable {
  public enum Kind: Int, Sendable, Comparable {
    case damaged, fork, incomplete, foreign
    public static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  public enum Meaning: Sendable {
    case damage(Damage)
    case entry(EntryFault)
    case open(PublicFault)
    /// Not sealed the way this vault seals: other than one stanza of the vault's kind.
    case otherSeal
    case publicContent
    /// A chain of entries does not hold together here.
    case chain(ChainFault)
    /// An entry that the author of a file knew, and that is not here; its file's name is not told.
    case missingNote(namedBy: Place)
    /// An entry that this device has seen is not here any more.
    case wentBack(was: Int64, now: Int64)
    /// The `keys` notes that this device followed are not on the way to the newest any more.
    case keysWentBack
    /// A text that was published is not in the open any more.
    case missingText
    case missingObject(ThingID)
    case missingLock(ThingID)
    case strayName
    /// A lock file that opens, and that no counsel of this vault signed.
    case lockSignature
    /// The caller's own share in a lock file is not what it should be; the file's author, by name.
    case falseShare(by: String)
    /// The quorum that this device last saw in force is not on the way to what is in force here.
    case quorumWentBack
    /// Complete policies beside each other, of which none holds.
    case quorumContested
    case tree(TreeFault)
    /// A checkpoint covers it, it is not here, and nobody has said that it is gone.
    case notHere(checkpoint: Int)
    /// It is not here, and fewer publishers than are asked for say that it is gone on purpose.
    case goneClaimed(have: Int, need: Int)
    /// It took the place of a file that is gone, and is not here itself.
    case successorNotHere
  }

  public let kind: Kind
  public let place: Place
  public let meaning: Meaning

  public static func < (left: Finding, right: Finding) -> Bool {
    (left.kind, left.place.description) < (right.kind, right.place.description)
  }

  public static func == (left: Finding, right: Finding) -> Bool {
    left.kind == right.kind && left.place == right.place
  }
}

/// What a verification looked at, and what it found. It stops at no finding, and writes nothing.
public struct Verification: Sendable {
  public var objects = 0
  public var bytes: UInt64 = 0
  public var entries = 0
  public var records = 0
  public var cases = 0
  public var chains = 0
  /// Entries that are there, and not for the key that was used.
  public var notForYou = 0
  /// The newest checkpoint that holds.
  public var checkpoint: VaultCheckpoint?
  /// Names that it covers, and sealed files that came after it.
  public var covered = 0
  public var notCovered = 0
  /// Names that are gone on enough publishers' word; of these, files that are still here.
  public var gone = 0
  public var stillHere = 0
  /// Half-written files of interrupted runs: without effect, removed by the next write.
  public var temporary: [Place] = []
  public var findings: [Finding] = []

  /// What anyone can check: every sealed file against its name, its seal's shape, the public notes, and the tree: that
  /// nothing is missing that a checkpoint covers, but what is gone on the word of enough publishers.
  public static func withoutKey(
    _ vault: VaultFolder, progress: @escaping @Sendable (UInt64) throws -> Void = { _ in }
  ) throws(VaultError) -> Verification {
    var result = Verification()
    let note = try vault.vaultNote()
    let stanza = note.keys == KeyKind.hybrid.rawValue ? "mlkem768x25519" : "X25519"
    var places: [ObjectPlace] = []
    for kind in ObjectKind.allCases {
      let listing = try vault.list(kind)
      places += listing.objects
      result.temporary += listing.temporary
      result.findings += listing.foreign.map { Finding(kind: .foreign, place: $0, meaning: .strayName) }
    }
    let present = Set(places.map(\.treeName))
    let sum = Mutex(result)
    do {
      let all = try bigFirst(places, in: vault)
      try Parallel.forEach(0..<all.count) { index in
        try Interruption.check()
        let (size, damage) = try Self.check(all[index], in: vault, stanza: stanza, progress: progress)
        sum.withLock { sum in
          sum.objects += 1
          sum.bytes += size
          if let damage {
            sum.findings.append(Finding(kind: .damaged, place: Place(all[index].description), meaning: damage))
          }
        }
      }
      try Interruption.check()
    } catch { throw VaultError(error) }
    result = sum.withLock { $0 }
    let notes = try vault.publicListing(of: note)
    try result.checkPublic(notes, in: vault)
    result.check(try vault.treeListing(of: note, notes.record), present)
    result.findings.sort()
    return result
  }

  /// Big files first, so that all cores end together.
  private static func bigFirst(_ places: [ObjectPlace], in vault: VaultFolder) throws -> [ObjectPlace] {
    let sizes = try Parallel.map(0..<places.count) { index in
      try Interruption.check()
      return (try? vault.open(places[index]).status().size) ?? 0
    }
    let order = places.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    return order.map { places[$0] }
  }

  private static func check(
    _ place: ObjectPlace, in vault: VaultFolder, stanza: String, progress: (UInt64) throws -> Void
  ) throws -> (UInt64, Finding.Meaning?) {
    do {
      let descriptor = try vault.open(place)
      let size = try descriptor.status().size
      guard try FileHash.of(descriptor, reading: { try progress(UInt64($0.count)) }) == place.hash else {
        return (size, .damage(size == 0 ? .empty : .otherContent))
      }
      // A header of one hybrid stanza takes some 1,800 bytes.
      var head = [UInt8](repeating: 0, count: 4096)
      var span = head.mutableSpan
      let count = try descriptor.read(at: 0, into: &span)
      guard let header = try? Header.parse(head.span.extracting(0..<count)).header, header.stanzas.count == 1,
        header.stanzas[0].type == stanza
      else { return (size, .otherSeal) }
      return (size, nil)
    } catch {
      // An interruption says nothing about the file.
      try Interruption.check()
      return (0, .damage(Damage(error)))
    }
  }

  private mutating func checkPublic(_ notes: PublicListing, in vault: VaultFolder) throws(VaultError) {
    temporary += notes.temporary
    findings += notes.damaged.map { Finding(kind: .damaged, place: $0, meaning: .publicContent) }
    findings += notes.foreign.map { Finding(kind: .foreign, place: $0, meaning: .strayName) }
    let open = notes.record
    if open.keys == nil {
      findings.append(Finding(kind: .incomplete, place: Place("public/vault"), meaning: .open(.gap)))
    }
    for (place, fault) in open.faults {
      let kind: Finding.Kind =
        switch fault {
        case .fork, .superseded: .fork
        case .gap: .incomplete
        // Signed by somebody, and not by enough: the others may still sign.
        case .tooFewPublishers(let have, _): have > 0 ? .incomplete : .damaged
        case .malformed, .otherName: .damaged
        }
      findings.append(Finding(kind: kind, place: Place(place), meaning: .open(fault)))
    }
    // What lies at the top beside the folders of DESIGN §4 is none of ours.
    let known = Set(
      [VaultFolder.noteName, VaultFolder.publicName, TreeFile.folder] + ObjectKind.allCases.map(\.folder))
    for name in try vault.names(in: vault.root, at: "vault") where !known.contains(name) {
      if name.bytes.starts(with: VaultFolder.temporaryPrefix) {
        temporary.append(Place(name.description))
      } else {
        findings.append(Finding(kind: .foreign, place: Place(name.description), meaning: .strayName))
      }
    }
  }
}
