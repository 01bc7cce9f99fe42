import Age
import Record
import Sodium

/// A drop whose manifest is staged, and from which its lock file follows: the summary to the case's reviewers, the
/// testimony to counsel, and the shares as the kit made them.
struct Filed: Sendable {
  let vault: SHA256Hash
  let signer: MemberKey
  let record: ThingID
  let manifest: SHA256Hash
  let keys: Arrival.Keys
  let reviewers: (address: Entry.Address, recipient: NativeRecipient)
  let counsel: (address: Entry.Address, recipient: NativeRecipient)

  func lockFile(to members: NativeRecipient) throws -> [UInt8] {
    let layers = [
      LocksNote.Lock(
        carries: .layer(.summary), to: .circle(reviewers.address),
        file: try LockedKey.seal(keys.summary, to: reviewers.recipient)),
      LocksNote.Lock(
        carries: .layer(.testimony), to: .circle(counsel.address),
        file: try LockedKey.seal(keys.testimony, to: counsel.recipient)),
    ]
    let locks = LocksNote(
      vault: vault, author: signer.hash, subject: .record(record.hash, manifest: manifest),
      locks: layers + keys.shares)
    return try AgeFile.seal(locks.signed(with: signer.signing).encoded.span, to: [members])
  }
}
