import Sodium

/// Builds the roster at one point from the entries that count there. Where entries that did not know of each other
/// contradict, the narrower holds: an ending over an admission, the roles that both give (PROTOCOL, entries).
struct RosterBuilder {
  /// What entries say about one member.
  struct Known {
    private var admissions: [(place: Int, note: SHA256Hash, admission: Admission, past: Cut)] = []
    private var endings: [(place: Int, note: SHA256Hash, isRemoval: Bool)] = []

    mutating func apply(_ act: RosterHistory.Act, place: Int, note: SHA256Hash, knowing past: Cut) {
      switch act {
      case .admit(let admission): admissions.append((place, note, admission, past))
      case .end(_, let isRemoval): endings.append((place, note, isRemoval))
      default: break
      }
    }

    /// Nil for somebody who was never admitted.
    var member: Roster.Member? {
      // The newest admissions: those that no other one knew of.
      let newest = admissions.filter { one in !admissions.contains { $0.past.contains(one.place) } }
      guard let first = newest.min(by: { $0.note < $1.note }) else { return nil }
      let roles = first.admission.roles.filter { role in newest.allSatisfy { $0.admission.roles.contains(role) } }
      var member = Roster.Member(admission: first.admission, roles: roles, entry: first.note)
      // An ending holds unless an admission knew of it and took the member in again.
      let holding = endings.filter { ending in !newest.contains { $0.past.contains(ending.place) } }
      member.isRemoved = holding.contains(where: \.isRemoval)
      member.ending = (holding.first(where: \.isRemoval) ?? holding.first)?.note
      return member
    }
  }

  private var roster: Roster
  private var members: [SHA256Hash: Known] = [:]
  private var policies = PolicyPath()

  init(founder: VerifyingKey) { roster = Roster(founder: founder) }

  mutating func apply(_ act: RosterHistory.Act, place: Int, note: SHA256Hash, knowing past: Cut) {
    switch act {
    case .admit(let admission):
      members[admission.card.member, default: Known()].apply(act, place: place, note: note, knowing: past)
    case .end(let body, _):
      members[body.member, default: Known()].apply(act, place: place, note: note, knowing: past)
    case .circle(let body):
      roster.circles[body.name, default: []].append(body)
    case .handover(let body): roster.registrar = body.member
    case .succession(let body): roster.founder = body.founder
    case .quorum(let body): policies.state(body, place: place, note: note, knowing: past)
    case .accept(let body, let author): policies.accept(body, by: author, place: place, knowing: past)
    case .nothing: break
    }
  }

  mutating func finish() -> Roster {
    for (key, known) in members { roster.members[key] = known.member }
    for name in roster.circles.keys {
      roster.circles[name]?.sort { ($0.number, $1.epoch) < ($1.number, $0.epoch) }
    }
    roster.stated = StatedPolicies(policies)
    return roster
  }
}
