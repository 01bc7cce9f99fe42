public import Record
public import Sodium

/// A public note as it lay in a folder: its place for messages, and its bytes.
public struct FoundNote: Sendable {
  /// The path below the vault, with forward slashes.
  public let place: String
  /// The name of the folder below `public/`.
  public let folder: String
  public let bytes: [UInt8]

  public init(place: String, folder: String, bytes: [UInt8]) {
    self.place = place
    self.folder = folder
    self.bytes = bytes
  }
}

/// Why a public note does not count.
public enum PublicFault: Error, Equatable, Sendable {
  case malformed(RecordError)
  /// Fewer publishers signed than the vault's threshold asks for.
  case tooFewPublishers(have: Int, need: Int)
  /// Two different texts follow the same one.
  case fork
  /// The text it follows is not here.
  case gap
  /// It lies in the folder of another case.
  case otherFolder
}

/// What the vault says in the open, as anyone can check it without a key: no decryption is linked here.
public struct PublicRecord: Sendable {
  /// One case's newest published text.
  public struct PublishedCase: Sendable {
    public let note: CaseNote
    public let place: String
    public let publishers: Set<Int>
  }

  public let vault: VaultNote
  /// The newest `keys` note that the founder's signatures lead to; nil where there is none.
  public let keys: KeysNote?
  public let keysHash: SHA256Hash?
  public let cases: [PublishedCase]
  public let faults: [(place: String, fault: PublicFault)]

  public init(vault: VaultNote, keysNotes: [FoundNote], caseNotes: [FoundNote]) {
    self.vault = vault
    var faults: [(place: String, fault: PublicFault)] = []
    let newest = Self.newestKeys(vault, keysNotes, &faults)
    self.keys = newest?.keys
    self.keysHash = newest?.hash
    var united: [SHA256Hash: (note: CaseNote, place: String, publishers: Set<Int>)] = [:]
    for found in caseNotes {
      guard let keys = newest?.keys else {
        faults.append((found.place, .tooFewPublishers(have: 0, need: 1)))
        continue
      }
      do {
        let note = try CaseNote(PublicNote(parsing: found.bytes.span, as: .case), vault: vault.id)
        guard note.id.shown() == found.folder else {
          faults.append((found.place, .otherFolder))
          continue
        }
        let publishers = try note.publishers(under: keys, vault: vault.id)
        // Files with one text are one note, their good signatures united.
        united[note.note.hash, default: (note, found.place, [])].publishers.formUnion(publishers)
      } catch { faults.append((found.place, .malformed(error))) }
    }
    let need = newest?.keys.thresholds.publish ?? 1
    for (_, one) in united where one.publishers.count < need {
      faults.append((one.place, .tooFewPublishers(have: one.publishers.count, need: need)))
    }
    let good = united.values.filter { $0.publishers.count >= need }
    self.cases = Self.newestCases(
      good.map { PublishedCase(note: $0.note, place: $0.place, publishers: $0.publishers) }, &faults)
    self.faults = faults.sorted { $0.place.utf8.lexicographicallyPrecedes($1.place.utf8) }
  }

  private static func newestKeys(
    _ vault: VaultNote, _ found: [FoundNote], _ faults: inout [(place: String, fault: PublicFault)]
  ) -> (keys: KeysNote, hash: SHA256Hash)? {
    var notes: [SHA256Hash: (keys: KeysNote, place: String)] = [:]
    for one in found {
      do {
        let note = try PublicNote(parsing: one.bytes.span, as: .keys)
        notes[note.hash] = (try KeysNote(note, vault: vault.id, founder: vault.founder), one.place)
      } catch { faults.append((one.place, .malformed(error))) }
    }
    var newest: (keys: KeysNote, hash: SHA256Hash)?
    for number in 1...(max(notes.count, 1)) {
      let next = notes.filter { $0.value.keys.number == number && $0.value.keys.previous == newest?.hash }
      guard next.count == 1, let (hash, one) = next.first else {
        // Two texts in one place: nobody is told which to believe.
        for (_, one) in next { faults.append((one.place, .fork)) }
        break
      }
      newest = (one.keys, hash)
    }
    let last = newest?.keys.number ?? 0
    for (_, one) in notes where one.keys.number > last + 1 { faults.append((one.place, .gap)) }
    return newest
  }

  private static func newestCases(
    _ notes: [PublishedCase], _ faults: inout [(place: String, fault: PublicFault)]
  ) -> [PublishedCase] {
    var newest: [PublishedCase] = []
    for (_, versions) in Dictionary(grouping: notes, by: \.note.id) {
      let last = versions.map(\.note.number).max() ?? 0
      let heads = versions.filter { $0.note.number == last }
      for number in 1...max(last, 1) {
        let here = versions.filter { $0.note.number == number }
        if here.count > 1 { for one in here { faults.append((one.place, .fork)) } }
        if number > 1, let one = here.first, !versions.contains(where: { $0.note.note.hash == one.note.previous }) {
          faults.append((one.place, .gap))
        }
      }
      if heads.count == 1 { newest += heads }
    }
    return newest.sorted { $0.note.id < $1.note.id }
  }
}
