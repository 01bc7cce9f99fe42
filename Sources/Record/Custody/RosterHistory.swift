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
    /// An entry to `members` that does not make the roster.
    case nothing
  }

  /// An ending that counts: where it stands among the `members` entries, and how far the member's chains count.
  struct Ending: Sendable {
    let place: Int
    let body: EndingBody
  }

  let past: CausalPast
  private(set) var acts: [Act]
  /// Which of `past.entries` count for the roster.
  private var counts: Set<Int> = []
  private(set) var faults: [(entry: VerifiedEntry, fault: EntryFault)] = []
  private(set) var endings: [SHA256Hash: [Ending]] = [:]
  /// How far the entries of founder's keys that were replaced count, by key hash.
  private(set) var replaced: [SHA256Hash: (place: Int, ends: [ChainEnd])] = [:]
  private let founders: [VerifyingKey]
  private let founderHashes: [SHA256Hash]
  private var rosters: [Cut: Roster] = [:]

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
    countCounsel()
    settleContradictions()
    for place in counts.sorted() {
      if case .end(let body, _) = acts[place] {
        endings[body.member, default: []].append(Ending(place: place, body: body))
      }
    }
  }

  /// The roster with all that is known.
  mutating func current() -> Roster { roster(at: past.all) }

  mutating func roster(at cut: Cut) -> Roster {
    if let known = rosters[cut] { return known }
    let built = build(cut)
    rosters[cut] = built
    return built
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

  private mutating func refuse(_ place: Int, _ fault: EntryFault) {
    counts.remove(place)
    faults.append((past.entries[place], fault))
  }

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
        default: break
        }
        counts.insert(place)
      } catch { faults.append((one, .malformed(error))) }
    }
  }

  /// Entries of the founder's keys count as far as the succession lets them.
  private mutating func countFounders(_ walks: ChainWalks) {
    for place in counts.sorted() {
      guard case .succession(let body) = acts[place] else { continue }
      let author = past.entries[place].entry.author
      guard let number = founders.firstIndex(of: body.founder), number > 0, founderHashes[number] == author else {
        refuse(place, .role)
        continue
      }
      // It speaks about every key before its own; of two by the same key, the first in the order of notes holds.
      for former in founderHashes[..<number] where replaced[former] == nil { replaced[former] = (place, body.last) }
    }
    for place in counts.sorted() {
      let entry = past.entries[place].entry
      guard let end = replaced[entry.author], end.place != place else { continue }
      if !walks.isWithin(past.entries[place], end.ends) { refuse(place, .late) }
    }
  }

  func isFounders(_ author: SHA256Hash) -> Bool { founderHashes.contains(author) }

  /// Whether an admission that was known at a point knew of the ending and took the member in again.
  func isLifted(_ ending: Ending, knownAt cut: Cut) -> Bool {
    counts.contains { place in
      guard cut.contains(place), case .admit(let admission) = acts[place] else { return false }
      return admission.card.member == ending.body.member && past.pasts[place].contains(ending.place)
    }
  }

  private func isFounders(_ place: Int) -> Bool { founderHashes.contains(past.entries[place].entry.author) }

  /// Counsel may suspend, and rotate behind a suspension; everything else is the founder's.
  private mutating func countCounsel() {
    let removals = counts.filter { place in
      if case .end(_, isRemoval: true) = acts[place] { return isFounders(place) }
      return false
    }
    // Roles at these points follow from the founder's entries and from earlier suspensions: in the order of knowing.
    for place in counts.sorted() where !isFounders(place) {
      let one = past.entries[place]
      let known = build(past.pasts[place])
      guard known.members[one.entry.author]?.holds(.counsel) ?? false else {
        refuse(place, .role)
        continue
      }
      switch acts[place] {
      case .end(_, isRemoval: false): break
      case .circle(let body) where body.number > 1:
        let afterSuspension = counts.contains { other in
          guard past.pasts[place].contains(other), case .end = acts[other] else { return false }
          return true
        }
        if !afterSuspension { refuse(place, .role) }
      default: refuse(place, .role)
      }
      // What a counsel did who was removed counts as far as the removal says; suspensions of each other hold both.
      for removal in removals where counts.contains(place) {
        guard case .end(let body, _) = acts[removal], body.member == one.entry.author,
          !past.pasts[place].contains(removal)
        else { continue }
        let isNamed = body.last.contains { end in end.chain == one.entry.chain && one.entry.seq <= end.seq }
        if !isNamed { refuse(place, .late) }
      }
    }
  }

  /// What contradicts an earlier entry has no effect anywhere.
  private mutating func settleContradictions() {
    var names: [String: SHA256Hash] = [:]
    var publishers: [Int: SHA256Hash] = [:]
    var circles: [String: Set<SHA256Hash>] = [:]
    var ended: Set<SHA256Hash> = []
    for place in counts.sorted() {
      switch acts[place] {
      case .admit(let admission):
        let key = admission.card.member
        let holder = names[admission.card.name.text]
        let isTaken = holder.map { $0 != key && !ended.contains($0) } ?? false
        let number = admission.publisher.flatMap { publishers[$0] }
        guard !isTaken, number == nil || number == key, !founderHashes.contains(key) else {
          refuse(place, .contradiction)
          continue
        }
        names[admission.card.name.text] = key
        ended.remove(key)
        if let number = admission.publisher { publishers[number] = key }
      case .end(let body, _): ended.insert(body.member)
      case .circle(let body):
        let known = circles[body.name] ?? []
        guard body.number == 1 ? known.isEmpty : Set(body.previous).isSubset(of: known) else {
          refuse(place, .contradiction)
          continue
        }
        circles[body.name, default: []].insert(body.epoch)
      default: break
      }
    }
  }

  private func build(_ cut: Cut) -> Roster {
    var builder = RosterBuilder(founder: founders[0])
    for place in counts.sorted() where cut.contains(place) {
      builder.apply(acts[place], place: place, note: past.entries[place].note, knowing: past.pasts[place])
    }
    return builder.finish()
  }
}
