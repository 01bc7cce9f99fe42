import Age
import Platform
public import Record
public import Sodium

extension Session {
  /// Writes the `open` entry of what is about to be shown. Nothing is shown before it is durable: in the vault, or, where
  /// the vault cannot be written, in this device's memory, from where the next write puts it there.
  /// - Returns: whether it is in the vault already.
  public func recordOpening(
    _ layer: Layer, of record: ThingID, _ versions: [SealedVersion], attachment: SHA256Hash? = nil,
    request: SHA256Hash? = nil
  ) throws(VaultError) -> Bool {
    let body = OpenBody.layer(
      layer, record: record.hash, manifests: versions.map(\.note), attachment: attachment, request: request)
    return try recordOpening(body.json, to: try audience(ofOpening: layer, of: record))
  }

  /// Who learns of an opening: of a summary or a grant the case's reviewers, else counsel.
  private func audience(ofOpening layer: Layer, of record: ThingID) throws(VaultError) -> String {
    let history = try history(of: record)
    let isCounsel = me?.holds(.counsel) ?? false
    if layer != .summary, isCounsel { return CircleName.counsel }
    guard let body = log.cases[history.caseID] else { throw .notHere(record.shown()) }
    return body.reviewers
  }

  /// - Parameters:
  ///   - checking: what must still hold in this device's turn, when memory and log were just read.
  ///   - request: whose fresh key goes with it.
  ///   - alongside: what else the same write puts into the vault; it has no part in what waits.
  func recordOpening(
    _ body: JSON, to name: String, checking: () throws(VaultError) -> Void = {}, forgetting request: SHA256Hash? = nil,
    alongside: (inout Writing) throws -> Void = { _ in }
  ) throws(VaultError) -> Bool {
    let forgotten = Set(request.map { [$0] } ?? [])
    do {
      try write { writing in
        try checking()
        let circle = try self.openingCircle(name)
        try writing.stage(
          writing.chain.entry(.open, by: self.key.signing, to: circle.body, circle.recipient, body: body))
        try alongside(&writing)
        writing.chain.seen.dropFreshKeys(of: forgotten)
      }
      return true
    } catch {
      switch error {
      case .system(let failure, _) where failure.isReadOnly || failure.isNoSpace: break
      // The members may be in doubt, or a key still on its way: nothing is sealed, and reading goes on.
      case .rosterIncomplete, .wentBack, .newerEntries, .awaitsSuccession, .keysWentBack, .lacksKey: break
      default: throw error
      }
    }
    try keepWaiting(body, to: name, checking, forgotten)
    return false
  }

  /// Where an opening is told. Whoever is not of the circle any more, and reads with a key of it, tells it to the holders of
  /// that key.
  func openingCircle(_ name: String) throws(VaultError) -> (body: CircleBody, recipient: NativeRecipient) {
    if let me, log.roster.holds(me, name) { return try circle(name) }
    return try newestHeld(name)
  }

  private func keepWaiting(
    _ body: JSON, to name: String, _ checking: () throws(VaultError) -> Void, _ forgotten: Set<SHA256Hash>
  ) throws(VaultError) {
    do throws(VaultError) {
      let turn = try DeviceTurn(key.name, in: keys)
      defer { _ = turn }
      var memory = try recalled()
      seen = memory
      try checking()
      memory.waiting.append(
        SeenMemory.Waiting(circle: name, time: ClaimedTime(clamping: SystemClock.now()), body: body))
      memory.dropFreshKeys(of: forgotten)
      try remember(memory)
      seen = memory
    } catch {
      if case .system(let failure, _) = error, failure.isReadOnly || failure.isNoSpace {
        throw .cannotRecord(Place(keys.path.description))
      }
      throw error
    }
  }
}
