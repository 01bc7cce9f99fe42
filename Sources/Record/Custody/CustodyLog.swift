public import Sodium
import Transparency

/// The custody log as the caller's keys show it: judged entries, and what they say about members, cases and records.
///
/// The verdict follows from the set of entries, never from the order in which their files arrived.
public struct CustodyLog: Sendable {
  public let vault: SHA256Hash
  /// The roster with all that is known.
  public private(set) var roster: Roster
  /// The entries that have effect.
  public private(set) var entries: [VerifiedEntry] = []
  /// Those that have none, and why.
  public private(set) var refused: [(file: SHA256Hash, fault: EntryFault)] = []
  /// Signed well by somebody whose entries no longer count there: kept and listed.
  public private(set) var late: [VerifiedEntry] = []
  /// Declared by their own author never to have come to be: kept and listed.
  public private(set) var void: [VerifiedEntry] = []
  public private(set) var cases: [ThingID: CaseBody] = [:]
  public private(set) var records: [ThingID: RecordHistory] = [:]
  /// The field devices that counsel named, by key hash.
  public private(set) var kits: [SHA256Hash: Kit] = [:]
  /// Plain age files that were taken in as unsigned notes, by their hash.
  public private(set) var unsigned: Set<SHA256Hash> = []
  /// Cases and records about which their own author signed two different things. Nothing new is sealed into such a case;
  /// of such a record both are kept and shown.
  public private(set) var contested: Set<ThingID> = []
  /// The entries of such things that are believed, or kept, all the same.
  public private(set) var contradicted: [SHA256Hash] = []
  /// Where each author's chains stand: every well-signed entry, whether or not it has effect.
  public private(set) var positions: [SHA256Hash: [ChainPosition]] = [:]
  /// Where chains do not hold together, by file.
  public private(set) var chainFaults: [(file: SHA256Hash, fault: ChainFault)] = []
  /// Entries that others name and that this reader has not opened: not for them, or not here.
  public private(set) var openLinks: [(link: Entry.Link, to: Entry.Address?, namedBy: SHA256Hash)] = []
  /// Notes that entries of this reader's own circles name as known to their authors, and that are not here.
  public private(set) var missingNotes: [(note: SHA256Hash, namedBy: SHA256Hash)] = []
  /// Entries of a type that this version does not know: signed well, kept, without effect.
  public private(set) var unknown: [VerifiedEntry] = []
  /// Entries of a version that this program does not know, signed by the founder's key or by counsel.
  public private(set) var newer: [SHA256Hash] = []
  /// Every epoch that was ever named by somebody who might, whether or not its rotation counts.
  public private(set) var namedEpochs: [String: Set<SHA256Hash>] = [:]
  /// The circles that a counsel may give a new key now: behind a suspension, once for each.
  public private(set) var rotatable: Set<String> = []
  /// Every entry whose signature is good, whether or not it has effect: what an index may keep.
  public private(set) var verified: [VerifiedEntry] = []
  private var newerToMembers = false
  private var walks = ChainWalks([])
  private var awaitsSuccession = false

  /// Judges everything that was opened.
  /// - Parameters:
  ///   - founders: the founder's keys along the succession, the vault's own first.
  ///   - newer: signed notes whose first line names another version of entries.
  ///   - held: the epochs whose keys the reader has.
  ///   - share: calls a function for each index once; signatures are checked in it. By itself one after another.
  public init(
    vault: VaultNote, founders: [VerifyingKey]? = nil, entries unverified: [UnverifiedEntry],
    newer: [UnreadableEntry] = [], held: [Entry.Address] = [],
    share: @escaping (Range<Int>, @Sendable (Int) -> Void) -> Void = { range, body in range.forEach { body($0) } }
  ) {
    self.vault = vault.id
    let founders = founders ?? [vault.founder]
    self.roster = Roster(founder: vault.founder)
    var verifying = EntryVerifying(vault: vault.id, founders: founders, share: share)
    let good = verifying.verify(unverified)
    refused = verifying.refused
    verified = good
    chainFaults = verifying.duplicates.map { ($0, .duplicate) }
    walks = ChainWalks(good)
    for one in good {
      positions[one.entry.author, default: []].append(
        ChainPosition(
          chain: one.entry.chain, seq: one.entry.seq, note: one.note, file: one.file, to: one.entry.to))
    }
    let members = good.filter { $0.entry.to.circle == CircleName.members }
    var history = RosterHistory(founders: founders, members: members, walks: walks)
    roster = history.current()
    awaitsSuccession = history.awaitsSuccession
    namedEpochs = history.namedEpochs()
    // A lost roster entry must not close what was sealed to the epoch that it named: whoever holds its key goes on reading.
    if history.past.lacks(anyNamedBy: good) {
      for epoch in held { namedEpochs[epoch.circle, default: []].insert(epoch.epoch) }
    }
    rotatable = history.rotatable(among: Array(roster.circles.keys))
    var judging = EntryJudging(vault: vault.id, history: history, walks: walks, epochs: namedEpochs)
    judging.judge(good)
    take(judging, good)
    for one in newer { judge(one) }
  }

  private mutating func take(_ judging: EntryJudging, _ good: [VerifiedEntry]) {
    entries = judging.accepted
    refused += judging.refused
    late = judging.late
    let voided = Set(judging.refused.filter { $0.fault == .void }.map(\.file))
    void = good.filter { voided.contains($0.file) }
    cases = judging.cases
    records = judging.records()
    kits = judging.kits
    unsigned = judging.unsigned
    contested = judging.contested
    contradicted = judging.contradicted
    unknown = judging.unknown
    chainFaults += walks.forked.map { ($0, .fork) } + walks.earlier.map { ($0, .earlier) }
    // Only what counts can say that something is missing: else anybody who ever held a key could stop all writing.
    let counting = Set((entries + unknown).map(\.file))
    openLinks = walks.open.filter { counting.contains($0.namedBy) }.map { ($0.link, $0.to, $0.namedBy) }
    let known = Set(good.map(\.note))
    var named: Set<SHA256Hash> = []
    for one in entries {
      for note in one.entry.roster + one.entry.seen where !known.contains(note) && named.insert(note).inserted {
        missingNotes.append((note, one.file))
      }
    }
  }

  /// Only what those signed who may write about the members can be news: others could stop all writing with it.
  private mutating func judge(_ one: UnreadableEntry) {
    let keys = [roster.founder] + roster.members.values.filter { $0.holds(.counsel) }.map(\.admission.card.signing)
    let verifiers = keys.compactMap { try? NoteVerifier(name: KeyName.member(of: vault), key: $0) }
    guard (try? one.note.verified(by: verifiers)) != nil else {
      return refused.append((one.file, .signature))
    }
    newer.append(one.file)
    if one.openedBy.circle == CircleName.members { newerToMembers = true }
  }

  /// Whether an entry of an unknown type speaks to all members: it may concern the roster, so nothing is written.
  public var mayMissRoster: Bool {
    newerToMembers
      || unknown.contains { one in
        one.entry.to.circle == CircleName.members
          && (one.entry.author == roster.founderKey || roster.members[one.entry.author]?.holds(.counsel) ?? false)
      }
  }

  /// Whether a roster entry that others knew is not here, or the new founder's first one: nothing is sealed then, since
  /// somebody may have been removed.
  public var lacksRoster: Bool {
    let members = Set(entries.flatMap { $0.entry.roster })
    return awaitsSuccession || missingNotes.contains { members.contains($0.note) }
      || openLinks.contains { $0.to?.circle == CircleName.members }
  }

  /// Where a member's chains end, as far as they count: what a `remove` or `suspend` names.
  public func ends(of author: SHA256Hash) -> [ChainEnd] {
    walks.ends(of: author, accepting: Set(entries.map(\.note) + unknown.map(\.note)))
  }

  /// The newest entry of each chain to each circle: what a writer names as known.
  public var heads: [VerifiedEntry] {
    var newest: [HeadPlace: VerifiedEntry] = [:]
    for one in entries + unknown {
      let place = HeadPlace(author: one.entry.author, chain: one.entry.chain, circle: one.entry.to.circle)
      if let there = newest[place], there.entry.seq >= one.entry.seq { continue }
      newest[place] = one
    }
    return newest.values.sorted { $0.note < $1.note }
  }

  private struct HeadPlace: Hashable {
    let author: SHA256Hash
    let chain: [UInt8]
    let circle: String
  }

  /// The records or cases that a shown id means.
  public func records(matching id: ShownID) -> [ThingID] { records.keys.filter { id.matches($0) }.sorted() }
  public func cases(matching id: ShownID) -> [ThingID] { cases.keys.filter { id.matches($0) }.sorted() }
}
