import Record
import Sodium

/// Shares that a custodian handed on: the lock files that carry them are the custodian's, named by a `replace` entry. They
/// carry shares and nothing else.
struct HandedShares: Sendable {
  /// By lock file: who handed on, and in which order the entries came.
  private var files: [SHA256Hash: (author: SHA256Hash, order: Int)] = [:]

  init(_ log: CustodyLog) {
    let entries = log.entries.filter { $0.entry.type == .replace }.sorted {
      ($0.entry.time, $0.note) < ($1.entry.time, $1.note)
    }
    for (order, one) in entries.enumerated() {
      guard let json = try? one.entry.body, let body = try? ReplaceBody(json) else { continue }
      for file in body.locks { files[file] = (one.entry.author, order) }
    }
  }

  func isHandedOn(_ file: SHA256Hash) -> Bool { files[file] != nil }

  /// Whether a lock file is what a `replace` entry of its author names: locks of shares alone.
  func bearsOut(_ file: SHA256Hash, _ note: LocksNote) -> Bool {
    guard let known = files[file], known.author == note.author else { return false }
    return note.locks.allSatisfy { if case .share = $0.to { $0.carries == .layer(.identity) } else { false } }
  }

  /// The same locks, with those of shares that were handed on in the place of the former holders'.
  func replacing(_ locks: [LocksNote.Lock], from found: [LockIndex.Found]) -> [LocksNote.Lock] {
    var newest: [ShareAddress: (order: Int, lock: LocksNote.Lock)] = [:]
    for one in found {
      guard let order = files[one.file]?.order, bearsOut(one.file, one.note) else { continue }
      for lock in one.note.locks {
        guard case .share(let share) = lock.to, order >= newest[share]?.order ?? 0 else { continue }
        newest[share] = (order, lock)
      }
    }
    if newest.isEmpty { return locks }
    return locks.map { lock in
      guard case .share(let share) = lock.to else { return lock }
      return newest[share]?.lock ?? lock
    }
  }
}
