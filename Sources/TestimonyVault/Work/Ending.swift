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
  /// - Parameter anew: whether it is to be said how far their entries count, though somebody said it before.
  public func checkSuspension(of name: String, anew: Bool = false) throws(VaultError) -> Roster.Member {
    if !isFounder { try require(.counsel) }
    let member = try standingMember(name)
    if anew, !member.isActive, !isFounder { throw .needsFounder }
    try requireOtherCounsel(than: member)
    return member
  }

  private func requireOtherCounsel(than member: Roster.Member) throws(VaultError) {
    guard log.roster.members.values.contains(where: { $0.holds(.counsel) && $0.key != member.key }) else {
      throw .lastCounsel(member.name)
    }
  }

  /// Suspends a member, as any counsel may at once: what they sign from now on is late, and what is sealed from now on is
  /// closed to them. Where they are suspended already, their circles get new keys again; the founder may then say anew how
  /// far their entries count.
  /// - Parameter last: the hash of the last entry of theirs that counts; nil: all that are here.
  public func suspend(_ name: String, reason: String, last: String? = nil) throws(VaultError) -> Ending.Suspended {
    _ = try endingPoint(of: checkSuspension(of: name, anew: last != nil), last: last)
    return try write(many: true, despite: Set(RosterDoubt.allCases)) { writing in
      let member = try self.checkSuspension(of: name, anew: last != nil)
      // The founder's word stands over that of a counsel who is suspended for it.
      let author = self.isFounder ? self.key.founder : self.key.signing
      if member.isActive || last != nil {
        let members = try self.newestHeld(CircleName.members)
        let point = try self.endingPoint(of: member, last: last)
        let body = EndingBody(member: member.key, last: point.ends, reason: reason)
        try writing.stage(
          writing.chain.entry(.suspend, by: author, to: members.body, members.recipient, body: body.json))
      }
      // Whoever suspends themselves has no say from here on.
      let had = member.key == self.key.hash ? [] : self.log.roster.circlesHad(by: member)
      // Once for each suspension: what an earlier run has done is done.
      let circles = member.isActive ? had : had.filter { self.log.rotatable.contains($0) }
      let made = try self.stage(
        of: circles, Rotating(by: self.key.hash, without: [member.key]), by: author, in: &writing)
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
  /// - Parameter last: the hash of the last entry of theirs that counts; nil: all that are here.
  public func remove(_ name: String, reason: String, last: String? = nil) throws(VaultError) -> Ending.Removed {
    _ = try endingPoint(of: checkRemoval(of: name), last: last)
    return try write(many: true, despite: Set(RosterDoubt.allCases)) { writing in
      let member = try self.checkRemoval(of: name)
      let made = try self.stage(
        of: self.log.roster.circlesHad(by: member), Rotating(by: self.key.hash, without: [member.key]),
        by: self.key.founder, in: &writing)
      guard let members = made.circle(CircleName.members) else { throw VaultError.noCircle(CircleName.members) }
      let point = try self.endingPoint(of: member, last: last)
      let body = EndingBody(member: member.key, last: point.ends, reason: reason)
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
