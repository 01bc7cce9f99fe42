public import Age
import Platform
import Publishing
public import Record
import Sodium

/// Admitting a member: an entry by the founder's key, and a lock file with the keys of the circles that come with the
/// roles. Counsel also get a publisher's number, in a new `keys` note.
public enum Admitting {
  public struct Admitted: Sendable {
    public let card: Card
    public let circles: [String]
    public let publisher: Int?
    /// The lock file that carries the newcomer's circle keys.
    public let lockFile: ObjectPlace
  }

  /// A lock file for a person: each circle key sealed to the person's own key, the file sealed to it too.
  static func lockFile(
    for recipient: NativeRecipient, member: SHA256Hash, by author: MemberKey, vault: SHA256Hash,
    circles: [(body: CircleBody, identity: NativeIdentity)]
  ) throws(VaultError) -> [UInt8] {
    do {
      let locks = try circles.map { circle in
        LocksNote.Lock(
          carries: .circle(circle.body.address), to: .member(member),
          file: try LockedKey.seal(circle.identity, to: recipient))
      }
      let note = LocksNote(vault: vault, author: author.hash, subject: .member(member), locks: locks)
      return try AgeFile.seal(note.signed(with: author.signing).encoded.span, to: [recipient])
    } catch let error as RecordError { throw .record(error) } catch { throw .age(error as? AgeError ?? .noMatch) }
  }
}

extension Session {
  /// Whether this card could be admitted: of the vault's kind of key, with a name and keys that are not taken.
  public func check(_ card: Card) throws(VaultError) -> NativeRecipient {
    let recipient: NativeRecipient
    do { recipient = try NativeRecipient(parsing: card.recipient) } catch { throw .age(error) }
    guard recipient.kind == kind else { throw .mixedKeys }
    let members = log.roster.members.values
    if members.contains(where: { $0.name == card.name.text }) { throw .nameTaken(card.name.text) }
    let taken = members.contains {
      $0.key == card.member || $0.admission.card.recipient == card.recipient
        || $0.admission.card.publisher == card.publisher || $0.admission.card.founder == card.founder
        || $0.admission.card.registrar == card.registrar
    }
    if taken || card.member == log.roster.founderKey { throw .keyTaken(card.name.text) }
    return recipient
  }

  public func admit(_ card: Card, roles: [Role], displayName: String) throws(VaultError) -> Admitting.Admitted {
    guard isFounder else { throw .needsFounder }
    let founder = key.founder
    let recipient = try check(card)
    return try write { writing in
      _ = try self.check(card)
      let names = CircleName.founding.filter { name in roles.contains { $0.circles.contains(name) } }
      var circles: [(body: CircleBody, identity: NativeIdentity)] = []
      for name in names {
        for epoch in self.log.roster.circles[name] ?? [] {
          guard let identity = self.circles.identity(epoch.address) else { throw VaultError.noCircle(name) }
          circles.append((epoch, identity))
        }
      }
      let file = try Admitting.lockFile(
        for: recipient, member: card.member, by: self.key, vault: self.note.id, circles: circles)
      let place = try writing.objects.stage(.locks, file)
      let publisher = try self.publisherNumber(for: card, roles: roles, founder: founder, writing.objects)
      let admission = Admission(card: card, roles: roles, displayName: displayName, publisher: publisher)
      let members = try self.circle(CircleName.members)
      try writing.stage(
        writing.chain.entry(.admit, by: founder, to: members.body, members.recipient, body: admission.json))
      return Admitting.Admitted(card: card, circles: names, publisher: publisher, lockFile: place)
    }
  }

  private func publisherNumber(for card: Card, roles: [Role], founder: SigningKey, _ commit: Commit) throws -> Int? {
    guard roles.contains(.counsel) else { return nil }
    try requireAllRead(below: PublicName.vaultFolder)
    guard var keys = open.keys, let newest = open.keysHash, !open.keysAreUnclear else {
      throw VaultError.missing(Place("public/vault"))
    }
    // An admission that was cut behind its `keys` note left the number: a person has one.
    if let (number, _) = keys.publishers.first(where: { $0.value == card.publisher }) { return number }
    let given = log.roster.members.values.compactMap(\.admission.publisher)
    keys = keys.following(newest)
    let number = keys.add(publisher: card.publisher, above: given.max() ?? 0)
    let signed = try keys.signed(for: note.id, with: founder).encoded
    try commit.stage(
      path: [VaultFolder.publicName, PathBytes(PublicName.vaultFolder)],
      name: PublicName.file(number: keys.number, bytes: signed), signed)
    return number
  }
}
