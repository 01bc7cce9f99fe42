import Age
import Record
import Sodium

// Identities from before there was a quorum: one person's own key opens them. They are split under the policy in force.
extension Session {
  /// The key of an identity that is the caller's alone; nil where a quorum holds it. Throws where it is somebody else's.
  func identityAlone(
    _ record: ThingID, _ version: SealedVersion, _ trust: LockTrust, _ found: [LockIndex.Found]
  ) throws(VaultError) -> NativeIdentity? {
    guard case .alone(let member) = try trust.policy(of: version) else { return nil }
    guard member == key.hash else { throw .identityOf(log.roster.members[member]?.name ?? member.handle, record) }
    return try reader().layerKey(.identity, of: record, version, with: found)
  }

  /// Puts the entry of an identity's opening before what is done with its key.
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
