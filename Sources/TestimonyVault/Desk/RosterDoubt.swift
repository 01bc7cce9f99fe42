import Publishing
import Record

/// What this device may not know about the members. Nothing is sealed then: somebody may have been removed.
public enum RosterDoubt: Sendable, CaseIterable {
  /// Entries to all members that this program does not know.
  case newer
  /// An entry that others knew is not here.
  case incomplete
  /// A founder was put in place in public, and has not taken the vault yet.
  case succession
  /// An entry that this device has seen is not here any more.
  case wentBack
}

extension Session {
  /// What is in doubt about the members here, each with the words in which a writing command refuses.
  public var rosterDoubts: [(doubt: RosterDoubt, error: VaultError)] {
    var doubts: [(doubt: RosterDoubt, error: VaultError)] = []
    if log.mayMissRoster { doubts.append((.newer, .newerEntries)) }
    if log.lacksRoster {
      doubts.append(
        log.lacksEarlierRoster
          ? (.incomplete, .rosterIncomplete) : (.succession, .awaitsSuccession(memberName(founder: open.founder))))
    }
    if let lost = lostHeads.first(where: { $0.circle == CircleName.members }) {
      doubts.append((.wentBack, .wentBack(author: lost.author, was: lost.was, now: lost.now)))
    }
    return doubts
  }

  /// The entries about the members that are in doubt: files that are not here, or, where only that is known, note hashes.
  public var missingRoster: [Place] {
    let links = log.openLinks.filter { $0.to?.circle == CircleName.members }
    let known = Set(links.map(\.link.note))
    let lost = lostHeads.filter { $0.circle == CircleName.members }
    let files = Set(links.map(\.link.file) + lost.map(\.file)).sorted().map { ObjectPlace(.log, $0).description }
    let members = Set(log.entries.flatMap { $0.entry.roster })
    let notes = log.missingNotes.map(\.note).filter { members.contains($0) && !known.contains($0) }
    return (files + notes.map { "the entry \($0)" }).map { Place($0) }
  }
}

extension CustodyLog {
  /// Whether a roster entry that somebody knew whose word counts is not here, beside a new founder's first one.
  var lacksEarlierRoster: Bool {
    let members = Set(entries.flatMap { $0.entry.roster })
    let files = Set(entries.map(\.file))
    return missingNotes.contains { members.contains($0.note) }
      || openLinks.contains { $0.to?.circle == CircleName.members && files.contains($0.namedBy) }
  }
}
