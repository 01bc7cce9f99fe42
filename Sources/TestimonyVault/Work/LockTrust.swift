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
  /// the earlier first.
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

  /// Who can open a version's identity now, as the manifest says, or as its key was split anew since; and who split it.
  func standing(of version: SealedVersion) throws(VaultError) -> IdentitySplits.Standing {
    splits.standing(of: version, manifest: try version.checkedManifest())
  }

  func policy(of version: SealedVersion) throws(VaultError) -> IdentityPolicy { try standing(of: version).policy }

  /// The locks of the identity that a new lock file must hold, of the policy that stands: those of whoever made them, with
  /// what others' files have beside them for the same shares; only where the maker's file is not here, those of all files
  /// that belong to the version's own entries, and only where there is none, those of others. Then what was handed on.
  func identityLocks(of version: SealedVersion, in found: [LockIndex.Found]) -> [LocksNote.Lock] {
    guard let manifest = try? version.checkedManifest() else { return [] }
    let standing = splits.standing(of: version, manifest: manifest)
    let own = found.filter { handed.order(of: $0.file, $0.note) == nil }.sorted { isBefore($0, $1, of: version) }
    func locks(_ files: [LockIndex.Found]) -> [LocksNote.Lock] {
      files.flatMap(\.note.locks).reduce(into: []) { locks, lock in
        if !locks.contains(lock), isPlausible(lock, manifest.layers[.identity]?.recipient, standing.policy) {
          locks.append(lock)
        }
      }
    }
    let tied = own.filter { isTied($0, to: version) }
    var base = locks(tied.filter { $0.note.author == standing.lockAuthor })
    if base.isEmpty {
      base = [tied, own.filter { isTrusted($0, for: version) }, own].lazy.map(locks).first { !$0.isEmpty } ?? []
    } else {
      // Nobody else adds a set of shares: it would stand beside the true one for ever.
      base = Self.filled(base, with: locks(tied).filter { lock in base.contains { $0.to == lock.to } })
    }
    guard case .quorum(let policy) = standing.policy else { return base }
    return Self.filled(base, with: handed.locks(under: policy, in: found))
  }

  /// As many more as a lock file holds that is read again.
  private static func filled(_ locks: [LocksNote.Lock], with more: [LocksNote.Lock]) -> [LocksNote.Lock] {
    var (all, size) = (locks, locks.reduce(0) { $0 + $1.file.count })
    for lock in more where !all.contains(lock) {
      size += lock.file.count
      guard size <= VaultFolder.lockLimit / 4 else { break }
      all.append(lock)
    }
    return all
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
