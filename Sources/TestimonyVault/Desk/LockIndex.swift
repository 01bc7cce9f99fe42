import Age
import Platform
import Record
import Sodium
import Synchronization

/// The locks of all records, found by opening every lock file that is sealed to `members`, or to the caller (a grant).
struct LockIndex: Sendable {
  struct Found: Sendable {
    let file: SHA256Hash
    let note: LocksNote
    /// The epoch of `members` that it is sealed to; nil for a grant to the caller.
    let epoch: SHA256Hash?
  }

  /// The lock files that a counsel's signature stands for, by the note hash of the manifest that they open. One version
  /// may have several: they prove themselves by the keys that they carry, and reading takes any that fits.
  private var opened: [SHA256Hash: [Found]] = [:]
  /// Those that the reader's index knows: opened when somebody asks for that version.
  private var known: [SHA256Hash: [KnownLock]] = [:]
  private(set) var damaged: [(place: Place, damage: Damage)] = []
  /// Lock files that open, and that no counsel signed for this vault: they take no part.
  private(set) var unsigned: [Place] = []
  /// What each file was, for an index.
  private(set) var contents: [KnownLock] = []
  /// How many files had to be opened.
  private(set) var openedCount = 0
  private var reading: Reading?

  /// The lock files of one version.
  func found(_ manifest: SHA256Hash) -> [Found] {
    var found = opened[manifest] ?? []
    for one in known[manifest] ?? [] {
      // One that has become unreadable since is as good as none; `verify` names it.
      guard let outcome = try? reading?.read(ObjectPlace(.locks, one.file)), case .mine(let lock) = outcome else {
        continue
      }
      found.append(lock)
    }
    // The same order on every run, whichever core was first.
    return found.sorted { $0.file < $1.file }
  }

  /// One lock file, read from the disk anew; nil where no key of the reader's opens it.
  func read(_ file: SHA256Hash) throws(VaultError) -> Found? {
    let place = ObjectPlace(.locks, file)
    let outcome: Outcome?
    do { outcome = try reading?.read(place) } catch let error as VaultError { throw error } catch {
      throw .damaged(Place(place.description), Damage(error))
    }
    switch outcome {
    case .mine(let found)?: return found
    case .unsigned?: throw .damaged(Place(place.description), .record(.signature))
    case .unannounced?, nil: return nil
    }
  }

  /// The layers of one version for which there is a lock to an addressee whose key the reader holds.
  func layers(_ manifest: SHA256Hash, holding holds: (LocksNote.Addressee) -> Bool) -> [Layer] {
    var layers: Set<Layer> = []
    for found in opened[manifest] ?? [] { layers.formUnion(Self.layers(of: found.note, holding: holds)) }
    for one in known[manifest] ?? [] {
      if case .opens(_, let known) = one.content { layers.formUnion(known) }
    }
    return Layer.allCases.filter { layers.contains($0) }
  }

  /// The names of all lock files of records.
  var files: [SHA256Hash] {
    contents.filter { if case .opens = $0.content { true } else { false } }.map(\.file)
  }

  func isEmpty(_ manifest: SHA256Hash) -> Bool { opened[manifest] == nil && known[manifest] == nil }

  private static func layers(of note: LocksNote, holding holds: (LocksNote.Addressee) -> Bool) -> [Layer] {
    Layer.allCases.filter { layer in note.locks.contains { $0.carries == .layer(layer) && holds($0.to) } }
  }

  static func read(
    _ vault: VaultFolder, of id: SHA256Hash, with circles: CircleKeys, own key: MemberKey, log: CustodyLog,
    _ index: SealedIndex?
  ) throws(VaultError) -> LockIndex {
    var locks = LockIndex()
    let names = try vault.names(.locks)
    var unknown = names
    // An index that cannot be read is none.
    if let index, let known = try? index.locks() { unknown = locks.take(known, names) }
    let places = unknown.map { ObjectPlace(.locks, $0) }
    let members = circles.identities.filter { $0.address.circle == CircleName.members }
    let reading = Reading(
      vault: vault, id: id, identities: members.map(\.identity) + [key.identity],
      epochs: members.map(\.address.epoch),
      signers: log.everCounsel.reduce(into: [:]) { keys, key in
        keys[key] = log.roster.members[key]?.admission.card.signing
      },
      handed: HandedShares(log), holders: ShareHolders(log),
      members: log.roster.members.mapValues(\.admission.card.signing))
    locks.reading = reading
    locks.openedCount = places.count
    let shared = Mutex(locks)
    do {
      try Parallel.forEach(0..<places.count) { number in
        try Interruption.check()
        let place = places[number]
        let outcome = Result { try reading.read(place) }
        shared.withLock { $0.take(outcome, at: place) { circles.holds($0, key) } }
      }
      // What an interruption kept from being read is not damaged.
      try Interruption.check()
    } catch { throw VaultError(error) }
    return shared.withLock { $0 }
  }

  /// Takes what an index has of the files that are still here; gives the names that it does not have.
  private mutating func take(_ locks: [KnownLock], _ names: [SHA256Hash]) -> [SHA256Hash] {
    let changes = NameChanges(known: locks.lazy.map(\.file), listing: names)
    let gone = Set(changes.gone)
    for one in locks where gone.isEmpty || !gone.contains(one.file) {
      contents.append(one)
      switch one.content {
      case .opens(let manifest, _): known[manifest, default: []].append(one)
      case .unsigned: unsigned.append(Place(ObjectPlace(.locks, one.file).description))
      case .keys, .notForYou: break
      }
    }
    return changes.missing
  }

  private mutating func take(
    _ outcome: Result<Outcome?, any Error>, at place: ObjectPlace, holding holds: (LocksNote.Addressee) -> Bool
  ) {
    switch outcome {
    case .success(.mine(let found)?):
      guard case .record(_, let manifest) = found.note.subject else {
        return contents.append(KnownLock(file: place.hash, content: .keys))
      }
      opened[manifest, default: []].append(found)
      contents.append(
        KnownLock(
          file: place.hash, content: .opens(manifest: manifest, Self.layers(of: found.note, holding: holds))))
    case .success(.unsigned?):
      // Not kept in an index: the entry that stands for it may still arrive.
      unsigned.append(Place(place.description))
    case .success(.unannounced?): break
    case .success(nil): contents.append(KnownLock(file: place.hash, content: .notForYou))
    case .failure(let error): damaged.append((Place(place.description), Damage(error)))
    }
  }

  private enum Outcome {
    case mine(Found)
    case unsigned
    /// One share, as whoever holds it may hand it on, and no `replace` entry that names the file: the entry goes last, and
    /// may still be on its way. It takes no part, and is no damage.
    case unannounced
  }

  private struct Reading: Sendable {
    let vault: VaultFolder
    let id: SHA256Hash
    let identities: [NativeIdentity]
    let epochs: [SHA256Hash]
    /// Whoever was counsel once: a lock file outlasts the membership of who wrote it, and its keys are checked against the
    /// manifest anyway.
    let signers: [SHA256Hash: VerifyingKey]
    /// Custodians sign lock files of shares that they hand on.
    let handed: HandedShares
    let holders: ShareHolders
    let members: [SHA256Hash: VerifyingKey]

    func read(_ place: ObjectPlace) throws -> Outcome? {
      let file = try vault.read(place, atMost: VaultFolder.lockLimit)
      guard let opened = try SealedReader.open(file, with: identities) else { return nil }
      let sealed = try SealedNote(parsing: opened.content.bytes, as: .locks)
      let note = try LocksNote(sealed.body)
      let isShare = HandedShares.share(in: note).map { holders.names(note.author, for: $0) } ?? false
      guard note.vault == id, let signer = signers[note.author] ?? (isShare ? members[note.author] : nil),
        (try? sealed.verified(as: KeyName.member(of: id), by: signer)) != nil
      else { return .unsigned }
      if signers[note.author] == nil, handed.order(of: place.hash, note) == nil { return .unannounced }
      let epoch = epochs.indices.contains(opened.index) ? epochs[opened.index] : nil
      return .mine(Found(file: place.hash, note: note, epoch: epoch))
    }
  }
}
