import Sodium

/// The roster over time: what each entry that makes it says, which of them count, and who was who at any point.
struct RosterHistory: Sendable {
  /// What a roster entry says.
  enum Act: Sendable {
    case admit(Admission)
    case end(EndingBody, isRemoval: Bool)
    case circle(CircleBody)
    case handover(HandoverBody)
    case succession(SuccessionBody)
    case quorum(QuorumBody)
    case accept(AcceptBody, by: SHA256Hash)
    /// An entry to `members` that does not make the roster.
    case nothing
  }

  /// An ending that counts: where it stands among the `members` entries, and how far the member's chains count.
  struct Ending: Sendable {
    let place: Int
    let member: SHA256Hash
    /// The notes of the member that count all the same.
    let reached: Set<SHA256Hash>
  }

  let past: CausalPast
  private(set) var acts: [Act]
  /// Which of `past.entries` count for the roster.
  var counts: Set<Int> = []
  private(set) var faults: [(entry: VerifiedEntry, fault: EntryFault)] = []
  private(set) var endings: [SHA256Hash: [Ending]] = [:]
  /// How far the entries of founder's keys that were replaced count, by key hash.
  var replaced: [SHA256Hash: (place: Int, reached: Set<SHA256Hash>)] = [:]
  let founders: [VerifyingKey]
  let founderHashes: [SHA256Hash]
  private var rosters: [Cut: Roster] = [:]
  /// Where each member's admissions and endings stand.
  private var placesOfMembers: [SHA256Hash: [Int]] = [:]
  /// The places that make the roster: cuts that differ in others only have one roster.
  private var makers = Cut.empty

  /// - Parameters:
  ///   - founders: the founder's keys along the succession.
  ///   - members: every well-signed entry to `members`.
  init(founders: [VerifyingKey], members: [VerifiedEntry], walks: ChainWalks) {
    self.founders = founders
    self.founderHashes = founders.map { KeyHash.of($0) }
    self.past = CausalPast(members)
    self.acts = [Act](repeating: .nothing, count: past.entries.count)
    parse()
    countFounders(walks)
    countCounsel(walks)
    settleContradictions()
    countQuorums()
    countAccepts()
    for ending in endings(among: counts, walks) { endings[ending.member, default: []].append(ending) }
    for place in counts { if case .nothing = acts[place] { continue } else { makers.insert(place) } }
  }

  /// The endings among roster entries. One by the founder that knew a counsel's takes its place: its own word, how far the
  /// member's entries count, is the founder's.
  func endings(among places: Set<Int>, _ walks: ChainWalks) -> [Ending] {
    let all = places.sorted().compactMap { place -> (Int, EndingBody)? in
      if case .end(let body, _) = acts[place] { (place, body) } else { nil }
    }
    return all.compactMap { place, body in
      let isReplaced = all.contains { other, its in
        its.member == body.member && isFounders(other) && !isFounders(place) && past.pasts[other].contains(place)
      }
      if isReplaced { return nil }
      return Ending(place: place, member: body.member, reached: walks.reached(of: body.member, body.last))
    }
  }

  /// Whether an ending leaves an entry out: its author knew of it, or the entry is not among those that count.
  func leavesOut(_ one: VerifiedEntry, _ ending: Ending, knowing cut: Cut) -> Bool {
    if past.place(of: one.note) == ending.place || isLifted(ending, knownAt: cut) { return false }
    return cut.contains(ending.place) || !ending.reached.contains(one.note)
  }

  /// The roster with all that is known.
  mutating func current() -> Roster { roster(at: past.all) }

  mutating func roster(at cut: Cut) -> Roster {
    let cut = cut.intersection(makers)
    if let known = rosters[cut] { return known }
    let built = build(cut)
    rosters[cut] = built
    return built
  }

  /// Every epoch that the founder, or somebody who was ever counsel, has named: also one whose rotation does not count. What
  /// others sealed to it in good faith is read.
  func namedEpochs() -> [String: Set<SHA256Hash>] {
    let counsel = Set(
      acts.compactMap { act -> SHA256Hash? in
        if case .admit(let admission) = act, admission.roles.contains(.counsel) { admission.card.member } else { nil }
      })
    var named: [String: Set<SHA256Hash>] = [:]
    for (place, act) in acts.enumerated() {
      guard case .circle(let body) = act else { continue }
      let author = past.entries[place].entry.author
      if isFounders(author) || counsel.contains(author) { named[body.name, default: []].insert(body.epoch) }
    }
    return named
  }

  /// Everybody as they were ever admitted, whatever ended them.
  func rosterWithoutEndings() -> Roster {
    var builder = RosterBuilder(founder: founders[0])
    for place in counts.sorted() {
      if case .end = acts[place] { continue }
      builder.apply(acts[place], place: place, note: past.entries[place].note, knowing: past.pasts[place])
    }
    return builder.finish()
  }

  /// Whether a succession was made in public that no entry of the new founder follows yet.
  var awaitsSuccession: Bool {
    founderHashes.count > 1 && replaced[founderHashes[founderHashes.count - 2]] == nil
  }

  mutating func refuse(_ place: Int, _ fault: EntryFault) {
    counts.remove(place)
    faults.append((past.entries[place], fault))
  }

  /// An entry counts and brings nothing.
  mutating func forget(_ place: Int) { acts[place] = .nothing }

  private mutating func parse() {
    for (place, one) in past.entries.enumerated() where one.entry.type.makesRoster {
      do throws(RecordError) {
        switch one.entry.type {
        case .admit: acts[place] = .admit(try Admission(one.entry.body))
        case .remove: acts[place] = .end(try EndingBody(one.entry.body), isRemoval: true)
        case .suspend: acts[place] = .end(try EndingBody(one.entry.body), isRemoval: false)
        case .circle, .rotate:
          let body = try CircleBody(one.entry.body)
          guard (one.entry.type == .circle) == (body.number == 1) else { throw .field("number") }
          acts[place] = .circle(body)
        case .handover: acts[place] = .handover(try HandoverBody(one.entry.body))
        case .succession: acts[place] = .succession(try SuccessionBody(one.entry.body))
        case .quorum: acts[place] = .quorum(try QuorumBody(one.entry.body))
        case .accept: acts[place] = .accept(try AcceptBody(one.entry.body), by: one.entry.author)
        default: break
        }
        counts.insert(place)
        switch acts[place] {
        case .admit(let admission): placesOfMembers[admission.card.member, default: []].append(place)
        case .end(let body, _): placesOfMembers[body.member, default: []].append(place)
        default: break
        }
      } catch { faults.append((one, .malformed(error))) }
    }
  }

  /// Whether a roster entry counts: what the log says of it follows from that.
  func isCounting(_ note: SHA256Hash) -> Bool { past.place(of: note).map { counts.contains($0) } ?? false }

  func isFounders(_ author: SHA256Hash) -> Bool { founderHashes.contains(author) }

  /// Whether an admission that was known at a point knew of the ending and took the member in again.
  func isLifted(_ ending: Ending, knownAt cut: Cut) -> Bool {
    counts.contains { place in
      guard cut.contains(place), case .admit(let admission) = acts[place] else { return false }
      return admission.card.member == ending.member && past.pasts[place].contains(ending.place)
    }
  }

  func isFounders(_ place: Int) -> Bool { founderHashes.contains(past.entries[place].entry.author) }

  /// One member as the roster at a point shows them.
  func member(_ key: SHA256Hash, at cut: Cut) -> Roster.Member? {
    var known = RosterBuilder.Known()
    for place in placesOfMembers[key] ?? [] where counts.contains(place) && cut.contains(place) {
      known.apply(acts[place], place: place, note: past.entries[place].note, knowing: past.pasts[place])
    }
    return known.member
  }

  /// The person whose device a key is, at a point.
  func person(of key: SHA256Hash, at cut: Cut) -> SHA256Hash {
    Roster.person(of: key) { member($0, at: cut)?.admission.person }
  }

  func build(_ cut: Cut) -> Roster {
    var builder = RosterBuilder(founder: founders[0])
    for place in counts.sorted() where cut.contains(place) {
      builder.apply(acts[place], place: place, note: past.entries[place].note, knowing: past.pasts[place])
    }
    return builder.finish()
  }
}
