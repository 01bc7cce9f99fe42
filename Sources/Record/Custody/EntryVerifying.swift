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
    return borneOut(withoutDuplicates(good))
  }

  /// Checks the signed heads that `note` entries embed, each with the key whose hash the entry names. Whether anybody may
  /// name that kit is judged later.
  private func borneOut(_ good: [VerifiedEntry]) -> [VerifiedEntry] {
    let open = good.indices.filter { good[$0].entry.type == .note && !good[$0].isBorneOut }
    if open.isEmpty { return good }
    var kits: [SHA256Hash: VerifyingKey] = [:]
    for one in good where one.entry.type == .kit {
      guard let body = try? KitBody(one.entry.body) else { continue }
      kits[body.kit] = body.key
    }
    let found = Mutex<Set<Int>>([])
    let (known, vault) = (kits, vault)
    share(0..<open.count) { place in
      guard let body = try? NoteBody(good[open[place]].entry.body), let kit = body.kit, let key = known[kit],
        (try? body.checkHead(in: vault, by: key)) != nil
      else { return }
      found.withLock { _ = $0.insert(open[place]) }
    }
    let checked = found.withLock { $0 }
    return good.indices.map { checked.contains($0) ? good[$0].borneOut() : good[$0] }
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
    switch one.source {
    case .sealed(_, let unpadded):
      do {
        let verifier = try NoteVerifier(name: KeyName.member(of: vault), key: key)
        guard let hash = try unpadded.note.verified(by: [verifier]).hash(signedBy: verifier) else {
          throw EntryFault.signature
        }
        return VerifiedEntry(
          file: one.file,
          indexed: IndexedEntry(entry: parsed.entry, note: hash, signer: author, manifest: parsed.manifest))
      } catch { throw .signature }
    case .indexed(let indexed):
      guard indexed.signer == author else { throw .signature }
      return VerifiedEntry(file: one.file, indexed: indexed)
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
