public import Record
public import Sodium

/// A succession that fewer of the successors have signed than the note before it asks for: no fault, and no effect yet.
public struct AwaitingKeysNote: Sendable {
  public let note: PublicNote
  /// What it would put in place.
  public let claims: KeysNote
  public let place: String
  /// The numbers of the publishers that have signed.
  public let signed: Set<Int>
  public let need: Int

  public var hash: SHA256Hash { note.hash }
}

/// Follows the `keys` notes from the founding on, by number, and keeps only what is well signed.
///
/// A succession takes over behind the note that named the successors, also where the founder signed other notes behind
/// that one: it is for the day on which the founder's key is lost or in other hands, and whoever holds it could
/// otherwise always sign one more. What we accept with that: as many successors as one note asks for can take over
/// behind that note for ever, also where the founder has ended some of them since; and whoever holds an old founder's
/// key can sign a second text in an early place, a fork, which nobody without a memory can tell from the first. A
/// member's program remembers the newest note that it followed, and asks (`PublicRecord.keysPath`).
struct KeysPath {
  private struct Rival {
    let note: UnverifiedKeysNote
    let place: String
    var signatures: KeysSignatures
  }

  private let vault: VaultNote
  private(set) var path: [VerifiedKeysNote] = []
  private(set) var awaiting: [AwaitingKeysNote] = []
  private(set) var faults: [(place: String, fault: PublicFault)] = []
  /// The well-signed notes in the place behind the path's end, by text.
  private var rivals: [SHA256Hash: Rival] = [:]
  /// What was signed well and is not followed, and why: what follows it is not followed for the same reason.
  private var aside: [SHA256Hash: (note: VerifiedKeysNote, fault: PublicFault)] = [:]
  /// Signed by who speaks for this vault, behind a note that is not here.
  private var strays: [(place: String, number: Int, founder: VerifyingKey)] = []
  private var number = 1
  private var isForked = false

  init(_ vault: VaultNote) { self.vault = vault }

  private var founder: VerifyingKey { path.last?.keys.founder ?? vault.founder }

  /// Takes the next note. They come by number, the least first.
  mutating func add(_ found: FoundNote) {
    precondition(found.number >= number, "keys notes are taken by number")
    while number < found.number { closePlace(next: found.number) }
    do {
      let note = try UnverifiedKeysNote(parsing: found.bytes.span, vault: vault.id)
      guard note.claims.number == found.number else { return fault(found, .otherName) }
      try take(note, found)
    } catch { fault(found, .malformed(error)) }
  }

  private mutating func take(_ note: UnverifiedKeysNote, _ found: FoundNote) throws(RecordError) {
    if !isForked, note.claims.number == path.count + 1, note.claims.previous == path.last?.hash {
      let signatures = try note.signatures(after: path.last, of: vault)
      // Refuses here what could not count with these signatures, so that junk takes no memory.
      _ = try note.standing(after: path.last, with: signatures)
      // Files with one text are one note, their good signatures united.
      rivals[note.hash, default: Rival(note: note, place: found.place, signatures: signatures)].signatures.formUnion(
        signatures)
    } else if let previous = note.claims.previous, let before = aside[previous] {
      let signatures = try note.signatures(after: before.note, of: vault)
      if case .good(let good) = try note.standing(after: before.note, with: signatures) {
        aside[note.hash] = (good, before.fault)
      }
      fault(found, before.fault)
    } else {
      let signatures = try note.signatures(after: path.last, of: vault)
      let need = path.last?.keys.succession.threshold ?? 0
      guard signatures.founder || need > 0 && signatures.successors.count >= need else { throw .signature }
      strays.append((found.place, found.number, founder))
    }
  }

  /// Decides between what lies in the place behind the path's end, and goes on to the next.
  private mutating func closePlace(next: Int) {
    number = rivals.isEmpty ? next : number + 1
    defer { rivals = [:] }
    var good: [(note: VerifiedKeysNote, place: String)] = []
    var waiting: [AwaitingKeysNote] = []
    for rival in rivals.values {
      switch try? rival.note.standing(after: path.last, with: rival.signatures) {
      case .good(let note)?: good.append((note, rival.place))
      case .awaiting(let signed, let need)?:
        waiting.append(
          AwaitingKeysNote(
            note: rival.note.note, claims: rival.note.claims, place: rival.place, signed: signed, need: need))
      case nil: faults.append((rival.place, .malformed(.signature)))
      }
    }
    let successions = good.filter(\.note.isSuccession)
    let candidates = successions.count == 1 ? successions : good
    guard let first = candidates.first else {
      awaiting += waiting
      return
    }
    // Two texts in one place: nobody is told which to believe.
    isForked = candidates.count > 1
    if !isForked { path.append(first.note) }
    let fault: PublicFault = isForked ? .fork : .superseded
    for one in good where isForked || one.note.hash != first.note.hash {
      aside[one.note.hash] = (one.note, fault)
      faults.append((one.place, fault))
    }
    if successions.isEmpty {
      awaiting += waiting
    } else {
      faults += waiting.map { ($0.place, fault) }
    }
  }

  mutating func finish() {
    closePlace(next: number + 1)
    for stray in strays {
      let fault: PublicFault =
        stray.founder != founder ? .superseded : stray.number <= path.count ? .fork : .gap
      faults.append((stray.place, fault))
    }
    strays = []
  }

  private mutating func fault(_ found: FoundNote, _ fault: PublicFault) { faults.append((found.place, fault)) }
}
