import Sodium
import Synchronization
import Transparency

/// Checks what can be checked of each entry by itself: its form, its vault, that it was sealed to the circle it names, and
/// its author's signature.
struct EntryVerifying {
  /// Calls a function for each index once, on as many threads as the caller likes.
  typealias Share = (Range<Int>, @Sendable (Int) -> Void) -> Void

  let vault: SHA256Hash
  private let share: Share
  private var keys: [SHA256Hash: VerifyingKey]
  private(set) var refused: [(file: SHA256Hash, fault: EntryFault)] = []
  /// Files that hold a second seal of an entry.
  private(set) var duplicates: [SHA256Hash] = []

  init(vault: SHA256Hash, founders: [VerifyingKey], share: @escaping Share) {
    self.vault = vault
    self.share = share
    keys = Dictionary(founders.map { (KeyHash.of($0), $0) }) { first, _ in first }
  }

  mutating func verify(_ unverified: [UnverifiedEntry]) -> [VerifiedEntry] {
    var parsed: [(UnverifiedEntry, Entry)] = []
    for one in unverified {
      do throws(EntryFault) { parsed.append((one, try parse(one))) } catch { refused.append((one.file, error)) }
    }
    // The founder's keys first: whom they admitted, with which keys, is what everybody else is checked by.
    var good: [VerifiedEntry] = []
    let founders = Set(keys.keys)
    good += check(parsed.filter { founders.contains($0.1.author) })
    for one in good where one.entry.type == .admit {
      guard let card = try? Admission(one.entry.body).card else { continue }
      keys[card.member] = card.signing
    }
    good += check(parsed.filter { !founders.contains($0.1.author) })
    return withoutDuplicates(good)
  }

  private func parse(_ one: UnverifiedEntry) throws(EntryFault) -> Entry {
    let entry: Entry
    switch one.source {
    case .sealed(let note): do { entry = try Entry(note.body) } catch { throw .malformed(error) }
    case .indexed(let indexed): entry = indexed.entry
    }
    guard entry.vault == vault else { throw .otherVault }
    guard entry.to == one.openedBy else { throw .otherAudience }
    return entry
  }

  private mutating func check(_ entries: [(UnverifiedEntry, Entry)]) -> [VerifiedEntry] {
    let outcomes = Mutex<[Int: Result<VerifiedEntry, EntryFault>]>([:])
    let (keys, vault) = (keys, vault)
    share(0..<entries.count) { index in
      let (one, entry) = entries[index]
      let outcome: Result<VerifiedEntry, EntryFault>
      do throws(EntryFault) { outcome = .success(try Self.verified(one, entry, in: vault, by: keys)) } catch {
        outcome = .failure(error)
      }
      outcomes.withLock { $0[index] = outcome }
    }
    let done = outcomes.withLock { $0 }
    var good: [VerifiedEntry] = []
    good.reserveCapacity(entries.count)
    for index in entries.indices {
      switch done[index] {
      case .success(let one)?: good.append(one)
      case .failure(let fault)?: refused.append((entries[index].0.file, fault))
      case nil: refused.append((entries[index].0.file, .signature))
      }
    }
    return good
  }

  private static func verified(
    _ one: UnverifiedEntry, _ entry: Entry, in vault: SHA256Hash, by keys: [SHA256Hash: VerifyingKey]
  ) throws(EntryFault) -> VerifiedEntry {
    guard let key = keys[entry.author] else { throw .unknownAuthor }
    switch one.source {
    case .sealed(let sealed):
      let note: SHA256Hash
      do { note = try sealed.verified(as: KeyName.member(of: vault), by: key) } catch { throw .signature }
      let manifest: ManifestHead?
      do { manifest = try ManifestHead(entry) } catch { throw .malformed(error) }
      return VerifiedEntry(file: one.file, note: note, entry: entry, signer: entry.author, manifest: manifest)
    case .indexed(let indexed):
      guard indexed.signer == entry.author else { throw .signature }
      return VerifiedEntry(
        file: one.file, note: indexed.note, entry: entry, signer: entry.author, manifest: indexed.manifest)
    }
  }

  /// One note sealed anew, by whomever, is one note. The file that other entries name is the entry's own.
  private mutating func withoutDuplicates(_ good: [VerifiedEntry]) -> [VerifiedEntry] {
    var byNote: [SHA256Hash: VerifiedEntry] = [:]
    var twice: [SHA256Hash: [VerifiedEntry]] = [:]
    for one in good {
      if let first = byNote[one.note] { twice[one.note, default: [first]].append(one) } else { byNote[one.note] = one }
    }
    if twice.isEmpty { return good }
    let named = Set(
      good.flatMap {
        [$0.entry.prev?.link.file, $0.entry.backSame?.file, $0.entry.backMembers?.file].compactMap { $0 }
      })
    for (note, several) in twice {
      let own = several.first { named.contains($0.file) } ?? several.min { $0.file < $1.file }
      guard let own else { continue }
      byNote[note] = own
      duplicates += several.map(\.file).filter { $0 != own.file }
    }
    return byNote.values.sorted { $0.note < $1.note }
  }
}
