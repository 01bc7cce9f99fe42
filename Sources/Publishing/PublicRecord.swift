public import Record
public import Sodium

/// A public note as it lay in a folder: its place for messages, what its file's name states, and its bytes.
public struct FoundNote: Sendable {
  /// The path below the vault, with forward slashes.
  public let place: String
  /// The name of the folder below `public/`.
  public let folder: String
  /// The number that the file's name begins with.
  public let number: Int
  public let bytes: [UInt8]

  public init(place: String, folder: String, number: Int, bytes: [UInt8]) {
    self.place = place
    self.folder = folder
    self.number = number
    self.bytes = bytes
  }
}

/// Why a public note does not count.
public enum PublicFault: Error, Equatable, Sendable {
  case malformed(RecordError)
  /// Fewer publishers signed than the vault's threshold asks for.
  case tooFewPublishers(have: Int, need: Int)
  /// Two different texts follow the same one, or are both the first.
  case fork
  /// The text it follows is not here.
  case gap
  /// It lies in the folder of another case, or under another number.
  case otherName
}

/// What the vault says in the open, as anyone can check it without a key: no decryption is linked here.
public struct PublicRecord: Sendable {
  /// One case's newest published text. A case whose newest texts are a fork has several.
  public struct PublishedCase: Sendable {
    public let note: CaseNote
    public let place: String
    public let publishers: Set<Int>
    /// Whether the texts before it lead to the first one without a gap: only such a text is followed by the next.
    public fileprivate(set) var isConnected = false
  }

  public let vault: VaultNote
  /// The newest `keys` note that the founder's signatures lead to; nil where there is none.
  public let keys: KeysNote?
  public let keysHash: SHA256Hash?
  /// The founder's keys from the founding on, each put in place of the one before it by a succession.
  public var founders: [VerifyingKey] { [vault.founder] }
  /// The key that writes the roster and the `keys` notes now.
  public var founder: VerifyingKey { founders.last ?? vault.founder }
  /// The newest text of each case, and, where there is a fork, each of the newest texts; by case.
  public let cases: [PublishedCase]
  public let faults: [(place: String, fault: PublicFault)]

  /// The cases of which several newest texts exist.
  public var forked: Set<ThingID> {
    Set(Dictionary(grouping: cases, by: \.note.id).filter { $0.value.count > 1 }.keys)
  }

  /// A fork or a gap among the `keys` notes: nothing may be written behind it.
  public var keysAreUnclear: Bool {
    faults.contains { $0.place.utf8.starts(with: "public/vault/".utf8) && [.fork, .gap].contains($0.fault) }
  }

  public init(vault: VaultNote, keysNotes: [FoundNote], caseNotes: [FoundNote]) {
    var builder = Builder(vault)
    for note in keysNotes { builder.add(keys: note) }
    for note in caseNotes { builder.add(case: note) }
    self = builder.finish()
  }

  /// Takes one note after another, all `keys` notes first, and keeps only what is well signed, so that junk in the
  /// folders takes no memory.
  public struct Builder {
    private let vault: VaultNote
    private var faults: [(place: String, fault: PublicFault)] = []
    private var keysNotes: [SHA256Hash: (keys: KeysNote, place: String)] = [:]
    private var newest: (keys: KeysNote, hash: SHA256Hash)?
    private var isSettled = false
    private var texts: [SHA256Hash: (note: CaseNote, place: String, publishers: Set<Int>)] = [:]

    public init(_ vault: VaultNote) { self.vault = vault }

    public mutating func add(keys found: FoundNote) {
      do {
        let note = try PublicNote(parsing: found.bytes.span, as: .keys)
        let keys = try KeysNote(note, vault: vault.id, founder: vault.founder)
        guard keys.number == found.number else { return faults.append((found.place, .otherName)) }
        keysNotes[note.hash] = (keys, found.place)
      } catch { faults.append((found.place, .malformed(error))) }
    }

    public mutating func add(case found: FoundNote) {
      settle()
      guard let keys = newest?.keys else { return faults.append((found.place, .tooFewPublishers(have: 0, need: 1))) }
      do {
        let note = try CaseNote(PublicNote(parsing: found.bytes.span, as: .case), vault: vault.id)
        guard note.id.shown() == found.folder, note.number == found.number else {
          return faults.append((found.place, .otherName))
        }
        let publishers = try note.publishers(under: keys, vault: vault.id)
        guard !publishers.isEmpty else {
          return faults.append((found.place, .tooFewPublishers(have: 0, need: keys.thresholds.publish)))
        }
        // Files with one text are one note, their good signatures united.
        texts[note.note.hash, default: (note, found.place, [])].publishers.formUnion(publishers)
      } catch { faults.append((found.place, .malformed(error))) }
    }

    public mutating func finish() -> PublicRecord {
      settle()
      let need = newest?.keys.thresholds.publish ?? 1
      var good: [PublishedCase] = []
      for one in texts.values {
        // A person's signature counts once, whatever numbers the key was given.
        let have = Set(one.publishers.compactMap { newest?.keys.publishers[$0] }).count
        if have >= need {
          good.append(PublishedCase(note: one.note, place: one.place, publishers: one.publishers))
        } else {
          faults.append((one.place, .tooFewPublishers(have: have, need: need)))
        }
      }
      let cases = newestCases(good)
      return PublicRecord(
        vault: vault, keys: newest?.keys, keysHash: newest?.hash, cases: cases,
        faults: faults.sorted { $0.place.utf8.lexicographicallyPrecedes($1.place.utf8) })
    }

    /// Follows the `keys` notes from the first to the last that is without doubt.
    private mutating func settle() {
      if isSettled { return }
      isSettled = true
      var onThePath: Set<SHA256Hash> = []
      var isForked = false
      while !isForked {
        let next = keysNotes.filter { one in
          one.value.keys.number == (newest?.keys.number ?? 0) + 1 && one.value.keys.previous == newest?.hash
        }
        isForked = next.count > 1
        for (hash, one) in next {
          onThePath.insert(hash)
          // Two texts in one place: nobody is told which to believe.
          if isForked { faults.append((one.place, .fork)) } else { newest = (one.keys, hash) }
        }
        if next.isEmpty { break }
      }
      for (hash, one) in keysNotes where !onThePath.contains(hash) {
        let follows = one.keys.number <= (newest?.keys.number ?? 0)
        faults.append((one.place, follows ? .fork : .gap))
      }
    }

    /// The tips of each case's texts. A text follows the one that it names, of the same case and the number before its
    /// own; where the path is broken or divides, every tip is shown.
    private mutating func newestCases(_ texts: [PublishedCase]) -> [PublishedCase] {
      var newest: [PublishedCase] = []
      for (_, versions) in Dictionary(grouping: texts, by: \.note.id) {
        let numbers = Dictionary(versions.map { ($0.note.note.hash, $0.note.number) }) { first, _ in first }
        var followers: [SHA256Hash: [PublishedCase]] = [:]
        var connected: Set<SHA256Hash> = []
        for one in versions.sorted(by: { $0.note.number < $1.note.number }) {
          guard let previous = one.note.previous else {
            connected.insert(one.note.note.hash)
            continue
          }
          if numbers[previous] == one.note.number - 1 {
            followers[previous, default: []].append(one)
            if connected.contains(previous) { connected.insert(one.note.note.hash) }
          } else {
            faults.append((one.place, .gap))
          }
        }
        let firsts = versions.filter { $0.note.previous == nil }
        for rivals in [firsts] + followers.values where rivals.count > 1 {
          for one in rivals { faults.append((one.place, .fork)) }
        }
        for one in versions where followers[one.note.note.hash] == nil {
          var tip = one
          tip.isConnected = connected.contains(one.note.note.hash)
          newest.append(tip)
        }
      }
      return newest.sorted { ($0.note.id, $0.note.note.hash) < ($1.note.id, $1.note.note.hash) }
    }
  }

  private init(
    vault: VaultNote, keys: KeysNote?, keysHash: SHA256Hash?, cases: [PublishedCase],
    faults: [(place: String, fault: PublicFault)]
  ) {
    self.vault = vault
    self.keys = keys
    self.keysHash = keysHash
    self.cases = cases
    self.faults = faults
  }
}
