import Platform
import Record
import Sodium

extension Session {
  /// Writes the `open` entry of identities that are about to be shown, for counsel; of a drill also the `drill` entry, for
  /// all members. Then the request's fresh key is destroyed. Nothing is shown before both are durable.
  ///
  /// In the device's turn it is looked at once more whether the key is here and the request still stands: of two runs that
  /// opened it in memory only one goes on.
  /// - Returns: whether the entry is in the vault already.
  public func recordOpening(of identities: OpenedIdentities) throws(VaultError) -> Bool {
    let (id, request) = (identities.request.id, identities.request.history)
    let opened = identities.versions.filter { $0.opened != nil }.map(\.version.note)
    let body = OpenBody.layer(
      .identity, record: request.body.record, manifests: opened, attachment: nil, request: request.note)
    // What a request says of itself is its author's word: a drill is what opened a canary, and nothing else.
    let drill = request.body.isDrill && Drill.isCanary(identities) ? drillBody(of: identities) : nil
    let isInVault = try recordOpening(
      body.json, to: CircleName.counsel,
      checking: { () throws(VaultError) in try self.checkOpeningInTurn(of: id) },
      forgetting: request.note,
      alongside: { writing in
        guard let drill else { return }
        let members = try self.circle(CircleName.members)
        try writing.stage(
          writing.chain.entry(.drill, by: self.key.signing, to: members.body, members.recipient, body: drill.json))
      })
    try dropAfterOpening(id, request.note)
    return isInVault
  }

  /// The entry is durable, and the key goes with it: where the memory could not be written then, it is now, or nothing is
  /// shown. Where another run took it meanwhile, that one has opened it.
  func dropAfterOpening(_ id: ThingID, _ request: SHA256Hash) throws(VaultError) {
    guard isHeld(request) else { return }
    if try dropFreshKeys(of: [request]).isEmpty { throw .request(id, .noFreshKey) }
  }

  private func drillBody(of identities: OpenedIdentities) -> DrillBody? {
    guard let policy = identities.request.history.body.identities.first?.policy else { return nil }
    return DrillBody(
      policy: policy, request: identities.request.history.note, approvers: identities.approverKeys)
  }
}
