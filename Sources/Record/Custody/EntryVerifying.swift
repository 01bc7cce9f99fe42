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
    var parsed: [(UnverifiedEntry, ParsedEntry)] = []
    for one in unverified {
      do throws(EntryFault) { parsed.append((one, try parse(one))) } catch { refused.append((one.file, error)) }
    }
    // The founder's keys first: whom they admitted, with which keys, is what everybody else is checked by.
    let founders = Set(keys.keys)
    var good = check(parsed.filter { founders.contains($0.1.entry.author) })
    for one in good where one.entry.type == .admit {
      guard let card = try? Admission(one.entry.body).card else { continue }
      keys[card.member] = card.signing
    }
    good += check(parsed.filter { !founders.contains($0.1.entry.author) })
    return withoutDuplicates(good)
  }

  private func parse(_ one: UnverifiedEntry) throws(EntryFault) -> ParsedEntry {
    let parsed: ParsedEntry
    switch one.source {
    case .sealed(let result, _): do { parsed = try result.get() } catch { throw .malformed(error) }
    case .indexed(let indexed): parsed = ParsedEntry(entry: indexed.entry, manifest: indexed.manifest)
    }
    guard parsed.entry.vault == vault else { throw .otherVault }
    guard parsed.entry.to == one.openedBy else { throw .otherAudience }
    return parsed
  }

  private mutating func check(_ entries: [(UnverifiedEntry, ParsedEntry)]) -> [VerifiedEntry] {
    let outcomes = Mutex<[Int: Result<VerifiedEntry, EntryFault>]>([:])
    let (keys, vault) = (keys, vault)
    // What an earlier run has verified needs no second core.
    let unsigned = entries.indices.filter { if case .sealed = entries[$0].0.source { true } else { false } }
    share(0..<unsigned.count) { place in
      let (one, parsed) = entries[unsigned[place]]
      let outcome = Result { () throws(EntryFault) in try Self.verified(one, parsed, in: vault, by: keys) }
      outcomes.withLock { $0[unsigned[place]] = outcome }
    }
    let done = outcomes.withLock { $0 }
    var good: [VerifiedEntry] = []
    good.reserveCapacity(entries.count)
    for (index, (one, parsed)) in entries.enumerated() {
      do throws(EntryFault) {
        if let outcome = done[index] {
          good.append(try outcome.get())
        } else {
          good.append(try Self.verified(one, parsed, in: vault, by: keys))
        }
      } catch { refused.append((one.file, error)) }
    }
    return good
  }

  private static func verified(
    _ one: UnverifiedEntry, _ parsed: ParsedEntry, in vault: SHA256Hash, by keys: [SHA256Hash: VerifyingKey]
  ) throws(EntryFault) -> VerifiedEntry {
    let author = parsed.entry.author
    guard let key = keys[author] else { throw .unknownAuthor }
    let note: SHA256Hash
    switch one.source {
    case .sealed(_, let unpadded):
      do {
        let verifier = try NoteVerifier(name: KeyName.member(of: vault), key: key)
        guard let hash = try unpadded.note.verified(by: [verifier]).hash(signedBy: verifier) else {
          throw EntryFault.signature
        }
        note = hash
      } catch { throw .signature }
    case .indexed(let indexed):
      guard indexed.signer == author else { throw .signature }
      note = indexed.note
    }
    return VerifiedEntry(file: one.file, note: note, entry: parsed.entry, signer: author, manifest: parsed.manifest)
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
