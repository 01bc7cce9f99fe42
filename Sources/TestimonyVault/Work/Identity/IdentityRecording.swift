import Platform
import Record
import Sodium

extension Session {
  /// Writes the `open` entry of identities that are about to be shown, for counsel; of a drill also the `drill` entry, for
  /// all members. Then the request's fresh key is destroyed. Nothing is shown before both are durable.
  /// - Returns: whether the entry is in the vault already.
  public func recordOpening(of identities: OpenedIdentities) throws(VaultError) -> Bool {
    let request = identities.request.history
    let opened = identities.versions.filter { $0.opened != nil }.map(\.version.note)
    let body = OpenBody.layer(
      .identity, record: request.body.record, manifests: opened, attachment: nil, request: request.note)
    let drill = request.body.isDrill ? drillBody(of: identities) : nil
    let isInVault = try recordOpening(
      body.json, to: CircleName.counsel,
      alongside: { writing in
        if let drill {
          let members = try self.circle(CircleName.members)
          try writing.stage(
            writing.chain.entry(
              .drill, by: self.key.signing, to: members.body, members.recipient, body: drill.json))
        }
        writing.chain.seen.dropFreshKeys(of: [request.note])
      })
    // The entry is durable, and the key goes with it: where the memory could not be written then, it is now, or nothing is
    // shown.
    if isHeld(request.note) { try dropFreshKeys(of: [request.note]) }
    return isInVault
  }

  private func isHeld(_ request: SHA256Hash) -> Bool { seen.requests.contains { $0.note == request } }

  private func drillBody(of identities: OpenedIdentities) -> DrillBody? {
    guard let policy = identities.request.history.body.identities.first?.policy else { return nil }
    return DrillBody(
      policy: policy, request: identities.request.history.note, approvers: identities.approverKeys)
  }
}
