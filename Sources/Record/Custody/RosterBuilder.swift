import Sodium

/// Builds the roster at one point from the entries that count there. Where entries that did not know of each other
/// contradict, the narrower holds: an ending over an admission, the roles that both give (PROTOCOL, entries).
struct RosterBuilder {
  private struct Known {
    var admissions: [(place: Int, note: SHA256Hash, admission: Admission, past: Cut)] = []
    var endings: [(place: Int, note: SHA256Hash, isRemoval: Bool)] = []
  }

  private var roster: Roster
  private var members: [SHA256Hash: Known] = [:]
  private var policies = PolicyPath()

  init(founder: VerifyingKey) { roster = Roster(founder: founder) }

  mutating func apply(_ act: RosterHistory.Act, place: Int, note: SHA256Hash, knowing past: Cut) {
    switch act {
    case .admit(let admission):
      members[admission.card.member, default: Known()].admissions.append((place, note, admission, past))
    case .end(let body, let isRemoval):
      members[body.member, default: Known()].endings.append((place, note, isRemoval))
    case .circle(let body):
      roster.circles[body.name, default: []].append(body)
    case .handover(let body): roster.registrar = body.member
    case .succession(let body): roster.founder = body.founder
    case .quorum(let body): policies.state(body, place: place, note: note, knowing: past)
    case .accept(let body, let author): policies.accept(body, by: author, knowing: past)
    case .nothing: break
    }
  }

  mutating func finish() -> Roster {
    for (key, known) in members {
      // The newest admissions: those that no other one knew of.
      let newest = known.admissions.filter { one in !known.admissions.contains { $0.past.contains(one.place) } }
      guard let first = newest.min(by: { $0.note < $1.note }) else { continue }
      let roles = first.admission.roles.filter { role in newest.allSatisfy { $0.admission.roles.contains(role) } }
      var member = Roster.Member(admission: first.admission, roles: roles, entry: first.note)
      // An ending holds unless an admission knew of it and took the member in again.
      let holding = known.endings.filter { ending in !newest.contains { $0.past.contains(ending.place) } }
      member.isRemoved = holding.contains(where: \.isRemoval)
      member.ending = (holding.first(where: \.isRemoval) ?? holding.first)?.note
      roster.members[key] = member
    }
    for name in roster.circles.keys {
      roster.circles[name]?.sort { ($0.number, $1.epoch) < ($1.number, $0.epoch) }
    }
    (roster.policies, roster.policyPath) = policies.settle()
    return roster
  }
}
