import Platform
import Record
import Sodium

/// Which drops of one kit count, by what its end says and by the chain of its heads.
struct KitCounting {
  private let kit: Kit
  /// Where the kit was revoked: the notes that lead to the last one that counts.
  private var chain: Set<SHA256Hash> = []
  private let isOver: Bool

  init(_ kit: Kit, arriving: [VerifiedDrop]) {
    self.kit = kit
    isOver = ClaimedTime(clamping: SystemClock.now()) > kit.body.until
    guard let last = kit.end?.last else { return }
    var before: [SHA256Hash: SHA256Hash] = [:]
    for one in arriving { before[one.note] = one.head.previous }
    for note in kit.notes {
      // What stands in the log was verified when it was judged.
      guard case .drop(let head, let hash, _, _) = note.source, let bytes = try? head.encoded,
        let known = try? UnverifiedDrop(parsing: bytes.span)
      else { continue }
      before[hash] = known.head.previous
    }
    var note: SHA256Hash? = last.head
    while let one = note, chain.insert(one).inserted { note = before[one] }
  }

  func reason(against drop: VerifiedDrop) -> Arrival.Quarantine? {
    // A revocation says by name what counts, whatever the clock says.
    if kit.isRevoked { return chain.contains(drop.note) ? nil : .afterRevocation }
    return isOver ? .afterEnd : nil
  }
}
