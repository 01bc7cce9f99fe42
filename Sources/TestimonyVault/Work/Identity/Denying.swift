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

  /// Throws where the caller cannot take a request back.
  public func checkCancel(_ standing: RequestStanding) throws(VaultError) {
    guard standing.history.requester == key.hash else {
      throw .request(standing.id, .othersRequest(standing.requester))
    }
    switch standing.state {
    case .cancelled(let time): throw .request(standing.id, .cancelled(time))
    case .opened(let time): throw .request(standing.id, .opened(time))
    case .open, .approved, .expired, .twoTexts: return
    }
  }

  /// Takes an own request back: an entry to the custodians, and the fresh key is destroyed. Of two texts under one id both.
  public func cancel(_ id: ThingID) throws(VaultError) {
    try write { writing in
      let standing = try self.findRequest(id.hash.description)
      try self.checkCancel(standing)
      let circle = try self.circle(CircleName.custodians)
      for one in self.log.requests() where one.id == id && one.cancelled == nil {
        try writing.stage(
          writing.chain.entry(
            .cancel, by: self.key.signing, to: circle.body, circle.recipient, body: CancelBody(request: one.note).json))
        writing.chain.seen.dropFreshKeys(of: [one.note])
      }
    }
    // The entry is durable. A memory that could not be written then is written now, or by the next run that can.
    let notes = Set(log.requests().filter { $0.id == id }.map(\.note))
    if seen.requests.contains(where: { notes.contains($0.note) }) { try dropFreshKeys(of: notes) }
  }
}
