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
    for one in log.entries where one.entry.type == .relock {
      guard let json = try? one.entry.body, let body = try? RelockBody(json), let policy = body.policy else { continue }
      let history = log.records[ThingID(kind: .record, hash: body.record)]
      standing.merge(history?.standing ?? [:]) { first, _ in first }
      byManifest[standing[body.manifest] ?? body.manifest, default: []].append((one.entry.author, policy))
    }
    self.standing = standing
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
  func policy(of version: SealedVersion, manifest: Manifest) -> IdentityPolicy {
    let note = standing[version.note] ?? version.note
    var current = manifest.identityPolicy
    for new in path {
      let isSplit = (byManifest[note] ?? []).contains { author, policy in
        guard policy == new else { return false }
        switch current {
        case .alone(let member): return member == author
        case .quorum(let old):
          return approved.contains(Approved(requester: author, manifest: note, old: old, new: new))
        }
      }
      if isSplit { current = .quorum(new) }
    }
    return current
  }
}
