import Age
import Record
import Sodium

/// Which lock files of a record are relied on, and which locks of its identity are carried over from them.
///
/// Whoever was counsel once can sign a lock file. What such a file carries to circles proves itself by the manifest; the
/// locks of an identity do not, since counsel cannot open them. So it is asked who had a reason to write them.
struct LockTrust {
  private let session: Session
  /// By file: the versions that it was made for, and by whom, as `relock` entries say.
  private var relocked: [SHA256Hash: [(manifest: SHA256Hash, author: SHA256Hash)]] = [:]

  init(_ session: Session) {
    self.session = session
    for one in session.log.entries where one.entry.type == .relock {
      guard let json = try? one.entry.body, let body = try? RelockBody(json), let file = body.new.first else {
        continue
      }
      relocked[file, default: []].append((body.manifest, one.entry.author))
    }
  }

  /// Whether a lock file's author also signed the manifest, or the `relock`, that it belongs to.
  func isTied(_ found: LockIndex.Found, to version: SealedVersion) -> Bool {
    let author = found.note.author
    return author == version.entry.entry.author
      || relocked[found.file]?.contains { $0.manifest == version.note && $0.author == author } ?? false
  }

  /// Whether a lock file may stand for a version: by who wrote it, whatever it carries.
  func isTrusted(_ found: LockIndex.Found, for version: SealedVersion) -> Bool {
    isTied(found, to: version) || session.log.roster.members[found.note.author]?.isActive ?? false
  }

  /// The locks of the identity that a new lock file must hold: those of the files that belong to the version's own
  /// entries; only where there is none, those of others.
  func identityLocks(of version: SealedVersion, in found: [LockIndex.Found]) -> [LocksNote.Lock] {
    let recipient = (try? version.checkedManifest())?.layers[.identity]?.recipient
    let groups = [
      found.filter { isTied($0, to: version) }, found.filter { isTrusted($0, for: version) }, found,
    ]
    for group in groups {
      var locks: [LocksNote.Lock] = []
      for lock in group.flatMap(\.note.locks) where !locks.contains(lock) && isPlausible(lock, recipient) {
        locks.append(lock)
      }
      if !locks.isEmpty { return locks }
    }
    return []
  }

  /// A lock with a key or a share has a few kilobytes at most, and is sealed to one key; whoever can open it looks inside.
  private func isPlausible(_ lock: LocksNote.Lock, _ recipient: SHA256Hash?) -> Bool {
    guard lock.carries == .layer(.identity), lock.file.count <= Self.largest,
      SealedReader.hasOneStanza(lock.file.span, of: session.kind)
    else { return false }
    guard lock.to == .member(session.key.hash) else { return true }
    return LockedKey.open(lock.file, with: session.key.identity).map {
      KeyHash.ofRecipient($0.recipient.text) == recipient
    } ?? false
  }

  private static let largest = 8 << 10
}
