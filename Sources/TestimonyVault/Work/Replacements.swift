import Publishing
import Record
import Sodium

/// What is still here of what the log says was replaced, each file with what was proven to stand in its place.
struct Replacements {
  struct One {
    let claim: ReplacementClaims.Claim
    /// What may be named as its successor; the first is what the caller names.
    let new: [ObjectPlace]
    /// Whether all was compared that a signature stands for.
    let maySign: Bool
    /// Attachments go first, then what lists them, then the keys: what a cut leaves can still be proven.
    let rank: Int
  }

  /// By the old file.
  private(set) var all: [ObjectPlace: One] = [:]
  /// Records of which something stays, since what should stand in its place is not proven.
  private(set) var unproven: [(record: ThingID, error: VaultError)] = []

  private let session: Session
  private let claims: ReplacementClaims
  private let tree: TreeRecord
  private let proof: SuccessorProof
  private let reader: LayerReader
  private let standing: StandingGrants

  init(_ session: Session, _ claims: ReplacementClaims, _ tree: TreeRecord) throws(VaultError) {
    self.session = session
    self.claims = claims
    self.tree = tree
    proof = try SuccessorProof(session)
    reader = try session.reader()
    standing = StandingGrants(session.log)
    let groups = Dictionary(grouping: claims.all) { $0.manifest }
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
      do throws(VaultError) { try prove(group) } catch {
        if case .interrupted = error { throw error }
        if let record = group.first?.record { unproven.append((record, error)) }
      }
    }
  }

  /// Proves what is claimed of one manifest.
  private mutating func prove(_ group: [ReplacementClaims.Claim]) throws(VaultError) {
    guard let first = group.first, let old = claims.versions[first.manifest],
      let new = claims.versions[first.standing], let history = session.log.records[first.record]
    else { return }
    guard !session.log.contested.contains(history.caseID) else { throw .contested(history.caseID) }
    let locks = try successors(of: first.record, new)
    guard let lock = locks.first else { return }
    let places = locks.map { ObjectPlace(.locks, $0.file) }
    var content: SuccessorProof.Content?
    if old.note != new.note {
      content = try proof.content(
        of: first.record, old: old, new: new, with: lock, isOwn: claims.isOwn(from: old.note, to: new.note),
        isGone: { self.tree.gone[TreeName(.sealed, $0)]?.isEnough ?? false })
    }
    var maySign = true
    if case .goneBefore? = content { maySign = false }
    for claim in group {
      switch claim.kind {
      case .lock:
        let found = try? reader.locks.read(claim.old.hash)
        guard let found, found.epoch != nil,
          found.note.subject == .record(first.record.hash, manifest: first.manifest)
        else { continue }
        add(One(claim: claim, new: places, maySign: maySign, rank: 2))
      case .grant(let grant, _):
        guard isGrant(claim.old.hash, of: grant) else { continue }
        add(One(claim: claim, new: renewed(grant, new) + places, maySign: maySign, rank: 2))
      case .layer(let layer):
        guard let object = try new.checkedManifest().layers[layer]?.object else { continue }
        add(One(claim: claim, new: [ObjectPlace(.sealed, object)], maySign: maySign, rank: 1))
      }
    }
    guard let content, let claim = group.first(where: { $0.reason == .erase }) else { return }
    switch content {
    case .same(let before, let after), .goneBefore(let before, let after):
      addParts(claim, of: old, before, after, maySign)
    }
  }

  /// The lock files that stand for a version: proven, and replaced by nothing themselves.
  private func successors(of record: ThingID, _ version: SealedVersion) throws(VaultError) -> [LockIndex.Found] {
    var proven: [LockIndex.Found] = []
    var failure = VaultError.missing(Place("the lock file of \(record.shown())"))
    let ended = standing.ended(version.note)
    for one in reader.locks.found(version.note) where one.epoch != nil && !ended.contains(one.file) {
      do { proven.append(try proof.lock(one.file, of: record, version)) } catch {
        if case .interrupted = error { throw error }
        failure = error
      }
    }
    guard !proven.isEmpty else { throw failure }
    return proven
  }

  /// Whether a file can be what a grant names: not one that opens as something else for the caller.
  private func isGrant(_ file: SHA256Hash, of grant: GrantBody) -> Bool {
    do {
      guard let found = try reader.locks.read(file) else { return true }
      return found.epoch == nil && found.note.subject == .record(grant.record, manifest: grant.manifest)
    } catch { return false }
  }

  /// The same person's lock file of the version that stands now, if it is here and whole.
  private func renewed(_ grant: GrantBody, _ version: SealedVersion) -> [ObjectPlace] {
    standing.of(version.note).filter { $0.member == grant.member && $0.layer == grant.layer }.map {
      ObjectPlace(.locks, $0.lock)
    }.filter { (try? session.vault.read($0, atMost: VaultFolder.lockLimit)) != nil }.sorted()
  }

  /// The attachments' old objects. Where the testimony that lists them is gone already, what the publishers signed tells
  /// the rest; nothing counts that does not open with the old testimony's key.
  private mutating func addParts(
    _ claim: ReplacementClaims.Claim, of old: SealedVersion, _ before: OpenedLayer?, _ after: OpenedLayer,
    _ maySign: Bool
  ) {
    let next = after.compartment.attachments.flatMap(\.parts)
    var pairs: [(SHA256Hash, SHA256Hash)] = []
    if let before {
      pairs = Array(zip(before.compartment.attachments.flatMap(\.parts), next))
    } else {
      let wanted = Set(next)
      for (name, gone) in tree.gone where name.folder == .sealed && gone.isEnough {
        if let new = gone.new, wanted.contains(new.hash) { pairs.append((name.hash, new.hash)) }
      }
    }
    guard !pairs.isEmpty,
      let key = before?.identity ?? (try? reader.layerKey(.testimony, of: claim.record, old))
    else { return }
    for (part, new) in pairs where part != new && session.opens(part, with: key) {
      let claim = ReplacementClaims.Claim(
        old: ObjectPlace(.sealed, part), record: claim.record, manifest: claim.manifest, standing: claim.standing,
        kind: claim.kind, reason: .erase, entry: claim.entry, author: claim.author)
      add(One(claim: claim, new: [ObjectPlace(.sealed, new)], maySign: maySign, rank: 0))
    }
  }

  private mutating func add(_ one: One) {
    let old = one.claim.old
    let new = one.new.filter { $0 != old }
    guard all[old] == nil, !new.isEmpty else { return }
    all[old] = One(claim: one.claim, new: new, maySign: one.maySign, rank: one.rank)
  }

  /// Whether all that a `gone` note says is proven, and may be signed.
  func bearOut(_ gone: GoneNote, _ maySign: (One) -> Bool) -> Bool {
    gone.names.allSatisfy { name in
      guard let one = all[ObjectPlace(name.old)], let new = name.new else { return false }
      return maySign(one) && one.new.contains(ObjectPlace(new))
        && (one.claim.reason == gone.reason || gone.reason == .erase)
    }
  }
}
