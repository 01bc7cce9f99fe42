import Age
import Record
import Sodium

/// Which lock files of a record are relied on, and which locks of its identity are carried over from them.
///
/// Whoever was counsel once can sign a lock file. What such a file carries to circles proves itself by the manifest; the
/// locks of an identity do not, since counsel cannot open them. So it is asked who had a reason to write them.
struct LockTrust {
  private let session: Session
  private let splits: IdentitySplits
  private let handed: HandedShares
  /// By file: the versions that it was made for, and by whom, as `relock` entries say.
  private var relocked: [SHA256Hash: [(manifest: SHA256Hash, author: SHA256Hash, time: ClaimedTime)]] = [:]

  init(_ session: Session) {
    self.session = session
    splits = IdentitySplits(session.log)
    handed = HandedShares(session.log)
    for one in session.log.entries where one.entry.type == .relock {
      guard let json = try? one.entry.body, let body = try? RelockBody(json), let file = body.new.first else {
        continue
      }
      relocked[file, default: []].append((body.manifest, one.entry.author, one.entry.time))
    }
  }

  /// Whether a lock file's author also signed the manifest, or the `relock`, that it belongs to.
  func isTied(_ found: LockIndex.Found, to version: SealedVersion) -> Bool {
    let author = found.note.author
    return author == version.entry.entry.author
      || relocked[found.file]?.contains { $0.manifest == version.note && $0.author == author } ?? false
  }

  /// In which order lock files are asked for their shares: those of whoever made the version first, then those of relocks,
  /// the earlier first. A relock that carries shares over adds no set of its own; one that does was not the first.
  func isBefore(_ one: LockIndex.Found, _ other: LockIndex.Found, of version: SealedVersion) -> Bool {
    let (left, right) = (rank(one, version), rank(other, version))
    return left == right ? one.file < other.file : left < right
  }

  private func rank(_ found: LockIndex.Found, _ version: SealedVersion) -> Int64 {
    let told = (relocked[found.file] ?? []).filter { $0.manifest == version.note && $0.author == found.note.author }
    guard let first = told.map(\.time.seconds).min() else {
      return found.note.author == version.entry.entry.author ? .min : .max
    }
    return first
  }

  /// Whether a lock file may stand for a version: by who wrote it, whatever it carries.
  func isTrusted(_ found: LockIndex.Found, for version: SealedVersion) -> Bool {
    isTied(found, to: version) || session.log.roster.members[found.note.author]?.isActive ?? false
  }

  /// Who can open a version's identity now: as the manifest says, or as its key was split anew since.
  func policy(of version: SealedVersion) throws(VaultError) -> IdentityPolicy {
    splits.policy(of: version, manifest: try version.checkedManifest())
  }

  /// The locks of the identity that a new lock file must hold: those of the policy that stands, from the files that belong
  /// to the version's own entries; only where there is none, from those of others. Of a share that was handed on, the lock
  /// of whoever holds it now.
  func identityLocks(of version: SealedVersion, in found: [LockIndex.Found]) -> [LocksNote.Lock] {
    guard let manifest = try? version.checkedManifest() else { return [] }
    let policy = splits.policy(of: version, manifest: manifest)
    let recipient = manifest.layers[.identity]?.recipient
    let own = found.filter { !handed.isHandedOn($0.file) }
    let groups = [own.filter { isTied($0, to: version) }, own.filter { isTrusted($0, for: version) }, own]
    for group in groups {
      var locks: [LocksNote.Lock] = []
      for lock in group.flatMap(\.note.locks) where !locks.contains(lock) && isPlausible(lock, recipient, policy) {
        locks.append(lock)
      }
      if !locks.isEmpty { return handed.replacing(locks, from: found) }
    }
    return []
  }

  /// A lock with a key or a share has a few kilobytes at most, and is sealed to one key; whoever can open it looks inside.
  private func isPlausible(_ lock: LocksNote.Lock, _ recipient: SHA256Hash?, _ policy: IdentityPolicy) -> Bool {
    guard lock.carries == .layer(.identity), lock.file.count <= Self.largest,
      SealedReader.hasOneStanza(lock.file.span, of: session.kind)
    else { return false }
    switch (lock.to, policy) {
    case (.member(let member), .alone(let one)) where member == one: break
    case (.share(let share), .quorum(let one)) where share.policy == one: return true
    default: return false
    }
    guard lock.to == .member(session.key.hash) else { return true }
    return LockedKey.open(lock.file, with: session.key.identity).map {
      KeyHash.ofRecipient($0.recipient.text) == recipient
    } ?? false
  }

  private static let largest = 8 << 10
}
