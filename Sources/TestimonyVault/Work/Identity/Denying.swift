public import Record
import Sodium

extension Session {
  /// Throws where the caller cannot deny a request.
  public func checkDenial(_ standing: RequestStanding) throws(VaultError) {
    try requireCustodian()
    try requireOpen(standing)
  }

  /// Refuses a request, with a reason that its requester reads.
  public func deny(_ id: ThingID, reason: String) throws(VaultError) {
    try write { writing in
      let standing = try self.findRequest(id.hash.description)
      try self.checkDenial(standing)
      let circle = try self.circle(CircleName.custodians)
      let body = DenyBody(request: standing.history.note, reason: reason)
      try writing.stage(
        writing.chain.entry(.deny, by: self.key.signing, to: circle.body, circle.recipient, body: body.json))
    }
  }
}
