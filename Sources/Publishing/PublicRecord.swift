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
  /// A `keys` note that a succession has overtaken: the old founder's, or behind such a one.
  case superseded
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
  /// The `keys` notes that are followed, from the first on, each signed by who may sign behind the one before.
  public let path: [VerifiedKeysNote]
  /// Successions that too few have signed.
  public let awaiting: [AwaitingKeysNote]
  /// The newest text of each case, and, where there is a fork, each of the newest texts; by case.
  public let cases: [PublishedCase]
  /// The hashes of all case texts that somebody who may has signed, newer and older ones.
  public let texts: Set<SHA256Hash>
  public let faults: [(place: String, fault: PublicFault)]

  /// What the newest `keys` note says that is followed; nil where there is none.
  public var keys: KeysNote? { path.last?.keys }
  public var keysHash: SHA256Hash? { path.last?.hash }
  /// The text hashes along the path. A member's program remembers the newest that it followed: where that is missing
  /// here, the vault went back, or another path has overtaken it.
  public var keysPath: [SHA256Hash] { path.map(\.hash) }

  /// The founder's keys from the founding on, each put in place of the one before it by the founder or a succession.
  public var founders: [VerifyingKey] {
    path.reduce(into: [vault.founder]) { keys, note in
      if keys.last != note.keys.founder { keys.append(note.keys.founder) }
    }
  }

  /// The key that writes the roster and the `keys` notes now.
  public var founder: VerifyingKey { path.last?.keys.founder ?? vault.founder }

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
    for note in keysNotes.sorted(by: { $0.number < $1.number }) { builder.add(keys: note) }
    for note in caseNotes { builder.add(case: note) }
    self = builder.finish()
  }

  /// Takes one note after another, all `keys` notes first, and keeps only what is well signed, so that junk in the
  /// folders takes no memory.
  public struct Builder {
    private let vault: VaultNote
    private var faults: [(place: String, fault: PublicFault)] = []
    private var keysPath: KeysPath
    private var isSettled = false
    private var texts: [SHA256Hash: (note: CaseNote, place: String, publishers: Set<Int>)] = [:]

    public init(_ vault: VaultNote) {
      self.vault = vault
      self.keysPath = KeysPath(vault)
    }

    private var keys: KeysNote? { keysPath.path.last?.keys }

    /// Takes the next `keys` note. They come by number, the least first.
    public mutating func add(keys found: FoundNote) { keysPath.add(found) }

    public mutating func add(case found: FoundNote) {
      settle()
      guard let keys else { return faults.append((found.place, .tooFewPublishers(have: 0, need: 1))) }
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
      let need = keys?.thresholds.publish ?? 1
      var good: [PublishedCase] = []
      for one in texts.values {
        let have = one.publishers.count
        if have >= need {
          good.append(PublishedCase(note: one.note, place: one.place, publishers: one.publishers))
        } else {
          faults.append((one.place, .tooFewPublishers(have: have, need: need)))
        }
      }
      let cases = newestCases(good)
      return PublicRecord(
        vault: vault, path: keysPath.path, awaiting: keysPath.awaiting, cases: cases, texts: Set(texts.keys),
        faults: (faults + keysPath.faults).sorted { $0.place.utf8.lexicographicallyPrecedes($1.place.utf8) })
    }

    private mutating func settle() {
      if !isSettled { keysPath.finish() }
      isSettled = true
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
    vault: VaultNote, path: [VerifiedKeysNote], awaiting: [AwaitingKeysNote], cases: [PublishedCase],
    texts: Set<SHA256Hash>, faults: [(place: String, fault: PublicFault)]
  ) {
    self.vault = vault
    self.path = path
    self.awaiting = awaiting
    self.cases = cases
    self.texts = texts
    self.faults = faults
  }
}
