import Publishing
import Record
import Sodium

// What this device remembers of its own chains and of others', held against what is here.
extension Session {
  /// Settles interrupted writes, and begins a new chain where the vault knows more of this device than it remembers: a
  /// restored backup, or a second machine. No seq is used twice.
  func settleChains() throws(VaultError) {
    try seen.settle { (file) throws(VaultError) in try self.isPlaced(file) }
    for own in [key.hash, KeyHash.of(key.founder.verifyingKey)] {
      let positions = log.positions[own] ?? []
      guard let chain = seen.chain(of: own) else {
        if !positions.isEmpty, own == key.hash { noteNewChain() }
        continue
      }
      let unknown = positions.contains { position in
        position.chain == chain.chain
          && (position.seq > chain.used
            || position.seq == chain.last?.link.seq && position.note != chain.last?.link.note)
      }
      if unknown {
        seen.chains.removeAll { $0.author == own }
        noteNewChain()
      }
    }
  }

  /// Whether the `keys` notes that this device followed are still on the way to the newest. They are not where the vault
  /// went back in time, or where a succession set the founder's later notes aside: that is for people to settle.
  var followsKeys: Bool { seen.keysNote.map { open.keysPath.contains($0) } ?? true }

  /// Entries that this device remembers and that are not here any more: which file, and how far its chain went and goes.
  public var lostHeads: [LostHead] {
    seen.heads.compactMap { head in
      let chain = (log.positions[head.author] ?? []).filter { $0.chain == head.chain }
      // What a reader cannot open any more (an epoch's key was lost) is looked for by its name.
      guard !chain.contains(where: { $0.note == head.note }),
        (try? vault.read(ObjectPlace(.log, head.file), atMost: VaultFolder.entryLimit)) == nil
      else { return nil }
      return LostHead(
        head: head, now: chain.map(\.seq).max() ?? 0)
    }
  }

  /// Whether an entry came to its place. A damaged file was put there too; what cannot be read for another reason says
  /// nothing, and throws.
  private func isPlaced(_ file: SHA256Hash) throws(VaultError) -> Bool {
    do { _ = try vault.read(ObjectPlace(.log, file), atMost: VaultFolder.entryLimit) } catch {
      switch error {
      case .missing: return false
      case .damaged: return true
      default: throw error
      }
    }
    return true
  }

  private func noteNewChain() {
    if !remarks.contains(.newChain) { remarks.append(.newChain) }
  }
}
