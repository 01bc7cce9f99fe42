import Platform
import Publishing
import Record
import Sodium

/// What one writing command puts into the vault, in the order that makes its entries the commit: first everything that
/// the entries rest on, then the memory of what is about to be written, then the entries.
struct Writing {
  let objects: Commit
  let entries: Commit
  var chain: ChainWriter
  fileprivate(set) var intents: [SeenMemory.Intent] = []
  /// What the staged entries say.
  fileprivate var known: [KnownEntry] = []
  /// What is destroyed when everything else is in place.
  private(set) var removals: [ObjectPlace] = []

  /// Stages an entry. It is not in the vault before `finish`.
  mutating func stage(_ written: ChainWriter.Written) throws(VaultError) {
    let place = try entries.stage(.log, written.file)
    intents.append(written.intent)
    known.append(KnownEntry(file: place.hash, entry: written.entry))
  }

  /// Has a sealed file destroyed once everything that was staged is in place and durable.
  mutating func remove(_ place: ObjectPlace) { removals.append(place) }
}

extension Session {
  /// Runs a writing command in this device's turn.
  ///
  /// The memory and the log are read anew first: another process of this member may have written since.
  /// - Parameters:
  ///   - many: whether many small files are written, which then share one sync.
  ///   - despite: what may be in doubt about the members: for what ends such a doubt, or shuts somebody out who made it.
  func write<R>(
    many: Bool = false, despite: Set<RosterDoubt> = [], _ body: (inout Writing) throws -> R
  ) throws(VaultError) -> R {
    let turn = try DeviceTurn(key.name, in: keys)
    if let tag = turn.leftoverTag { try vault.removeLeftovers(tag: tag) }
    let result = try inTurn(turn, many: many, despite: despite, body)
    // After an error the tag stays: what could not be removed now (a failing disk) is looked for by the next write.
    turn.end()
    return result
  }

  private func inTurn<R>(
    _ turn: DeviceTurn, many: Bool, despite: Set<RosterDoubt>, _ body: (inout Writing) throws -> R
  ) throws(VaultError) -> R {
    try recall()
    try refresh()
    let begun = try placeAgain(turn)
    let doubts = rosterDoubts
    // A roster that lost an entry may miss a removal: nothing is sealed to it.
    for one in doubts where !despite.contains(one.doubt) { throw one.error }
    guard followsKeys else { throw .keysWentBack }
    try settleChains()
    for file in circles.files where !seen.locks.contains(file) { seen.locks.append(file) }
    let tag: String
    if let begun { tag = begun } else { tag = try turn.begin() }
    let durability: Commit.Durability = many ? .together : .each
    var writing = Writing(
      objects: Commit(in: vault, tag: tag, durability: durability),
      entries: Commit(in: vault, tag: tag, durability: durability),
      chain: ChainWriter(log, seen: seen, time: ClaimedTime(clamping: SystemClock.now())))
    // What a run that was cut short left: with this write they go.
    writing.chain.seen.dropFreshKeys(of: endedFreshKeys(inTurn: true))
    let result: R
    do {
      // What was opened while nothing could be written comes first, as far as it can be sealed now.
      writing.chain.seen.waiting = []
      for one in seen.waiting {
        guard doubts.isEmpty, let circle = try? openingCircle(one.circle) else {
          writing.chain.seen.waiting.append(one)
          continue
        }
        try writing.stage(
          writing.chain.entry(
            .open, by: key.signing, to: circle.body, circle.recipient, body: one.body, time: one.time))
      }
      result = try body(&writing)
    } catch { throw VaultError(error) }
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
    // A request's key is there before the request is, and until what it opened is recorded.
    before.requests += memory.requests.filter { one in !seen.requests.contains { $0.note == one.note } }
    before.placing = writing.objects.openFiles.filter(\.isPlacedAgain)
    let checkpoint = writing.entries.openFiles
    // Before anything can be seen: a memory that cannot be written stops a text from being published without its entry.
    if !writing.intents.isEmpty || !before.placing.isEmpty { try remember(before) }
    do {
      try writing.objects.place(inOrder: false)
      // Its names are durable by now: without them it would stop everybody.
      before.placing += checkpoint
      if !checkpoint.isEmpty { try remember(before) }
      try writing.entries.place(inOrder: true)
    } catch {
      switch writing.entries.placedCount {
      case 0:
        if writing.objects.takeBack() { throw error }
        throw writing.intents.isEmpty ? .unconfirmed : .partly(0, of: writing.intents.count)
      case writing.intents.count...: throw .unconfirmed
      case let placed: throw .partly(placed, of: writing.intents.count)
      }
    }
    // Committed. What fails from here on is no failure of the command: the next run settles the intents.
    memory.intents = []
    memory.placing = []
    memory.heads = heads(after: writing.intents)
    memory.keysNote = open.keysHash ?? memory.keysNote
    if policyStands { memory.policy = log.roster.policy?.note ?? memory.policy }
    if (try? remember(memory)) != nil { seen = memory }
    let left = vault.remove(writing.removals)
    wrote(writing.known)
    // The rest is done; nobody is told that a file was destroyed which may still be there.
    if !left.isEmpty { throw .notDestroyed(left.count) }
  }
}
