import Record
import Sodium

/// Identities whose keys were split anew: which `relock` entries may say so. Counsel cannot open an identity, so that a
/// `relock` which drops its old locks needs a reason: the author held the whole key alone, or a quorum of the policy that
/// stood gave it to the author by a request that names the new one.
struct IdentitySplits {
  private var byManifest: [SHA256Hash: [(author: SHA256Hash, policy: SHA256Hash)]] = [:]
  private var approved: Set<Approved> = []
  private let path: [SHA256Hash]
  /// A resealed version is the same version: its manifests, and the one that stands.
  private let standing: [SHA256Hash: SHA256Hash]
  /// Who sealed each version, by the note that stands for it: a reseal leaves the identity as it is.
  private var sealers: [SHA256Hash: (sealer: SHA256Hash, lockAuthor: SHA256Hash)] = [:]

  /// Who can open an identity, and who made the shares or the lock for them.
  struct Standing {
    var policy: IdentityPolicy
    /// A field device, where the version came from one.
    var sealer: SHA256Hash
    /// Who wrote the lock file that the shares or the lock stand in first.
    var lockAuthor: SHA256Hash
  }

  /// A request to split a key anew that a quorum of one policy approved.
  private struct Approved: Hashable {
    let requester: SHA256Hash
    let manifest: SHA256Hash
    let old: SHA256Hash
    let new: SHA256Hash
  }

  init(_ log: CustodyLog) {
    path = log.roster.policyPath
    var standing: [SHA256Hash: SHA256Hash] = [:]
    for history in log.records.values { standing.merge(history.standing) { first, _ in first } }
    self.standing = standing
    for one in log.entries {
      if let head = one.manifest, head.replaces == nil {
        let author = one.entry.author
        let isDrop = head.version == 1 && log.kits[head.originAuthor] != nil
        sealers[standing[one.note] ?? one.note] = (isDrop ? head.originAuthor : author, author)
      }
      guard one.entry.type == .relock, let json = try? one.entry.body, let body = try? RelockBody(json),
        let policy = body.policy
      else { continue }
      byManifest[standing[body.manifest] ?? body.manifest, default: []].append((one.entry.author, policy))
    }
    if byManifest.isEmpty { return }
    let holders = ShareHolders(log)
    for request in log.requests() {
      guard let new = request.body.split else { continue }
      for identity in request.body.identities {
        guard let old = log.roster.policies[identity.policy], holders.areQuorum(request.approvers, of: old) else {
          continue
        }
        approved.insert(
          Approved(
            requester: request.requester, manifest: standing[identity.manifest] ?? identity.manifest, old: old.note,
            new: new))
      }
    }
  }

  /// Who can open a version's identity now: as the manifest says, and behind it each split that those approved who held it
  /// then. What a request says of the policy is its author's word: only the one that stood counts.
  func standing(of version: SealedVersion, manifest: Manifest) -> Standing {
    let note = standing[version.note] ?? version.note
    let author = version.entry.entry.author
    let (sealer, lockAuthor) = sealers[note] ?? (author, author)
    var current = Standing(policy: manifest.identityPolicy, sealer: sealer, lockAuthor: lockAuthor)
    for new in path {
      let split = (byManifest[note] ?? []).first { author, policy in
        guard policy == new else { return false }
        switch current.policy {
        case .alone(let member): return member == author
        case .quorum(let old):
          return approved.contains(Approved(requester: author, manifest: note, old: old, new: new))
        }
      }
      if let split { current = Standing(policy: .quorum(new), sealer: split.author, lockAuthor: split.author) }
    }
    return current
  }
}
