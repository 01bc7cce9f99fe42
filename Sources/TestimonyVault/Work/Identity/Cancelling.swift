public import Record
import Sodium

extension Session {
  /// Throws where the caller cannot take a request back: while its key is here, the one who asked always can.
  public func checkCancel(_ standing: RequestStanding) throws(VaultError) {
    guard standing.history.requester == key.hash else {
      throw .request(standing.id, .othersRequest(standing.requester))
    }
    let texts = log.requests().filter { $0.id == standing.id }
    if texts.contains(where: { isHeld($0.note) }) { return }
    switch standing.state {
    case .open, .approved, .expired, .twoTexts: return
    case .cancelled(let time):
      // Of two texts only one may have been.
      if texts.allSatisfy({ $0.cancelled != nil }) { throw .request(standing.id, .cancelled(time)) }
    case .opened(let time): throw .request(standing.id, .opened(time))
    case .requesterEnded(let isRemoved):
      throw .request(standing.id, .requesterEnded(standing.requester, isRemoved: isRemoved))
    }
  }

  /// Takes an own request back: an entry to the custodians, and the fresh key is destroyed. Of two texts under one id both.
  /// - Returns: whether an entry was written. There is none where the log has its end already, nor where the caller was
  ///   suspended or removed, or cannot seal to the custodians: then the key goes, and that is all.
  @discardableResult
  public func cancel(_ id: ThingID) throws(VaultError) -> Bool {
    let isTold = try write { writing in
      try self.checkCancel(self.findRequest(id.hash.description))
      let texts = self.log.requests().filter { $0.id == id }
      writing.chain.seen.dropFreshKeys(of: Set(texts.map(\.note)))
      let open = texts.filter { $0.cancelled == nil && $0.openings.isEmpty }
      guard self.me?.isActive ?? false, !open.isEmpty, let circle = try? self.circle(CircleName.custodians) else {
        return false
      }
      for one in open {
        try writing.stage(
          writing.chain.entry(
            .cancel, by: self.key.signing, to: circle.body, circle.recipient, body: CancelBody(request: one.note).json))
      }
      return true
    }
    // The entry is durable. A memory that could not be written then is written now, or by the next run that can.
    let notes = Set(log.requests().filter { $0.id == id }.map(\.note))
    if notes.contains(where: isHeld) { try dropFreshKeys(of: notes) }
    return isTold
  }
}
