import Age
import Record
import Sodium

/// Lock files for people: the keys of a person's circles, all epochs of each, sealed to that person's own key (PROTOCOL,
/// lock files). Every rotation makes new ones for whoever remains; admission makes the first.
enum PersonLocks {
  /// One epoch of a circle, with its key.
  typealias Epoch = (body: CircleBody, identity: NativeIdentity)

  /// A lock file is read up to a size: after very many rotations a person has several.
  static let most = 200

  /// The lock files of one person, signed by whoever makes them.
  static func files(for card: Card, by author: MemberKey, vault: SHA256Hash, epochs: [Epoch]) throws(VaultError)
    -> [[UInt8]]
  {
    let recipient: NativeRecipient
    do { recipient = try NativeRecipient(parsing: card.recipient) } catch { throw .age(error) }
    var files: [[UInt8]] = []
    for start in stride(from: 0, to: epochs.count, by: most) {
      let some = Array(epochs[start..<min(start + most, epochs.count)])
      files.append(try file(for: recipient, member: card.member, by: author, vault: vault, epochs: some))
    }
    return files
  }

  static func file(
    for recipient: NativeRecipient, member: SHA256Hash, by author: MemberKey, vault: SHA256Hash, epochs: [Epoch]
  ) throws(VaultError) -> [UInt8] {
    do {
      let locks = try epochs.map { epoch in
        LocksNote.Lock(
          carries: .circle(epoch.body.address), to: .member(member),
          file: try LockedKey.seal(epoch.identity, to: recipient))
      }
      let note = LocksNote(vault: vault, author: author.hash, subject: .member(member), locks: locks)
      return try AgeFile.seal(note.signed(with: author.signing).encoded.span, to: [recipient])
    } catch { throw VaultError(error) }
  }
}

extension Roster {
  /// The circles whose keys somebody has had by the roles and lists that stand now, whether or not they are active.
  func circlesHad(by member: Member) -> [String] {
    member.circles + customCircles.filter { member.roles.contains(.counsel) || list(of: $0).contains(member.key) }
  }

  /// The circles that were made after the founding, by name.
  var customCircles: [String] { circles.keys.filter { !CircleName.founding.contains($0) }.sorted() }

  /// Whose key a made circle is beside counsel's. After two rotations that were made apart, those whom both name: the
  /// narrower holds.
  func list(of circle: String) -> [SHA256Hash] {
    let newest = newest(circle).map { $0.members ?? [] }
    return (newest.last ?? []).filter { key in newest.allSatisfy { $0.contains(key) } }
  }
}
