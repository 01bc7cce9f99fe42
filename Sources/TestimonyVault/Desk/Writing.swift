import Platform
import Record
import Sodium

/// What one writing command puts into the vault, in the order that makes its entries the commit: first everything that
/// the entries rest on, then the memory of what is about to be written, then the entries.
struct Writing {
  let objects: Commit
  let entries: Commit
  var chain: ChainWriter
  fileprivate(set) var intents: [SeenMemory.Intent] = []

  /// Stages an entry. It is not in the vault before `finish`.
  mutating func stage(_ written: ChainWriter.Written) throws(VaultError) {
    _ = try entries.stage(.log, written.file)
    intents.append(written.intent)
  }
}

extension Session {
  /// Runs a writing command in this device's turn.
  ///
  /// The memory and the log are read anew first: another process of this member may have written since.
  /// - Parameter many: whether many small files are written, which then share one sync.
  func write<R>(many: Bool = false, _ body: (inout Writing) throws -> R) throws(VaultError) -> R {
    let turn = try DeviceTurn(key.name, in: keys)
    if let tag = turn.leftoverTag { try vault.removeLeftovers(tag: tag) }
    let result = try inTurn(turn, many: many, body)
    // After an error the tag stays: what could not be removed now (a failing disk) is looked for by the next write.
    turn.end()
    return result
  }

  private func inTurn<R>(
    _ turn: DeviceTurn, many: Bool, _ body: (inout Writing) throws -> R
  ) throws(VaultError) -> R {
    try recall()
    try reload()
    if log.mayMissRoster { throw .newerEntries }
    settleChains()
    if seen.locks.isEmpty { seen.locks = circles.files }
    let tag = try turn.begin()
    let durability: Commit.Durability = many ? .together : .each
    var writing = Writing(
      objects: Commit(in: vault, tag: tag, durability: durability),
      entries: Commit(in: vault, tag: tag, durability: durability),
      chain: ChainWriter(log, seen: seen, time: ClaimedTime(clamping: SystemClock.now())))
    let result: R
    do { result = try body(&writing) } catch { throw VaultError(error) }
    try finish(&writing)
    return result
  }

  private func finish(_ writing: inout Writing) throws(VaultError) {
    if Interruption.requested { throw .interrupted }
    try writing.entries.sync()
    var memory = writing.chain.seen
    // Until the entries are in place, the memory says what was meant, not what was done.
    var before = seen
    before.intents = writing.intents
    before.locks = memory.locks
    before.chains =
      seen.chains
      + memory.chains.filter { seen.chain(of: $0.author) == nil }.map {
        SeenMemory.Chain(author: $0.author, chain: $0.chain, used: 0, last: nil, lastTo: [:])
      }
    before.void = seen.void
    // Before anything can be seen: a memory that cannot be written stops a text from being published without its entry.
    if !writing.intents.isEmpty { try remember(before) }
    do {
      try writing.objects.place(inOrder: false)
      try writing.entries.place(inOrder: true)
    } catch {
      switch writing.entries.placedCount {
      case 0:
        writing.objects.takeBack()
        throw error
      case writing.intents.count...: throw .unconfirmed
      case let placed: throw .partly(placed, of: writing.intents.count)
      }
    }
    // Committed. What fails from here on is no failure of the command: the next run settles the intents.
    memory.intents = []
    if (try? remember(memory)) != nil { seen = memory }
    wrote()
  }

  /// Reads the memory anew; a damaged one is set aside, so that it can be looked at and is in nobody's way.
  private func recall() throws(VaultError) {
    let (memory, remark) = try SeenMemory.recall(from: keys, for: key, vault: note.id)
    if remark == .damagedMemory { try keys.setAside(SeenMemory.fileName(key.name)) }
    // A member whose memory another run has made meanwhile goes on with that one.
    if remark == nil || remark == .damagedMemory { seen = memory }
  }

  /// Binds this device to the vault at its first use, so that the key is never used for another one, and its lock
  /// files are found at once next time. Where `Keys/` cannot be written, the next run does it.
  public func bind() -> Bool {
    guard isFirstUse, let turn = try? DeviceTurn(key.name, in: keys, seconds: 1) else { return false }
    // The turn is held while this runs.
    return withExtendedLifetime(turn) {
      if keys.exists(SeenMemory.fileName(key.name)) { return true }
      seen.locks = circles.files
      return (try? remember(seen)) != nil
    }
  }

  private func remember(_ memory: SeenMemory) throws(VaultError) {
    try keys.write(SeenMemory.fileName(key.name), memory.sealed(for: key), replacing: true)
  }
}
