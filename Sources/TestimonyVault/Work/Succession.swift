import Platform
import Publishing
public import Record
public import Sodium

/// The founder can be lost or arrested: a rule, set before, lets a stated number of publishers put a new founder's key in
/// place (DESIGN §5). First the `keys` note, in public; then the new founder's entry, for the members.
public struct SuccessionState: Sendable {
  /// How many of the successors must sign; 0: there is no rule.
  public let threshold: Int
  /// The members whose publisher's number is named.
  public let successors: [(number: Int, name: String)]
  /// Proposals that too few have signed.
  public let proposed: [(name: String, handle: String, have: Int, need: Int)]
  /// Who was put in place in public and has not taken the vault yet.
  public let awaited: String?
}

extension Session {
  public func succession() throws(VaultError) -> SuccessionState {
    let (keys, _) = try newestKeys()
    return SuccessionState(
      threshold: keys.succession.threshold,
      successors: keys.succession.successors.sorted().map { number in (number, publisherName(number)) },
      proposed: open.awaiting.map { one in
        (memberName(founder: one.claims.founder), one.hash.handle, one.signed.count, one.need)
      },
      awaited: open.founder == log.roster.founder ? nil : memberName(founder: open.founder))
  }

  /// The member who was given a publisher's number.
  func publisherName(_ number: Int) -> String {
    log.roster.members.values.first { $0.admission.publisher == number }?.name ?? "publisher \(number)"
  }

  func memberName(founder: VerifyingKey) -> String {
    log.roster.members.values.filter { $0.admission.card.founder == founder }.min {
      ($0.admission.publisher ?? .max, $0.key) < ($1.admission.publisher ?? .max, $1.key)
    }?.name ?? "an unknown key"
  }

  /// The publishers' numbers of counsel who could succeed.
  public func successors(_ names: [String]) throws(VaultError) -> Set<Int> {
    guard isFounder else { throw .needsFounder }
    let (keys, _) = try newestKeys()
    var numbers: Set<Int> = []
    for name in names {
      let member = try member(name)
      guard member.holds(.counsel), let number = member.admission.publisher, keys.publishers[number] != nil else {
        throw .notCounsel(name)
      }
      numbers.insert(number)
    }
    return numbers
  }

  /// Sets how many of whom put a new founder in place. A threshold of 0 takes the rule away.
  public func setSuccession(_ threshold: Int, _ names: [String]) throws(VaultError) {
    _ = try successors(names)
    try write { writing in
      let numbers = try self.successors(names)
      try self.stageKeys(in: writing) { $0.succession = .init(threshold: threshold, successors: numbers) }
    }
  }

  /// Refuses a rule that those who are named could never meet.
  public func checkSuccession(_ threshold: Int, _ names: [String]) throws(VaultError) {
    var (keys, _) = try newestKeys()
    keys.succession = .init(threshold: threshold, successors: try successors(names))
    try checkPolicy(keys)
  }

  /// Behind which note the caller may put a founder in place: the newest that names them as a successor. What a founder's
  /// key signed behind it since is overtaken.
  private func rule() throws(VaultError) -> (note: VerifiedKeysNote, number: Int?) {
    try require(.counsel)
    _ = try newestKeys()
    if isFounder, let newest = open.path.last, newest.keys.founder == key.founder.verifyingKey { return (newest, nil) }
    guard let number = publisherNumber else { throw .needsRole(.counsel) }
    let naming = open.path.last { note in
      note.keys.succession.threshold > 0 && note.keys.succession.successors.contains(number)
        && note.keys.publishers[number] == key.publisher.verifyingKey
    }
    guard let naming else { throw .notASuccessor }
    return (naming, number)
  }

  /// Whom the caller could put in place, and how many signatures it takes; 0 where the founder does it.
  public func checkProposal(of name: String) throws(VaultError) -> (member: Roster.Member, need: Int) {
    let (naming, number) = try rule()
    let member = try member(name)
    guard member.holds(.counsel) else { throw .notCounsel(name) }
    if member.admission.card.founder == open.founder { throw .isFounder(name) }
    return (member, number == nil ? 0 : naming.keys.succession.threshold)
  }

  /// Puts a new founder's key in place, or proposes it with the caller's signature as the first of as many as the rule
  /// asks for. The founder hands the vault on by its own signature.
  /// - Returns: the proposal, where more must sign; nil where it holds.
  public func propose(founder name: String) throws(VaultError) -> Awaiting? {
    _ = try checkProposal(of: name)
    // Also behind a founder who never took the vault: another may be put in place instead.
    let hash: SHA256Hash = try write(despite: [.succession]) { writing in
      let (naming, number) = try self.rule()
      let (member, _) = try self.checkProposal(of: name)
      var keys = naming.keys.following(naming.hash)
      keys.founder = member.admission.card.founder
      let note =
        try number.map { try keys.signed(for: self.note.id, publisher: $0, with: self.key.publisher) }
        ?? keys.signed(for: self.note.id, with: self.key.founder)
      try self.stage(keysNote: note, number: keys.number, in: writing)
      return note.hash
    }
    return try awaiting().first { $0.hash == hash }
  }

  /// Throws where the caller's key is not the one that was put in place.
  public func checkTaking() throws(VaultError) {
    guard open.founder == key.founder.verifyingKey, open.founder != log.roster.founder, me?.isActive ?? false else {
      throw .nothingToTake
    }
  }

  /// Takes the vault as its new founder: the entry that the members follow. The old key's entries count as far as they
  /// are known here.
  public func takeVault() throws(VaultError) {
    try checkTaking()
    try write(despite: [.succession]) { writing in
      try self.checkTaking()
      let founder = self.open.founder
      guard let first = self.open.path.first(where: { $0.keys.founder == founder }) else {
        throw VaultError.nothingToTake
      }
      let members = try self.newestHeld(CircleName.members)
      // Of every founder's key before this one: one between them may never have been taken.
      let former = self.open.founders.prefix { $0 != founder }.flatMap { self.log.ends(of: KeyHash.of($0)) }
      let body = SuccessionBody(founder: founder, keys: first.hash, last: former)
      try writing.stage(
        writing.chain.entry(
          .succession, by: self.key.founder, to: members.body, members.recipient, body: body.json))
    }
  }

  /// The newest `keys` note, where this device followed others that are not on the way to it.
  public func checkFollowing() throws(VaultError) -> (number: Int, hash: SHA256Hash, founder: String) {
    let (keys, hash) = try newestKeys()
    if followsKeys { throw .followsAlready }
    return (keys.number, hash, memberName(founder: keys.founder))
  }
}

extension SHA256Hash {
  /// The first 12 digits: how people name a text that awaits signatures.
  public var handle: String { String(description.prefix(12)) }
}
