import Age
import Platform
import Publishing
public import Record
import Sodium

/// Admitting a member: an entry by the founder's key, and a lock file with the keys of the circles that come with the
/// roles. Counsel also get a publisher's number, in a new `keys` note. The same card lifts a suspension.
public enum Admitting {
  public struct Admitted: Sendable {
    public let card: Card
    public let circles: [String]
    public let publisher: Int?
    /// The lock file that carries the newcomer's circle keys.
    public let lockFile: ObjectPlace
    /// The circles of which this device lacks keys, which it could not give: whoever has them makes them new ones.
    public let lacking: [String]
    /// Whether a suspension was lifted.
    public let isBack: Bool
  }
}

extension Session {
  /// Whether this card could be admitted: of the vault's kind of key, with a name and keys that are not taken. A member
  /// who was suspended may come back by the same card, one who was removed may not.
  public func check(_ card: Card) throws(VaultError) {
    let recipient: NativeRecipient
    do { recipient = try NativeRecipient(parsing: card.recipient) } catch { throw .age(error) }
    guard recipient.kind == kind else { throw .mixedKeys }
    let members = log.roster.members.values
    if let known = log.roster.members[card.member] {
      if known.isRemoved { throw .wasRemoved(known.name) }
      if !known.isActive, known.admission.card.hash == card.hash { return }
    }
    if members.contains(where: { $0.name == card.name.text && !$0.isRemoved }) { throw .nameTaken(card.name.text) }
    // A recipient comes back with a key that was restored from its cards: once the lost key was removed.
    let taken = members.contains {
      $0.key == card.member || $0.admission.card.recipient == card.recipient && !$0.isRemoved
        || $0.admission.card.publisher == card.publisher || $0.admission.card.founder == card.founder
        || $0.admission.card.registrar == card.registrar
    }
    if taken || card.member == log.roster.founderKey { throw .keyTaken(card.name.text) }
  }

  /// Who was removed and had the recipient that is on this card: whoever has their key file, and its passphrase, would
  /// read with the newcomer.
  public func formerHolders(of card: Card) -> [String] {
    log.roster.members.values.filter { $0.isRemoved && $0.admission.card.recipient == card.recipient }
      .map(\.name).sorted()
  }

  /// The circles whose keys an admission of this card would bring: by its roles, as counsel, and those that name it.
  public func circles(for card: Card, as roles: [Role]) -> [String] {
    let roster = log.roster
    return CircleName.founding.filter { name in roles.contains { $0.circles.contains(name) } }
      + roster.customCircles.filter { roles.contains(.counsel) || roster.list(of: $0).contains(card.member) }
  }

  public func admit(
    _ card: Card, roles: [Role], displayName: String, samePersonAs other: String? = nil
  ) throws(VaultError) -> Admitting.Admitted {
    guard isFounder else { throw .needsFounder }
    let person =
      try other.map { (name) throws(VaultError) in try self.person(named: name, for: card) } ?? lost(for: card)
    let founder = key.founder
    try check(card)
    // A founder whom somebody has suspended comes back whatever else is in doubt.
    let despite = card.member == key.hash ? Set(RosterDoubt.allCases) : []
    return try write(despite: despite) { writing in
      try self.check(card)
      let names = self.circles(for: card, as: roles)
      let epochs = self.epochs(of: names)
      // Whoever comes in gets what is here of their circles: somebody may have made a key that nobody else has, or have
      // left out a founder who comes back by her own card.
      let lacking = names.filter { name in
        epochs.filter { $0.body.name == name }.count != self.log.roster.circles[name]?.count
      }
      var places: [ObjectPlace] = []
      for file in try PersonLocks.files(for: card, by: self.key, vault: self.note.id, epochs: epochs) {
        places.append(try writing.objects.stage(.locks, file))
      }
      guard let lockFile = places.last else { throw VaultError.noCircle(CircleName.members) }
      let isBack = self.log.roster.members[card.member] != nil
      let publisher = try self.publisherNumber(for: card, roles: roles, writing)
      let admission = Admission(
        card: card, roles: roles, displayName: displayName, publisher: publisher, person: person)
      let members = try self.newestHeld(CircleName.members)
      try writing.stage(
        writing.chain.entry(.admit, by: founder, to: members.body, members.recipient, body: admission.json))
      return Admitting.Admitted(
        card: card, circles: names, publisher: publisher, lockFile: lockFile, lacking: lacking, isBack: isBack)
    }
  }

  /// Whose lost key a card brings back: a removed member's with the same age key.
  private func lost(for card: Card) -> SHA256Hash? {
    log.roster.members.values.filter { $0.isRemoved && $0.admission.card.recipient == card.recipient }.map(\.key).min()
      .map { log.roster.person(of: $0) }
  }

  /// The member whose other device a card is.
  private func person(named name: String, for card: Card) throws(VaultError) -> SHA256Hash {
    guard let member = log.roster.member(named: name), member.key != card.member else { throw .noSuchMember(name) }
    return log.roster.person(of: member.key)
  }

  /// The number by which whoever comes in speaks for the vault in public. An admission that was cut behind its `keys` note
  /// left the number: a person has one. Whoever is counsel no more speaks for it no more.
  private func publisherNumber(for card: Card, roles: [Role], _ writing: Writing) throws(VaultError) -> Int? {
    let keys = roles.contains(.counsel) ? try newestKeys().keys : open.keys
    let known = keys?.publishers.first { $0.value == card.publisher }?.key
    if !roles.contains(.counsel) {
      guard let known else { return nil }
      let signed = try texts(signedBy: known, card.publisher)
      try stageKeys(in: writing) { try $0.end(publisher: known, signed: signed) }
      return nil
    }
    if let known { return known }
    if keys?.ended.values.contains(where: { $0.key == card.publisher }) ?? false { throw .wasRemoved(card.name.text) }
    let given = log.roster.members.values.compactMap(\.admission.publisher)
    var number: Int?
    try stageKeys(in: writing) { number = $0.add(publisher: card.publisher, above: given.max() ?? 0) }
    return number
  }
}
