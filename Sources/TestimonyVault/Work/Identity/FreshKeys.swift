import Age
import Platform
public import Record
import Sodium

// The key that a request's approvals are sealed to: in `NAME.seen`, sealed to its owner, and nowhere else.
extension SeenMemory {
  /// The fresh key of a request, opened.
  func freshKey(of request: SHA256Hash, with key: MemberKey) -> NativeIdentity? {
    requests.first { $0.note == request }.flatMap { LockedKey.open($0.key, with: key.identity) }
  }

  mutating func dropFreshKeys(of notes: Set<SHA256Hash>) { requests.removeAll { notes.contains($0.note) } }
}

extension Session {
  /// Whether the fresh key of a request is in this device's memory.
  func isHeld(_ request: SHA256Hash) -> Bool { seen.requests.contains { $0.note == request } }

  /// Destroys the fresh keys of own requests that have expired or were taken back, and tells of which: at the next run
  /// that may write `Keys/`. Where it cannot, the next one does it.
  public func dropEndedFreshKeys() throws(VaultError) -> [ThingID] {
    let ended = endedFreshKeys(inTurn: false)
    if ended.isEmpty { return [] }
    let dropped = try dropFreshKeys(of: ended, seconds: 1)
    return log.requests().filter { dropped.contains($0.note) }.map(\.id)
  }

  /// The requests whose fresh keys nothing can be done with any more: that have expired, or were taken back.
  ///
  /// - Parameter inTurn: in this device's turn, where no other run is in the middle of something, also those that were
  ///   opened by a run that was cut short before it showed anything, and those whose entry never came to be.
  func endedFreshKeys(inTurn: Bool) -> Set<SHA256Hash> {
    if seen.requests.isEmpty { return [] }
    let now = ClaimedTime(clamping: SystemClock.now())
    var ended = Set(seen.requests.filter { $0.until < now }.map(\.note))
    for one in log.requests() where one.cancelled != nil || inTurn && !one.openings.isEmpty { ended.insert(one.note) }
    if inTurn {
      ended.formUnion(seen.void[key.hash] ?? [])
      for one in log.entries where one.entry.author == key.hash { ended.formUnion(one.entry.void) }
    }
    return ended.intersection(seen.requests.map(\.note))
  }

  /// Destroys fresh keys, durably, and tells which of them were still there: of two runs only one gets each.
  @discardableResult
  func dropFreshKeys(of notes: Set<SHA256Hash>, seconds: Double = 600) throws(VaultError) -> Set<SHA256Hash> {
    let turn = try DeviceTurn(key.name, in: keys, seconds: seconds)
    defer { _ = turn }
    var memory = try recalled()
    let held = notes.intersection(memory.requests.map(\.note))
    memory.dropFreshKeys(of: notes)
    if !held.isEmpty { try remember(memory) }
    seen.dropFreshKeys(of: notes)
    return held
  }
}
