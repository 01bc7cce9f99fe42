public import Record
import Sodium

/// Suspending and removing a member: the entry that says how far their entries count, and new keys for every circle that
/// they were in, in one commit.
public enum Ending {
  public struct Suspended: Sendable {
    public let name: String
    /// They were suspended before: this time only keys were made.
    public let wasAlready: Bool
    /// The circles that got a new key. None where somebody suspends themselves: another counsel makes them.
    public let circles: [KeyedCircle]
  }

  public struct Removed: Sendable {
    public let name: String
    public let circles: [KeyedCircle]
    /// The number that does not speak for the vault any more, and how many texts it is still believed for.
    public let publisher: (number: Int, signed: Int)?
  }
}

extension Session {
  /// The member of a name who was not removed.
  public func standingMember(_ name: String) throws(VaultError) -> Roster.Member {
    let named = log.roster.members.values.filter { $0.name.utf8.elementsEqual(name.utf8) && !$0.isRemoved }
    guard let member = named.min(by: { ($0.isActive ? 0 : 1, $0.key) < ($1.isActive ? 0 : 1, $1.key) }) else {
      throw .noMember(name)
    }
    return member
  }

  /// Whom the next keys would be for when a member is left out, by circle.
  public func holders(without member: Roster.Member) -> [(circle: String, holders: [String])] {
    let rotating = Rotating(by: key.hash, without: [member.key])
    return log.roster.circlesHad(by: member).map { ($0, rotating.holders(of: $0, in: log.roster).map(\.name)) }
  }

  /// Throws where a member may not be suspended by the caller.
  public func checkSuspension(of name: String) throws(VaultError) -> Roster.Member {
    try require(.counsel)
    let member = try standingMember(name)
    try requireOtherCounsel(than: member)
    return member
  }

  private func requireOtherCounsel(than member: Roster.Member) throws(VaultError) {
    guard log.roster.members.values.contains(where: { $0.holds(.counsel) && $0.key != member.key }) else {
      throw .lastCounsel(member.name)
    }
  }

  /// Suspends a member, as any counsel may at once: what they sign from now on is late, and what is sealed from now on is
  /// closed to them. Where they are suspended already, their circles get new keys again.
  public func suspend(_ name: String, reason: String) throws(VaultError) -> Ending.Suspended {
    _ = try checkSuspension(of: name)
    return try write(many: true, despite: Set(RosterDoubt.allCases)) { writing in
      let member = try self.checkSuspension(of: name)
      if member.isActive {
        let members = try self.newestHeld(CircleName.members)
        let body = EndingBody(member: member.key, last: self.log.ends(of: member.key), reason: reason)
        try writing.stage(
          writing.chain.entry(.suspend, by: self.key.signing, to: members.body, members.recipient, body: body.json))
      }
      // Whoever suspends themselves has no say from here on.
      let circles = member.key == self.key.hash ? [] : self.log.roster.circlesHad(by: member)
      let made = try self.stage(
        of: circles, Rotating(by: self.key.hash, without: [member.key]), by: self.key.signing, in: &writing)
      return Ending.Suspended(name: member.name, wasAlready: !member.isActive, circles: made.circles)
    }
  }

  /// Throws where a member may not be removed by the caller.
  public func checkRemoval(of name: String) throws(VaultError) -> Roster.Member {
    guard isFounder else { throw .needsFounder }
    let member = try standingMember(name)
    if member.key == log.roster.founderMember?.key { throw .isFounder(member.name) }
    try requireOtherCounsel(than: member)
    if let number = try activePublisher(member) {
      var (keys, _) = try newestKeys()
      do { try keys.end(publisher: number, signed: []) } catch { throw .record(error) }
      try checkPolicy(keys)
    }
    return member
  }

  /// The number by which a member still speaks for the vault in public.
  private func activePublisher(_ member: Roster.Member) throws(VaultError) -> Int? {
    let keys = try newestKeys().keys
    return keys.publishers.first { $0.value == member.admission.card.publisher }?.key
  }

  /// Removes a member for good: new keys for every circle they were in, sealed to the old `members` epoch, and behind
  /// them, in the new one, the entry that says how far their entries count.
  public func remove(_ name: String, reason: String) throws(VaultError) -> Ending.Removed {
    _ = try checkRemoval(of: name)
    return try write(many: true, despite: Set(RosterDoubt.allCases)) { writing in
      let member = try self.checkRemoval(of: name)
      let made = try self.stage(
        of: self.log.roster.circlesHad(by: member), Rotating(by: self.key.hash, without: [member.key]),
        by: self.key.founder, in: &writing)
      guard let members = made.circle(CircleName.members) else { throw VaultError.noCircle(CircleName.members) }
      let body = EndingBody(member: member.key, last: self.log.ends(of: member.key), reason: reason)
      try writing.stage(
        writing.chain.entry(.remove, by: self.key.founder, to: members.body, members.recipient, body: body.json))
      let publisher = try self.endPublisher(of: member, made, in: writing)
      return Ending.Removed(name: member.name, circles: made.circles, publisher: publisher)
    }
  }
  /// Ends the number of whoever leaves: it is believed for what it has signed and for nothing else.
  private func endPublisher(of member: Roster.Member, _ made: Rotating.Made, in writing: Writing) throws(VaultError)
    -> (
      number: Int, signed: Int
    )?
  {
    let number = try activePublisher(member)
    let signed = try number.map { (number) throws(VaultError) in
      try texts(signedBy: number, member.admission.card.publisher)
    }
    try stageKeys(in: writing, counsel: made.body(CircleName.counsel)) { keys in
      if let number, let signed { try keys.end(publisher: number, signed: signed) }
    }
    return number.flatMap { number in signed.map { (number, $0.count) } }
  }
}
