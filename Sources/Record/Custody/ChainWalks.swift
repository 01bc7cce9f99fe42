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
  /// Notes that entries of other authors name as known to them, by author of the note.
  private let witnessed: Set<SHA256Hash>
  private(set) var forked: [SHA256Hash] = []
  private(set) var earlier: [SHA256Hash] = []
  private(set) var open: [OpenLink] = []
  /// Entries that their own author declared never to have come to be, after an interrupted write, and the entry that says
  /// so: the next of the same chain, with nothing of it between them. What others have seen did come to be.
  let declaredVoid: [SHA256Hash: VerifiedEntry]

  init(_ entries: [VerifiedEntry]) {
    byNote = Dictionary(entries.map { ($0.note, $0) }) { first, _ in first }
    let byNote = byNote
    var witnessed: Set<SHA256Hash> = []
    for one in entries {
      for note in one.entry.roster + one.entry.seen where byNote[note]?.entry.author != one.entry.author {
        witnessed.insert(note)
      }
    }
    // A later entry of the same chain that rests on one, too, says that it came to be; and whoever accepts a policy has read it.
    var believed = witnessed
    for one in entries {
      for (link, _) in Self.links(of: one.entry) { believed.insert(link.note) }
      if one.entry.type == .accept, let body = try? AcceptBody(one.entry.body) { believed.insert(body.policy) }
    }
    self.witnessed = witnessed
    var declared: [SHA256Hash: VerifiedEntry] = [:]
    for one in entries {
      for note in one.entry.void {
        guard let cut = byNote[note], cut.entry.author == one.entry.author, cut.entry.chain == one.entry.chain,
          cut.entry.seq < one.entry.seq, cut.entry.seq > one.entry.prev?.link.seq ?? 0, !believed.contains(note)
        else { continue }
        declared[note] = one
      }
    }
    declaredVoid = declared
    var forks: Set<SHA256Hash> = []
    for (key, chain) in Dictionary(
      grouping: entries, by: { Key(author: $0.entry.author, chain: $0.entry.chain) })
    {
      let sorted = chain.sorted { ($0.entry.seq, $0.note) < ($1.entry.seq, $1.note) }
      chains[key] = sorted
      note(sorted, key)
      forks.formUnion(disagreements(sorted.filter { declared[$0.note] == nil }, key))
    }
    forked = forks.sorted()
    earlier.sort()
  }

  private mutating func note(_ chain: [VerifiedEntry], _ key: Key) {
    var seen: Set<SHA256Hash> = []
    for one in chain {
      for (link, to) in Self.links(of: one.entry) {
        named[key, default: [:]][link.seq, default: []].insert(link.note)
        if byNote[link.note] == nil, seen.insert(link.note).inserted {
          open.append(OpenLink(link: link, to: to, namedBy: one.file))
        }
      }
    }
  }

  static func links(of entry: Entry) -> [(Entry.Link, Entry.Address?)] {
    var links: [(Entry.Link, Entry.Address?)] = []
    if let prev = entry.prev { links.append((prev.link, prev.to)) }
    if let same = entry.backSame { links.append((same, entry.to)) }
    if let members = entry.backMembers { links.append((members, nil)) }
    return links
  }

  /// Files of entries that another one of the same chain leaves no room for.
  private mutating func disagreements(_ chain: [VerifiedEntry], _ key: Key) -> Set<SHA256Hash> {
    var files: Set<SHA256Hash> = []
    var lastTo: [String: VerifiedEntry] = [:]
    for (before, one) in zip([nil] + chain.map(Optional.some), chain) {
      if let expected = named[key]?[one.entry.seq], !expected.contains(one.note) { files.insert(one.file) }
      // A chain is one key's: a link into another's claims what its author never signed.
      for (link, _) in Self.links(of: one.entry) {
        guard let there = byNote[link.note]?.entry else { continue }
        if there.author != key.author || there.chain != key.chain || there.seq != link.seq { files.insert(one.file) }
      }
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

  /// The notes of `author` that count when their chains end so: those on the way back from the last to each circle, by the
  /// links that everybody who reads that circle can follow.
  func reached(of author: SHA256Hash, _ ends: [ChainEnd]) -> Set<SHA256Hash> {
    var all: Set<SHA256Hash> = []
    for end in ends {
      let key = Key(author: author, chain: end.chain)
      var reached: Set<SHA256Hash> = []
      var broken: [String: Int64] = [:]
      for (circle, last) in end.circles where last.seq <= end.seq {
        var link: Entry.Link? = last
        while let next = link {
          guard let there = byNote[next.note], there.entry.to.circle == circle, there.entry.author == author,
            there.entry.chain == end.chain, there.entry.seq == next.seq
          else {
            broken[circle] = next.seq
            break
          }
          guard reached.insert(next.note).inserted else { break }
          link = there.entry.backSame.flatMap { $0.seq < next.seq ? $0 : nil }
        }
      }
      all.formUnion(reached)
      for (circle, seq) in broken { all.formUnion(beyond(seq, to: circle, in: key, reached)) }
    }
    return all
  }

  /// An entry on the way back is not here. A lost file must not take all others with it, and a hole must not be filled by
  /// whoever holds the key: believed is what an entry that counts names, what others have seen, and what stands alone right
  /// below the hole; from each of these the way goes on.
  private func beyond(
    _ hole: Int64, to circle: String, in key: Key, _ reached: Set<SHA256Hash>
  ) -> Set<SHA256Hash> {
    let below = (chains[key] ?? []).filter { $0.entry.seq < hole && !reached.contains($0.note) }
    let places = Dictionary(grouping: below, by: \.entry.seq)
    var trusted = Set(reached.compactMap { byNote[$0] }.flatMap { Self.links(of: $0.entry).map(\.0.note) })
    var lowest = hole
    var found: Set<SHA256Hash> = []
    for one in below.reversed() {
      let isAlone = places[one.entry.seq]?.count == 1
      guard isAlone, trusted.contains(one.note) || witnessed.contains(one.note) || one.entry.seq == lowest - 1 else {
        continue
      }
      lowest = one.entry.seq
      trusted.formUnion(Self.links(of: one.entry).map(\.0.note))
      if one.entry.to.circle == circle { found.insert(one.note) }
    }
    return found
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
