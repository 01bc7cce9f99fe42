import Platform
import Publishing
import Record
import Sodium

// What a device remembers of its vault between two runs: `NAME.seen`.
extension Session {
  /// Reads the memory anew; a damaged one is set aside, so that it can be looked at and is in nobody's way.
  func recall() throws(VaultError) {
    let (memory, remark) = try SeenMemory.recall(from: keys, for: key, vault: note.id)
    if remark == .damagedMemory { try keys.setAside(SeenMemory.fileName(key.name)) }
    // A member whose memory another run has made meanwhile goes on with that one.
    if remark == nil || remark == .damagedMemory { seen = memory }
  }

  /// The memory as it is now, in this device's turn; a damaged one is set aside first.
  func recalled() throws(VaultError) -> SeenMemory {
    let (memory, remark) = try SeenMemory.recall(from: keys, for: key, vault: note.id)
    if remark == .damagedMemory { try keys.setAside(SeenMemory.fileName(key.name)) }
    return memory
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
      kept.locks += circles.files.filter { !memory.locks.contains($0) }
      kept.heads = Self.merged(memory.heads, heads(after: []))
      if let newer = newerCheckpoint, newer.number > memory.checkpoint?.number ?? 0 { kept.checkpoint = newer }
      if followsKeys { kept.keysNote = open.keysHash ?? kept.keysNote }
      if policyStands { kept.policy = log.roster.policy?.note ?? kept.policy }
      try? remember(kept)
    }
  }

  private var isRemembered: Bool {
    !isFirstUse && newerCheckpoint == nil && Set(circles.files).isSubset(of: seen.locks)
      && Set(heads(after: [])) == Set(seen.heads)
      && (seen.keysNote == open.keysHash || !followsKeys)
      && (seen.policy == log.roster.policy?.note || log.roster.policy == nil || !policyStands)
  }

  /// Follows the newest `keys` notes from now on, though those followed so far are not on the way to them: a person has
  /// settled, by another way, that they are the right ones.
  public func followKeys() throws(VaultError) {
    let turn = try DeviceTurn(key.name, in: keys)
    defer { _ = turn }
    var memory = try recalled()
    memory.keysNote = open.keysHash
    try remember(memory)
    seen = memory
  }

  /// Forgets entries that this device has seen and that are gone for good, a checkpoint that is, and a policy that is in
  /// force no more: a person has settled that no copy of the vault has them. An own chain that lost one ends, since nobody
  /// could follow its links.
  public func acceptLoss(_ lost: [LostHead], checkpoint: Bool) throws(VaultError) {
    let turn = try DeviceTurn(key.name, in: keys)
    defer { _ = turn }
    var memory = try recalled()
    let heads = Set(lost.map(\.head))
    memory.heads.removeAll { heads.contains($0) }
    memory.chains.removeAll { chain in heads.contains { $0.author == chain.author && $0.chain == chain.chain } }
    if checkpoint { memory.checkpoint = nil }
    if !policyStands { memory.policy = nil }
    try remember(memory)
    seen = memory
  }

  /// The newest entry of each chain to each circle: what was remembered, what is here, what was just written.
  func heads(after written: [SeenMemory.Intent]) -> [SeenMemory.Head] {
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
