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
    // A roster that lost an entry may miss a removal: nothing is sealed to it.
    if log.lacksRoster { throw .rosterIncomplete }
    if let lost = lostHeads.first(where: { $0.circle == CircleName.members }) {
      throw .wentBack(author: lost.author, was: lost.was, now: lost.now)
    }
    guard followsKeys else { throw .keysWentBack }
    try settleChains()
    if seen.locks.isEmpty { seen.locks = circles.files }
    let tag = try turn.begin()
    let durability: Commit.Durability = many ? .together : .each
    var writing = Writing(
      objects: Commit(in: vault, tag: tag, durability: durability),
      entries: Commit(in: vault, tag: tag, durability: durability),
      chain: ChainWriter(log, seen: seen, time: ClaimedTime(clamping: SystemClock.now())))
    let result: R
    do {
      // What was opened while nothing could be written comes first.
      for one in seen.waiting {
        let circle = try circle(one.circle)
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
      case writing.intents.count: throw .unconfirmed
      case let placed: throw .partly(placed, of: writing.intents.count)
      }
    }
    // Committed. What fails from here on is no failure of the command: the next run settles the intents.
    memory.intents = []
    memory.waiting = []
    memory.heads = heads(after: writing.intents)
    memory.keysNote = open.keysHash ?? memory.keysNote
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

  /// Keeps what this run has seen of the vault, so that a later one can tell when it went back in time; and binds the key
  /// to the vault at its first use, so that it is never used for another one. Where `Keys/` cannot be written, the next
  /// run does it.
  public func keepMemory() {
    if remarks.contains(.damagedMemory) || isRemembered { return }
    guard let turn = try? DeviceTurn(key.name, in: keys, seconds: 1) else { return }
    // The turn is held while this runs.
    withExtendedLifetime(turn) {
      guard let (memory, remark) = try? SeenMemory.recall(from: keys, for: key, vault: note.id),
        remark != .damagedMemory
      else { return }
      // Another run may have written meanwhile: its memory is the one that goes on.
      var kept = memory
      if kept.locks.isEmpty { kept.locks = circles.files }
      kept.heads = Self.merged(memory.heads, heads(after: []))
      if followsKeys { kept.keysNote = open.keysHash ?? kept.keysNote }
      try? remember(kept)
    }
  }

  private var isRemembered: Bool {
    !isFirstUse && Set(heads(after: [])) == Set(seen.heads) && (seen.keysNote == open.keysHash || !followsKeys)
  }

  /// Follows the newest `keys` notes from now on, though those followed so far are not on the way to them: a person has
  /// settled, by another way, that they are the right ones.
  public func followKeys() throws(VaultError) {
    let turn = try DeviceTurn(key.name, in: keys)
    defer { _ = turn }
    var memory = try SeenMemory.recall(from: keys, for: key, vault: note.id).memory
    memory.keysNote = open.keysHash
    try remember(memory)
    seen = memory
  }

  /// The newest entry of each chain to each circle: what was remembered, what is here, what was just written.
  private func heads(after written: [SeenMemory.Intent]) -> [SeenMemory.Head] {
    let here = log.heads.map { one in
      SeenMemory.Head(
        author: one.entry.author, chain: one.entry.chain, seq: one.entry.seq, note: one.note, file: one.file,
        circle: one.entry.to.circle)
    }
    let own = written.map { intent in
      SeenMemory.Head(
        author: intent.author, chain: intent.chain, seq: intent.link.seq, note: intent.link.note,
        file: intent.link.file, circle: intent.to.circle)
    }
    return Self.merged(seen.heads, here + own)
  }

  private static func merged(_ old: [SeenMemory.Head], _ new: [SeenMemory.Head]) -> [SeenMemory.Head] {
    var newest: [SeenMemory.HeadPlace: SeenMemory.Head] = [:]
    for head in old + new where head.seq > newest[head.place]?.seq ?? 0 { newest[head.place] = head }
    return newest.values.sorted { $0.note < $1.note }
  }

  func remember(_ memory: SeenMemory) throws(VaultError) {
    try keys.write(SeenMemory.fileName(key.name), memory.sealed(for: key), replacing: true)
  }
}
