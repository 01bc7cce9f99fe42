import Record
import Sodium

/// Shares that a custodian handed on: each a lock file of the custodian's own, with one lock, named by a `replace` entry.
///
/// Nothing is taken away on a custodian's word: these locks stand beside the former holder's, whose copies count anyway.
struct HandedShares: Sendable {
  private struct Claim: Hashable {
    let file: SHA256Hash
    let author: SHA256Hash
    let policy: SHA256Hash
    let number: Int
  }

  /// What the entries name, and in which order they stand.
  private var claims: [Claim: Int] = [:]

  /// Of one share so many locks are carried on, the newest: only who holds it can hand it on.
  private static let mostOfAShare = 4

  init(_ log: CustodyLog) {
    for (order, one) in log.entries.lazy.filter({ $0.entry.type == .replace }).enumerated() {
      guard let json = try? one.entry.body, let body = try? ReplaceBody(json) else { continue }
      for file in body.locks {
        claims[Claim(file: file, author: one.entry.author, policy: body.policy, number: body.number)] = order
      }
    }
  }

  /// Where a lock file stands among those that were handed on; nil where it is none: where its author's entry does not name
  /// it, or it carries more than the one share that the entry names.
  func order(of file: SHA256Hash, _ note: LocksNote) -> Int? {
    guard let share = Self.share(in: note) else { return nil }
    return claims[Claim(file: file, author: note.author, policy: share.policy, number: share.number)]
  }

  /// The share that a lock file carries which carries nothing else.
  static func share(in note: LocksNote) -> ShareAddress? {
    guard note.locks.count == 1, case .share(let share) = note.locks[0].to, note.locks[0].carries == .layer(.identity)
    else { return nil }
    return share
  }

  /// The locks of shares under a policy that were handed on, the newest of each share first.
  func locks(under policy: SHA256Hash, in found: [LockIndex.Found]) -> [LocksNote.Lock] {
    let handed = found.compactMap { one in order(of: one.file, one.note).map { (order: $0, lock: one.note.locks[0]) } }
    var taken: [ShareAddress: Int] = [:]
    return handed.sorted { $0.order > $1.order }.map(\.lock).filter { lock in
      guard case .share(let share) = lock.to, share.policy == policy else { return false }
      taken[share, default: 0] += 1
      return taken[share, default: 0] <= Self.mostOfAShare
    }
  }
}
