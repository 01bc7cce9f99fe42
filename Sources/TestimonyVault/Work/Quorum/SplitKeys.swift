import Age
import Record
import Sodium

/// Where the keys of identities come from that are split under the policy in force.
enum SplitKeys {
  /// Identities from before there was a quorum: the caller's own key opens them.
  case alone
  /// A quorum gave them for that, by manifest.
  case approved(by: SHA256Hash, keys: [SHA256Hash: NativeIdentity])

  /// The request by which a quorum gave them.
  var request: SHA256Hash? {
    if case .approved(let request, _) = self { request } else { nil }
  }

  /// The key of a version's identity that is to be split; nil where it is not. Throws where it is somebody else's alone.
  func key(
    of version: SealedVersion, _ record: ThingID, _ session: Session, _ trust: LockTrust, _ found: [LockIndex.Found]
  ) throws(VaultError) -> NativeIdentity? {
    switch self {
    case .alone:
      guard case .alone(let member) = try trust.policy(of: version) else { return nil }
      guard member == session.key.hash else {
        throw .quorum(.alone(session.log.roster.members[member]?.name ?? member.handle, record))
      }
      return try session.reader().layerKey(.identity, of: record, version, with: found)
    case .approved(_, let keys): return keys[version.note]
    }
  }
}

extension Session {
  /// Puts the entry of an identity's opening before what is done with its key: to split a key is to have had it.
  func stageOpening(
    of record: ThingID, _ versions: [SealedVersion], request: SHA256Hash?, in writing: inout Writing
  ) throws(VaultError) {
    let circle = try circle(CircleName.counsel)
    let body = OpenBody.layer(
      .identity, record: record.hash, manifests: versions.map(\.note), attachment: nil, request: request)
    try writing.stage(
      writing.chain.entry(.open, by: key.signing, to: circle.body, circle.recipient, body: body.json))
  }
}
