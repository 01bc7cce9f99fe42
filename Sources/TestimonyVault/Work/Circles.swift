public import Record
import Sodium

/// What `circle list` says of one circle.
public struct CircleState: Sendable {
  public let name: String
  /// The epochs that nothing has replaced: several after rotations that were made apart; writers use the last.
  public let epochs: [CircleBody]
  /// The names of those who hold its key.
  public let holders: [String]
  /// The cases that it reviews.
  public let cases: [ThingID]
}

extension Session {
  /// All circles, the founding ones first.
  public var circleStates: [CircleState] {
    let roster = log.roster
    return (CircleName.founding + roster.customCircles).map { name in
      let newest = roster.newest(name)
      return CircleState(
        name: name, epochs: newest.sorted { ($0.number, $1.epoch) < ($1.number, $0.epoch) },
        holders: roster.members(of: name).map(\.name),
        cases: log.cases.filter { $0.value.reviewers == name }.keys.sorted())
    }
  }

  /// The active member of a name.
  public func member(_ name: String) throws(VaultError) -> Roster.Member {
    guard let member = log.roster.member(named: name), member.isActive else { throw .noMember(name) }
    return member
  }

  /// Whom a new circle's key would be for, by name.
  public func holders(ofNewCircle name: String, with people: [String]) throws(VaultError) -> [String] {
    Rotating(by: key.hash, lists: [name: try newList(name, people)]).holders(of: name, in: log.roster).map(\.name)
  }

  /// Makes a circle with a key of its own, for the people named and for counsel.
  public func makeCircle(_ name: PersonName, with people: [String]) throws(VaultError) -> KeyedCircle {
    guard isFounder else { throw .needsFounder }
    _ = try newList(name.text, people)
    return try write(many: true) { writing in
      let rotating = Rotating(by: self.key.hash, lists: [name.text: try self.newList(name.text, people)])
      let made = try self.stage(.circle, of: [name.text], rotating, by: self.key.founder, in: &writing)
      guard let circle = made.circles.first else { throw VaultError.noCircle(name.text) }
      return circle
    }
  }

  private func newList(_ name: String, _ people: [String]) throws(VaultError) -> [SHA256Hash] {
    guard log.roster.current(name) == nil, !CircleName.founding.contains(name) else { throw .circleTaken(name) }
    return try keys(of: people, for: name)
  }

  /// Those who are named beside counsel.
  private func keys(of people: [String], for name: String) throws(VaultError) -> [SHA256Hash] {
    var keys: [SHA256Hash] = []
    for person in people {
      let member = try member(person)
      if !keys.contains(member.key) { keys.append(member.key) }
    }
    return keys
  }

  /// Whom the next epochs of circles would be for: the circle's name, and people's.
  public func holders(ofNext names: [String], with: [String], without: [String]) throws(VaultError) -> [(
    circle: String, holders: [String]
  )] {
    let rotating = try rotating(names, with: with, without: without)
    return names.map { ($0, rotating.holders(of: $0, in: log.roster).map(\.name)) }
  }

  /// Gives circles new keys. The founder may at any time, counsel once somebody was suspended.
  public func rotate(_ names: [String], with: [String] = [], without: [String] = []) throws(VaultError) -> [KeyedCircle]
  {
    let author = try rotator(of: names)
    _ = try rotating(names, with: with, without: without)
    return try write(many: true) { writing in
      let rotating = try self.rotating(names, with: with, without: without)
      let made = try self.stage(of: names, rotating, by: author, in: &writing)
      // What comes from the field is sealed to counsel's newest key, as the founder says in public.
      if self.isFounder, let counsel = made.body(CircleName.counsel) {
        try self.stageKeys(in: writing, counsel: counsel)
      }
      return made.circles
    }
  }

  /// Whether the caller may give circles new keys.
  public var mayRotate: Bool { isFounder || (me?.holds(.counsel) ?? false) && !log.rotatable.isEmpty }

  /// The key that may rotate these circles: the founder's, or, behind a suspension and once for each, a counsel's own.
  private func rotator(of names: [String]) throws(VaultError) -> SigningKey {
    if isFounder { return key.founder }
    guard me?.holds(.counsel) ?? false, names.allSatisfy({ log.rotatable.contains($0) }) else { throw .needsFounder }
    return key.signing
  }

  private func rotating(_ names: [String], with: [String], without: [String]) throws(VaultError) -> Rotating {
    var rotating = Rotating(by: key.hash)
    for name in names {
      guard log.roster.current(name) != nil else { throw .noCircle(name) }
      if with.isEmpty, without.isEmpty { continue }
      if CircleName.founding.contains(name) { throw .foundingCircle(name) }
      let leaving = try keys(of: without, for: name)
      for key in leaving where log.roster.members[key]?.holds(.counsel) ?? false {
        throw .holdsAllCircles(log.roster.members[key]?.name ?? "")
      }
      let staying = log.roster.list(of: name).filter { !leaving.contains($0) }
      rotating.lists[name] = staying + (try keys(of: with, for: name)).filter { !staying.contains($0) }
    }
    return rotating
  }
}
