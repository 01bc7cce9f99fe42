import Platform
import Publishing
import Record
public import Sodium

/// An entry that this device has seen, and that is not here any more.
public struct LostHead: Sendable {
  let head: SeenMemory.Head
  /// How far the chain goes now.
  public let now: Int64

  public var author: SHA256Hash { head.author }
  public var circle: String { head.circle }
  public var place: ObjectPlace { ObjectPlace(.log, head.file) }
  var file: SHA256Hash { head.file }
  /// How far the chain went.
  public var was: Int64 { head.seq }
}

/// The vault as it was read once.
struct VaultState {
  let log: CustodyLog
  let open: PublicRecord
  /// Public notes that are damaged, or could not be read.
  let unread: [Place]
  let damaged: [(place: Place, damage: Damage)]

  /// How many files of `log/` had to be opened since the run began.
  let opened: Int
  let strangers: [SHA256Hash]
  /// What was there when it was read.
  let names: [SHA256Hash]
  let publicNames: SHA256Hash
  /// What the index would stand on: as long as it is the same, what was read need not be opened again.
  let basis: SHA256Hash

  /// - Parameter known: what need not be opened again, by name: the index's, or what this run read and wrote.
  static func read(
    _ vault: VaultFolder, _ note: VaultNote, with circles: CircleKeys, basis: SHA256Hash, knowing known: [KnownEntry],
    opened: Int = 0
  ) throws(VaultError) -> VaultState {
    // Named before they are read: what comes meanwhile is read next time.
    let publicNames = try vault.publicNames()
    let reading = try LogReading.read(vault, with: circles, knowing: known)
    let listing = try vault.publicListing(of: note)
    return VaultState(
      log: CustodyLog(
        vault: note, founders: listing.record.founders, entries: reading.entries, newer: reading.newer,
        held: circles.identities.map(\.address),
        share: { range, body in Parallel.forEach(range) { body($0) } }),
      open: listing.record,
      unread: listing.damaged, damaged: reading.damaged, opened: opened + reading.opened,
      strangers: reading.notForYou, names: reading.names, publicNames: publicNames, basis: basis)
  }

  /// What need not be opened again, by name.
  var known: [KnownEntry] {
    log.verified.map { KnownEntry(file: $0.file, entry: $0.indexed) }
      + strangers.map { KnownEntry(file: $0, entry: nil) }
  }
}

/// What a session has to say aloud.
public enum SessionRemark: Equatable, Sendable {
  /// Entries that this device has seen are not here any more: an author's chain went back.
  case wentBack(author: SHA256Hash, was: Int64, now: Int64)
  /// The `keys` notes that this device followed are not on the way to the newest any more.
  case keysWentBack
  /// The newest checkpoint that this device has seen or signed does not stand here any more.
  case checkpointsWentBack(was: Int, now: Int)
  /// There is no `NAME.seen` on this machine.
  case noMemory
  /// `NAME.seen` is damaged, or another key's: it is set aside at the next write.
  case damagedMemory
  /// The key was made away from the vault: this is the vault that it now belongs to.
  case firstUse
  /// The vault holds entries of this device that it does not remember: a new chain begins.
  case newChain
}
