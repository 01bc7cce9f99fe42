import Age
import Platform
import Record
import Sodium
import Synchronization
import Transparency

/// Everything in `log/` that a member's circle keys open, read on all cores. What was opened before, by an earlier run (the
/// member's index) or by this one, is taken from there: only what has come since is opened.
struct LogReading {
  var entries: [UnverifiedEntry] = []
  /// Notes of another version of entries.
  var newer: [UnreadableEntry] = []
  /// Files that no key opens: other people's.
  var notForYou: [SHA256Hash] = []
  var damaged: [(place: Place, damage: Damage)] = []
  /// How many files had to be opened, and need not be again: what is damaged, or of another version, is read each time.
  var opened = 0
  /// All names that were there.
  var names: [SHA256Hash] = []

  /// Most entries go to reviewers, then to counsel: those keys are tried first.
  private static let order = [CircleName.reviewers, CircleName.counsel, CircleName.members, CircleName.custodians]

  /// - Parameter log: what need not be opened again, by name.
  static func read(_ vault: VaultFolder, with circles: CircleKeys, knowing log: [KnownEntry]) throws(VaultError)
    -> LogReading
  {
    var known = LogReading()
    let names = try vault.names(.log)
    let unknown = known.take(log, names)
    let places = unknown.map { ObjectPlace(.log, $0) }
    let keys = circles.identities.sorted { left, right in
      rank(left.address.circle) < rank(right.address.circle)
    }
    let identities = keys.map(\.identity)
    known.names = names
    let reading = Mutex(known)
    do {
      try Parallel.forEach(0..<places.count) { index in
        try Interruption.check()
        let place = places[index]
        let outcome = Result { try one(place, in: vault, with: identities) }
        // Parsed here, where all cores are at work.
        var entry: UnverifiedEntry?
        if case .success(.entry(let sealed, let key)?) = outcome {
          entry = UnverifiedEntry(file: place.hash, openedBy: keys[key].address, sealed: sealed)
        }
        let found = entry
        reading.withLock { reading in
          switch outcome {
          case .success(.entry?):
            if let found { reading.entries.append(found) }
            reading.opened += 1
          case .success(.newer(let note, let key)?):
            reading.newer.append(UnreadableEntry(file: place.hash, openedBy: keys[key].address, note: note))
          case .success(nil):
            reading.notForYou.append(place.hash)
            reading.opened += 1
          case .failure(let error): reading.damaged.append((Place(place.description), Damage(error)))
          }
        }
      }
      // What an interruption kept from being read is not damaged.
      try Interruption.check()
    } catch { throw VaultError(error) }
    return reading.withLock { $0 }
  }

  /// Takes what is known of the files that are still here; gives the names of which nothing is known.
  private mutating func take(_ log: [KnownEntry], _ names: [SHA256Hash]) -> [SHA256Hash] {
    let changes = NameChanges(known: log.lazy.map(\.file), listing: names)
    let gone = Set(changes.gone)
    entries.reserveCapacity(log.count)
    for one in log where gone.isEmpty || !gone.contains(one.file) {
      guard let entry = one.entry else {
        notForYou.append(one.file)
        continue
      }
      entries.append(UnverifiedEntry(file: one.file, openedBy: entry.entry.to, indexed: entry))
    }
    return changes.missing
  }

  private enum Outcome {
    case entry(SealedNote, key: Int)
    case newer(SignedNote, key: Int)
  }

  /// What a file holds; nil where no key fits.
  private static func one(_ place: ObjectPlace, in vault: VaultFolder, with identities: [NativeIdentity]) throws
    -> Outcome?
  {
    let file = try vault.read(place, atMost: VaultFolder.entryLimit)
    guard let opened = try SealedReader.open(file, with: identities) else { return nil }
    do { return .entry(try SealedNote(parsing: opened.content.bytes, as: .entry), key: opened.index) } catch {
      guard case .kind = error, let note = try? SignedNote(parsing: opened.content.bytes),
        note.text.starts(with: "testimony-vault/entry/v".utf8)
      else { throw error }
      return .newer(note, key: opened.index)
    }
  }

  private static func rank(_ circle: String) -> Int { order.firstIndex(of: circle) ?? order.count }
}

extension Damage {
  /// What an error in reading one file says about that file.
  init(_ error: any Error) {
    switch error {
    case VaultError.damaged(_, let damage): self = damage
    case let damage as Damage: self = damage
    case let error as AgeError: self = .age(error)
    case let error as RecordError: self = .record(error)
    default: self = .unreadable
    }
  }
}
