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
    let member: SHA256Hash
    /// The notes of the member that count all the same.
    let reached: Set<SHA256Hash>
  }

  let past: CausalPast
  private(set) var acts: [Act]
  /// Which of `past.entries` count for the roster.
  private var counts: Set<Int> = []
  private(set) var faults: [(entry: VerifiedEntry, fault: EntryFault)] = []
  private(set) var endings: [SHA256Hash: [Ending]] = [:]
  /// How far the entries of founder's keys that were replaced count, by key hash.
  private(set) var replaced: [SHA256Hash: (place: Int, reached: Set<SHA256Hash>)] = [:]
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
    countCounsel(walks)
    settleContradictions()
    for ending in endings(among: counts, walks) { endings[ending.member, default: []].append(ending) }
  }

  /// The endings among roster entries. One by the founder that knew a counsel's takes its place: its own word, how far the
  /// member's entries count, is the founder's.
  private func endings(among places: Set<Int>, _ walks: ChainWalks) -> [Ending] {
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
      for former in founderHashes[..<number] where replaced[former] == nil {
        replaced[former] = (place, walks.reached(of: former, body.last))
      }
    }
    for place in counts.sorted() where isFounders(place) {
      let one = past.entries[place]
      let end = replaced[one.entry.author]
      if let end, end.place != place, !end.reached.contains(one.note) { refuse(place, .late) }
      if let declarer = walks.declaredVoid[one.note], end?.reached.contains(declarer.note) ?? true {
        refuse(place, .void)
      }
    }
  }

  /// Whether a roster entry counts: what the log says of it follows from that.
  func isCounting(_ note: SHA256Hash) -> Bool { past.place(of: note).map { counts.contains($0) } ?? false }

  func isFounders(_ author: SHA256Hash) -> Bool { founderHashes.contains(author) }

  /// Whether an ending holds at a point where it was known.
  func holds(_ ending: Ending, at cut: Cut) -> Bool { cut.contains(ending.place) && !isLifted(ending, knownAt: cut) }

  /// Whether an admission that was known at a point knew of the ending and took the member in again.
  func isLifted(_ ending: Ending, knownAt cut: Cut) -> Bool {
    counts.contains { place in
      guard cut.contains(place), case .admit(let admission) = acts[place] else { return false }
      return admission.card.member == ending.member && past.pasts[place].contains(ending.place)
    }
  }

  private func isFounders(_ place: Int) -> Bool { founderHashes.contains(past.entries[place].entry.author) }

  /// Counsel may suspend, and rotate behind a suspension; everything else is the founder's.
  private mutating func countCounsel(_ walks: ChainWalks) {
    // Roles at these points follow from the founder's entries and from earlier suspensions: in the order of knowing.
    for place in counts.sorted() where !isFounders(place) {
      let known = build(past.pasts[place])
      guard known.members[past.entries[place].entry.author]?.holds(.counsel) ?? false else {
        refuse(place, .role)
        continue
      }
      switch acts[place] {
      case .end(_, isRemoval: false): break
      case .circle(let body) where body.number > 1:
        if !followsSuspension(place, body), !unites(place, body) { refuse(place, .role) }
      default: refuse(place, .role)
      }
    }
    // One rule for the roster and for everything else: what an ending leaves out has no effect. Of two suspensions that
    // leave each other out both hold, until the founder settles it.
    let candidates = counts
    var holding = counts
    for _ in 0...candidates.count {
      let endings = endings(among: holding, walks)
      let next = candidates.filter { place in isFounders(place) || !isLeftOut(place, endings) }
      if next == holding { break }
      holding = next
    }
    for place in candidates.subtracting(holding).sorted() { refuse(place, .late) }
    let endings = endings(among: counts, walks)
    for place in counts.sorted() where !isFounders(place) {
      let one = past.entries[place]
      guard let declarer = walks.declaredVoid[one.note] else { continue }
      let isLate = endings.contains { $0.member == one.entry.author && !$0.reached.contains(declarer.note) }
      if !isLate { refuse(place, .void) }
    }
  }

  private func isLeftOut(_ place: Int, _ endings: [Ending]) -> Bool {
    let one = past.entries[place]
    return endings.contains { ending in
      guard ending.member == one.entry.author, leavesOut(one, ending, knowing: past.pasts[place]) else { return false }
      // Each suspends the other, and neither knew.
      guard case .end(let own, isRemoval: false) = acts[place], !past.pasts[place].contains(ending.place),
        !isFounders(ending.place), own.member == past.entries[ending.place].entry.author
      else { return true }
      return false
    }
  }

  /// The circles that a counsel who knows everything may rotate.
  mutating func rotatable(among names: [String]) -> Set<String> {
    let roster = current()
    return Set(
      names.filter { name in
        roster.newest(name).count > 1 || followsSuspension(past.entries.count, circle: name, knowing: past.all)
      })
  }

  /// Whether a rotation takes the place of several that were made apart: one of them may have been given to somebody whom
  /// the other shut out.
  private func unites(_ place: Int, _ body: CircleBody) -> Bool {
    let newest = build(past.pasts[place]).newest(body.name).map(\.epoch)
    return newest.count > 1 && Set(body.previous) == Set(newest)
  }

  /// Whether a counsel's rotation follows a suspension: of somebody who had the circle's key, and once for each.
  private func followsSuspension(_ place: Int, _ body: CircleBody) -> Bool {
    followsSuspension(place, circle: body.name, knowing: past.pasts[place])
  }

  private func followsSuspension(_ place: Int, circle: String, knowing before: Cut) -> Bool {
    counts.contains { suspension in
      guard before.contains(suspension), case .end(let ended, isRemoval: false) = acts[suspension] else { return false }
      let known = build(past.pasts[suspension])
      guard let member = known.members[ended.member], known.holds(member, circle) else { return false }
      return !counts.contains { other in
        guard other != place, before.contains(other), past.pasts[other].contains(suspension),
          case .circle(let earlier) = acts[other]
        else { return false }
        return earlier.name == circle && earlier.number > 1
      }
    }
  }

  /// What contradicts an earlier entry has no effect anywhere.
  private mutating func settleContradictions() {
    var names: [String: SHA256Hash] = [:]
    var publishers: [Int: SHA256Hash] = [:]
    var circles: [String: Set<SHA256Hash>] = [:]
    var epochs: [String: [SHA256Hash: Int]] = [:]
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
        let numbers = body.previous.compactMap { epochs[body.name]?[$0] }
        guard
          body.number == 1
            ? known.isEmpty : numbers.count == body.previous.count && body.number == 1 + (numbers.max() ?? 0)
        else {
          refuse(place, .contradiction)
          continue
        }
        circles[body.name, default: []].insert(body.epoch)
        epochs[body.name, default: [:]][body.epoch] = body.number
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
