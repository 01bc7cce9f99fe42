import Age
import Platform
import Record
import Sodium

/// Writes the next entries of own chains: signs them, seals them, and keeps the memory that no seq is used twice.
struct ChainWriter {
  /// A signed and sealed entry, not written yet.
  struct Written {
    let file: [UInt8]
    let intent: SeenMemory.Intent
    /// What it says, as it is read back.
    let entry: IndexedEntry

    var note: SHA256Hash { entry.note }
  }

  let vault: SHA256Hash
  let time: ClaimedTime
  var seen: SeenMemory
  /// The newest entries of other chains, by circle.
  private let others: [(author: SHA256Hash, circle: String, chain: [UInt8], note: SHA256Hash)]

  init(_ log: CustodyLog, seen: SeenMemory, time: ClaimedTime) {
    self.vault = log.vault
    self.time = time
    self.seen = seen
    self.others = log.heads.map { ($0.entry.author, $0.entry.to.circle, $0.entry.chain, $0.note) }
  }

  /// The next entry of `key`'s chain. The file is in memory only; its intent must be remembered before it is written.
  /// - Parameter isBorneOut: of a `note`, that its drop's head was verified.
  mutating func entry(
    _ type: EntryType, by key: SigningKey, to circle: CircleBody, _ recipient: NativeRecipient, body: JSON,
    time: ClaimedTime? = nil, isBorneOut: Bool = false
  ) throws(VaultError) -> Written {
    let author = KeyHash.of(key.verifyingKey)
    var chain =
      seen.chain(of: author)
      ?? SeenMemory.Chain(author: author, chain: Random.bytes(16), used: 0, last: nil, lastTo: [:])
    let foreign = others.filter { $0.chain != chain.chain }
    // A new chain of a device that has others names where they ended, to whomever they went last.
    let own = chain.last == nil ? foreign.filter { $0.author == author } : []
    let entry = Entry(
      vault: vault, type: type, author: author, chain: chain.chain, seq: chain.used + 1, prev: chain.last,
      backSame: chain.lastTo[circle.name], backMembers: chain.lastTo[CircleName.members],
      roster: foreign.filter { $0.circle == CircleName.members }.map(\.note),
      seen: foreign.filter { one in one.circle == circle.name || own.contains { $0.note == one.note } }.map(\.note),
      void: seen.void[author] ?? [], time: time ?? self.time,
      to: circle.address, content: .parsed(body))
    do {
      let sealed = try entry.signed(with: key)
      let note = sealed.ownHash
      let file = try AgeFile.seal(sealed.encoded.span, to: [recipient])
      // What could not be read back is not written.
      guard file.count <= VaultFolder.entryLimit, sealed.body.isReadable else { throw VaultError.unreadable }
      let link = Entry.Link(seq: entry.seq, note: note, file: SHA256Hash(of: file))
      chain.used = entry.seq
      chain.last = (link, entry.to)
      chain.lastTo[circle.name] = link
      seen.replace(chain)
      seen.void[author] = nil
      return Written(
        file: file, intent: SeenMemory.Intent(author: author, chain: chain.chain, link: link, to: entry.to),
        entry: try IndexedEntry(signing: entry, note: note, isBorneOut: isBorneOut))
    } catch { throw VaultError(error) }
  }
}
