import Age
public import Record
import Sodium

/// A circle that got a key: a new circle, or a new epoch of one.
public struct KeyedCircle: Sendable {
  public let body: CircleBody
  /// The names of those who hold the new key.
  public let holders: [String]

  public var name: String { body.name }
}

/// Giving circles new keys: a `rotate` entry for each, and for everybody who remains a new lock file with all epochs of
/// each of their circles, in place before the entries are (PROTOCOL, entries and lock files).
struct Rotating {
  /// Whose key must not be among the holders of the new epochs.
  var without: Set<SHA256Hash> = []
  /// Of circles that were made after the founding: whom their new epochs are for, where that changes.
  var lists: [String: [SHA256Hash]] = [:]
  /// Who makes the keys: never left out, also where somebody has suspended the founder.
  let author: SHA256Hash

  init(by author: SHA256Hash, without: Set<SHA256Hash> = [], lists: [String: [SHA256Hash]] = [:]) {
    self.author = author
    self.without = without
    self.lists = lists
  }

  /// The circles' next epochs with their keys, made on this device.
  struct Made {
    var epochs: [PersonLocks.Epoch] = []
    var circles: [KeyedCircle] = []

    func body(_ name: String) -> CircleBody? { epochs.first { $0.body.name == name }?.body }

    /// Where an entry goes that is sealed to a circle's new epoch.
    func circle(_ name: String) -> (body: CircleBody, recipient: NativeRecipient)? {
      epochs.first { $0.body.name == name }.map { ($0.body, $0.identity.recipient) }
    }
  }

  /// Whom a circle's next epoch is for, by name.
  func holders(of name: String, in roster: Roster) -> [Roster.Member] {
    let list = Set(list(of: name, in: roster))
    return roster.members.values.filter { member in
      guard isStaying(member) else { return false }
      if CircleName.founding.contains(name) { return member.circles.contains(name) }
      return member.roles.contains(.counsel) || list.contains(member.key)
    }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// A made circle's list for its next epoch: those who are active and stay.
  func list(of name: String, in roster: Roster) -> [SHA256Hash] {
    (lists[name] ?? roster.list(of: name)).filter { key in roster.members[key].map(isStaying) ?? false }
  }

  private func isStaying(_ member: Roster.Member) -> Bool {
    (member.isActive || member.key == author) && !without.contains(member.key)
  }

  /// The body of a circle's next epoch: it replaces all that nothing has replaced yet.
  func next(_ name: String, in roster: Roster, _ recipient: NativeRecipient) -> CircleBody {
    // Somebody may have written the highest number that there is.
    let (number, isOver) = (roster.circles[name]?.map(\.number).max() ?? 0).addingReportingOverflow(1)
    return CircleBody(
      name: name, number: isOver ? .max : number, recipient: recipient.text,
      members: CircleName.founding.contains(name) ? nil : list(of: name, in: roster),
      previous: roster.newest(name).map(\.epoch))
  }
}

extension Session {
  /// Stages new epochs of circles, sealed to the newest `members` epoch that this device holds until then, and the lock files of everybody
  /// who holds one of them. This device knows the new keys at once.
  ///
  /// - Parameter type: `circle` for a new circle, `rotate` else.
  func stage(
    _ type: EntryType = .rotate, of names: [String], _ rotating: Rotating, by author: SigningKey,
    in writing: inout Writing
  ) throws(VaultError) -> Rotating.Made {
    let roster = log.roster
    let members = try newestHeld(CircleName.members)
    var made = Rotating.Made()
    // That of `members` comes last: what follows it is not for who is left out.
    let others = names.filter { $0 != CircleName.members }
    for name in others.sorted() + names.filter({ $0 == CircleName.members }) {
      let identity = NativeIdentity.generate(kind)
      let body = rotating.next(name, in: roster, identity.recipient)
      made.epochs.append((body, identity))
      made.circles.append(KeyedCircle(body: body, holders: rotating.holders(of: name, in: roster).map(\.name)))
    }
    try stageLocks(for: made, rotating, in: &writing)
    for epoch in made.epochs {
      try writing.stage(
        writing.chain.entry(type, by: author, to: members.body, members.recipient, body: epoch.body.json))
      circles.identities.append((epoch.body.address, epoch.identity))
    }
    return made
  }

  /// The lock files of all who hold one of the new epochs: with everything that they held before, too.
  private func stageLocks(for made: Rotating.Made, _ rotating: Rotating, in writing: inout Writing) throws(VaultError) {
    let names = Set(log.roster.circles.keys).union(made.epochs.map(\.body.name))
    var holders: [SHA256Hash: Set<String>] = [:]
    for name in names {
      for member in rotating.holders(of: name, in: log.roster) { holders[member.key, default: []].insert(name) }
    }
    let rotated = Set(made.epochs.map(\.body.name))
    for (key, circles) in holders.sorted(by: { $0.key < $1.key }) where !circles.isDisjoint(with: rotated) {
      guard let card = log.roster.members[key]?.admission.card else { continue }
      let epochs = epochs(of: circles) + made.epochs.filter { circles.contains($0.body.name) }
      for file in try PersonLocks.files(for: card, by: self.key, vault: note.id, epochs: epochs) {
        let place = try writing.objects.stage(.locks, file)
        if key == self.key.hash { remember(lock: place.hash, in: &writing) }
      }
    }
  }

  /// The epochs of circles that this device has the keys of. One that it lacks (its lock file was lost) others may have.
  func epochs(of names: some Sequence<String>) -> [PersonLocks.Epoch] {
    names.sorted().flatMap { name in
      (log.roster.circles[name] ?? []).compactMap { body in circles.identity(body.address).map { (body, $0) } }
    }
  }

  private func remember(lock: SHA256Hash, in writing: inout Writing) {
    circles.files.append(lock)
    for file in circles.files where !writing.chain.seen.locks.contains(file) { writing.chain.seen.locks.append(file) }
  }
}
