import Sodium

// Which of the entries that make the roster count: the founder's along the succession, counsel's behind suspensions, and
// none that contradicts an earlier one.
extension RosterHistory {
  /// Entries of the founder's keys count as far as the succession lets them.
  mutating func countFounders(_ walks: ChainWalks) {
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

  /// Counsel may suspend, and rotate behind a suspension; everything else is the founder's.
  mutating func countCounsel(_ walks: ChainWalks) {
    // Roles at these points follow from the founder's entries and from earlier suspensions: in the order of knowing.
    for place in counts.sorted() where !isFounders(place) {
      // Who accepts what is judged when the policies are.
      if case .accept = acts[place] { continue }
      guard member(past.entries[place].entry.author, at: past.pasts[place])?.holds(.counsel) ?? false else {
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
    if case .accept = acts[place] { return false }
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
  mutating func settleContradictions() {
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
}
