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
  /// Destroys the fresh keys of own requests that have expired or were taken back, and tells of which: at the next run
  /// that may write `Keys/`. Where it cannot, the next one does it.
  public func dropEndedFreshKeys() -> [ThingID] {
    let ended = endedRequests()
    guard !ended.isEmpty, (try? dropFreshKeys(of: ended)) != nil else { return [] }
    return log.requests().filter { ended.contains($0.note) }.map(\.id)
  }

  private func endedRequests() -> Set<SHA256Hash> {
    let now = ClaimedTime(clamping: SystemClock.now())
    if seen.requests.isEmpty { return [] }
    let cancelled = Set(log.requests().filter { $0.cancelled != nil }.map(\.note))
    return Set(seen.requests.filter { $0.until < now || cancelled.contains($0.note) }.map(\.note))
  }

  /// Destroys fresh keys, durably.
  func dropFreshKeys(of notes: Set<SHA256Hash>) throws(VaultError) {
    let turn = try DeviceTurn(key.name, in: keys)
    defer { _ = turn }
    var memory = try recalled()
    memory.dropFreshKeys(of: notes)
    try remember(memory)
    seen.dropFreshKeys(of: notes)
  }
}
