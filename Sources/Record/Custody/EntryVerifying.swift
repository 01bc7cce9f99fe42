import Sodium
import Transparency

/// Checks what can be checked of each entry by itself: its form, its vault, that it was sealed to the circle it names, and
/// its author's signature.
struct EntryVerifying {
  let vault: SHA256Hash
  private var keys: [SHA256Hash: VerifyingKey]
  private(set) var refused: [(file: SHA256Hash, fault: EntryFault)] = []
  /// Files that hold a second seal of an entry.
  private(set) var duplicates: [SHA256Hash] = []

  init(vault: SHA256Hash, founders: [VerifyingKey]) {
    self.vault = vault
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
    for (one, entry) in parsed where founders.contains(entry.author) { check(one, entry, &good) }
    for one in good where one.entry.type == .admit {
      guard let card = try? Admission(one.entry.body).card else { continue }
      keys[card.member] = card.signing
    }
    for (one, entry) in parsed where !founders.contains(entry.author) { check(one, entry, &good) }
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

  private mutating func check(_ one: UnverifiedEntry, _ entry: Entry, _ good: inout [VerifiedEntry]) {
    do throws(EntryFault) { good.append(try verified(one, entry)) } catch { refused.append((one.file, error)) }
  }

  private func verified(_ one: UnverifiedEntry, _ entry: Entry) throws(EntryFault) -> VerifiedEntry {
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
