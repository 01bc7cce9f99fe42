public import Record
import Sodium

/// How far a member's entries count when they are shut out: as far as they are here, or up to an entry that somebody
/// names, because what came behind it was signed by another hand.
public struct EndingPoint: Sendable {
  /// What is given for an entry where nothing that the member ever signed is to count.
  public static let none = "none"

  /// Whether it was said how far they count.
  public let isNamed: Bool
  /// The last entry that counts, where one was named.
  public let last: VerifiedEntry?
  /// The member's entries that count now and would not any more.
  public let late: [VerifiedEntry]
  let ends: [ChainEnd]
}

extension Session {
  /// How far a member's entries would count.
  /// - Parameter last: the hash of the last entry that counts, in full or by its first eight digits or more; `none`: no
  ///   entry counts; nil: all that are here.
  public func endingPoint(of member: Roster.Member, last: String?) throws(VaultError) -> EndingPoint {
    guard let last else { return EndingPoint(isNamed: false, last: nil, late: [], ends: log.ends(of: member.key)) }
    let entry = last.utf8.elementsEqual(EndingPoint.none.utf8) ? nil : try self.entry(last, by: member)
    let ends = entry.map(ends) ?? []
    let late = log.entries.filter { one in
      guard one.entry.author == member.key else { return false }
      let end = ends.first { $0.chain == one.entry.chain }
      return one.entry.seq > end?.circles[one.entry.to.circle]?.seq ?? 0
    }
    return EndingPoint(isNamed: true, last: entry, late: late.sorted { $0.entry.time < $1.entry.time }, ends: ends)
  }

  /// The one entry of a member that a hash means, whether or not it has effect.
  private func entry(_ text: String, by member: Roster.Member) throws(VaultError) -> VerifiedEntry {
    guard text.utf8.count >= 8, text.utf8.allSatisfy({ Hex.isDigit($0) }) else { throw .notAHash(text) }
    let found = log.verified.filter {
      $0.entry.author == member.key && $0.note.description.utf8.starts(with: text.utf8)
    }
    guard let entry = found.first else { throw .noEntry(text, by: member.name) }
    guard found.count == 1 else { throw .severalEntries(text) }
    return entry
  }

  /// Where the chains of an entry's author end when it is their last: its own chain at it, others before the first entry
  /// that claims a later time.
  private func ends(at last: VerifiedEntry) -> [ChainEnd] {
    let own = log.verified.filter { $0.entry.author == last.entry.author }
    let void = Set(own.flatMap(\.entry.void))
    let chains = Dictionary(grouping: own.filter { !void.contains($0.note) }, by: \.entry.chain)
    return chains.compactMap { chain, entries -> ChainEnd? in
      let sorted = entries.sorted { ($0.entry.seq, $0.note) < ($1.entry.seq, $1.note) }
      let counting =
        chain == last.entry.chain
        ? sorted.filter { $0.entry.seq < last.entry.seq } + [last]
        : Array(sorted.prefix { $0.entry.time <= last.entry.time })
      guard let end = counting.last else { return nil }
      var circles: [String: Entry.Link] = [:]
      for one in counting {
        circles[one.entry.to.circle] = Entry.Link(seq: one.entry.seq, note: one.note, file: one.file)
      }
      // Of a fork before it, what the entry itself names counts.
      if chain == last.entry.chain, last.entry.to.circle != CircleName.members, let back = last.entry.backMembers {
        circles[CircleName.members] = back
      }
      return ChainEnd(chain: chain, seq: end.entry.seq, note: end.note, circles: circles)
    }.sorted { $0.chain.lexicographicallyPrecedes($1.chain) }
  }
}
