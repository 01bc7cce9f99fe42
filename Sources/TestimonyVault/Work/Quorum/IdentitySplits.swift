import Record
import Sodium

/// Identities whose keys were split anew: which `relock` entries may say so. Counsel cannot open an identity, so that a
/// `relock` which drops its old locks needs a reason: the author held the whole key alone, or a quorum gave it to the
/// author by a request that names the new policy.
struct IdentitySplits {
  private var byManifest: [SHA256Hash: [(author: SHA256Hash, policy: SHA256Hash)]] = [:]
  /// By requester: the manifests and new policies of requests that enough custodians approved.
  private var approved: Set<Approved> = []
  private let path: [SHA256Hash]
  /// A resealed version is the same version: its manifests, and the one that stands.
  private let standing: [SHA256Hash: SHA256Hash]

  private struct Approved: Hashable {
    let requester: SHA256Hash
    let manifest: SHA256Hash
    let policy: SHA256Hash
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
    for request in log.requests() {
      guard let policy = request.body.split else { continue }
      for identity in request.body.identities where Self.isReached(request, identity, log) {
        approved.insert(
          Approved(
            requester: request.requester, manifest: standing[identity.manifest] ?? identity.manifest, policy: policy))
      }
    }
  }

  /// Approvals that counted when they were given count for what was done on them, whoever left since.
  private static func isReached(_ request: RequestHistory, _ identity: RequestBody.Identity, _ log: CustodyLog) -> Bool
  {
    guard let policy = log.roster.policies[identity.policy] else { return false }
    let people = Set(request.approvers.map { log.roster.person(of: $0) })
    return people.count >= policy.body.threshold
  }

  /// Who can open a version's identity now. Of several splits the one under the policy that came last.
  func policy(of version: SealedVersion, manifest: Manifest) -> IdentityPolicy {
    let note = standing[version.note] ?? version.note
    let stated = byManifest[note] ?? []
    let good = stated.filter { author, policy in
      guard path.contains(policy) else { return false }
      if manifest.identityPolicy == .alone(author) { return true }
      return approved.contains(Approved(requester: author, manifest: note, policy: policy))
    }
    let last = good.map(\.policy).max { (path.firstIndex(of: $0) ?? 0) < (path.firstIndex(of: $1) ?? 0) }
    return last.map { .quorum($0) } ?? manifest.identityPolicy
  }
}
