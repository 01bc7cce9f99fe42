import Sodium

/// The chains as this reader sees them: which entry stands where, what each names as the one before it, and where two
/// stories do not agree.
struct ChainWalks: Sendable {
  struct Key: Hashable, Sendable {
    let author: SHA256Hash
    let chain: [UInt8]
  }

  /// A link that leads to an entry which this reader has not opened.
  struct OpenLink: Sendable {
    let link: Entry.Link
    /// Where the one before was sealed to, if that is told.
    let to: Entry.Address?
    let namedBy: SHA256Hash
  }

  private(set) var chains: [Key: [VerifiedEntry]] = [:]
  private let byNote: [SHA256Hash: VerifiedEntry]
  /// What the links of a chain's entries say about its places.
  private var named: [Key: [Int64: Set<SHA256Hash>]] = [:]
  private(set) var forked: [SHA256Hash] = []
  private(set) var earlier: [SHA256Hash] = []
  private(set) var open: [OpenLink] = []
  /// Notes that their own author declared never to have come to be, after an interrupted write.
  let void: Set<SHA256Hash>

  init(_ entries: [VerifiedEntry]) {
    var void: [SHA256Hash: Set<SHA256Hash>] = [:]
    for one in entries where !one.entry.void.isEmpty { void[one.entry.author, default: []].formUnion(one.entry.void) }
    self.void =
      void.isEmpty ? [] : Set(entries.filter { void[$0.entry.author]?.contains($0.note) ?? false }.map(\.note))
    byNote = Dictionary(entries.map { ($0.note, $0) }) { first, _ in first }
    chains = Dictionary(grouping: entries) { Key(author: $0.entry.author, chain: $0.entry.chain) }
    var forks: Set<SHA256Hash> = []
    for (key, chain) in chains {
      let sorted = chain.filter { !self.void.contains($0.note) }.sorted {
        ($0.entry.seq, $0.note) < ($1.entry.seq, $1.note)
      }
      chains[key] = sorted
      note(sorted, key)
      forks.formUnion(disagreements(sorted, key))
    }
    forked = forks.sorted()
    earlier.sort()
  }

  private mutating func note(_ chain: [VerifiedEntry], _ key: Key) {
    var seen: Set<SHA256Hash> = []
    for one in chain {
      let links = [
        (one.entry.prev?.link, one.entry.prev?.to), (one.entry.backSame, one.entry.to), (one.entry.backMembers, nil),
      ]
      for (link, to) in links {
        guard let link else { continue }
        named[key, default: [:]][link.seq, default: []].insert(link.note)
        if byNote[link.note] == nil, seen.insert(link.note).inserted {
          open.append(OpenLink(link: link, to: to, namedBy: one.file))
        }
      }
    }
  }

  /// Files of entries that another one of the same chain leaves no room for.
  private mutating func disagreements(_ chain: [VerifiedEntry], _ key: Key) -> Set<SHA256Hash> {
    var files: Set<SHA256Hash> = []
    var lastTo: [String: VerifiedEntry] = [:]
    for (before, one) in zip([nil] + chain.map(Optional.some), chain) {
      if let expected = named[key]?[one.entry.seq], !expected.contains(one.note) { files.insert(one.file) }
      let expected = one.entry.prev?.link
      if let before {
        let isTwice = before.entry.seq == one.entry.seq
        let isAnother = before.entry.seq == expected?.seq && before.note != expected?.note
        let isPassedOver = before.entry.seq > expected?.seq ?? 0
        if isTwice || isAnother || isPassedOver { files.formUnion([before.file, one.file]) }
      }
      // The chain's last entry to the same circle is the one that the next names: nothing stands between them.
      if let last = lastTo[one.entry.to.circle], last.entry.seq < one.entry.seq {
        let named = one.entry.backSame?.seq ?? 0
        if named < last.entry.seq { files.formUnion([last.file, one.file]) }
      }
      lastTo[one.entry.to.circle] = one
      if let before, before.entry.seq < one.entry.seq, one.entry.time.seconds < before.entry.time.seconds - 86_400 {
        earlier.append(one.file)
      }
    }
    return files
  }

  /// Whether an entry is among those that count when its chains end so: on the way back from the last to its circle, by
  /// the links that everybody who reads that circle can follow.
  func isWithin(_ one: VerifiedEntry, _ ends: [ChainEnd]) -> Bool {
    guard let end = ends.first(where: { $0.chain == one.entry.chain }), one.entry.seq <= end.seq,
      let last = end.circles[one.entry.to.circle], one.entry.seq <= last.seq
    else { return false }
    var link: Entry.Link? = last
    while let next = link {
      if next.note == one.note { return true }
      if next.seq <= one.entry.seq { return false }
      guard let there = byNote[next.note], there.entry.to.circle == one.entry.to.circle else {
        // One on the way is not here. What no link contradicts is believed: a lost file must not take others with it.
        let key = Key(author: one.entry.author, chain: one.entry.chain)
        return named[key]?[one.entry.seq].map { $0.contains(one.note) } ?? true
      }
      link = there.entry.backSame
    }
    return false
  }

  /// Where a member's chains end, for a `remove` or `suspend`: their last entries as this reader sees them.
  func ends(of author: SHA256Hash, accepting accepted: Set<SHA256Hash>) -> [ChainEnd] {
    chains.filter { $0.key.author == author }.compactMap { key, chain in
      let counting = chain.filter { accepted.contains($0.note) }
      guard let last = counting.last else { return nil }
      var circles: [String: Entry.Link] = [:]
      for one in counting {
        circles[one.entry.to.circle] = Entry.Link(seq: one.entry.seq, note: one.note, file: one.file)
      }
      return ChainEnd(chain: key.chain, seq: last.entry.seq, note: last.note, circles: circles)
    }.sorted { $0.chain.lexicographicallyPrecedes($1.chain) }
  }
}
