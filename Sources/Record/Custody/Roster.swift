public import Sodium

/// Who belongs to the vault and which keys its circles have, as the founder's signed entries say it.
public struct Roster: Sendable {
  public struct Member: Sendable {
    public let admission: Admission
    /// The note hash of the `admit` entry.
    public let entry: SHA256Hash

    public var name: String { admission.card.name.text }
    public var key: SHA256Hash { admission.card.member }
    public func holds(_ role: Role) -> Bool { admission.roles.contains(role) }
    /// The circles whose keys come with this member's roles, each once, in the order of the founding circles.
    public var circles: [String] {
      CircleName.founding.filter { name in admission.roles.contains { $0.circles.contains(name) } }
    }
  }

  public let founder: VerifyingKey
  public private(set) var members: [SHA256Hash: Member] = [:]
  /// Each circle's epochs, oldest first.
  public private(set) var circles: [String: [CircleBody]] = [:]
  /// The note hashes of the entries that were applied, in order.
  public private(set) var applied: [SHA256Hash] = []

  public init(founder: VerifyingKey) { self.founder = founder }

  public var founderKey: SHA256Hash { KeyHash.of(founder) }

  /// The key that belongs to an author's key hash: the founder's key, or an admitted member's.
  public func key(of author: SHA256Hash) -> VerifyingKey? {
    author == founderKey ? founder : members[author]?.admission.card.signing
  }

  /// The epoch that writers use now.
  public func current(_ circle: String) -> CircleBody? { circles[circle]?.last }

  public func member(named name: String) -> Member? {
    members.values.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  public func members(of circle: String) -> [Member] {
    members.values.filter { $0.circles.contains(circle) }.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
  }

  /// The founder as a member: publisher 1. That number is given once, at the founding, so no later entry and no order of
  /// entries can make somebody else the founder.
  public var founderMember: Member? { members.values.first { $0.admission.publisher == 1 } }

  mutating func apply(_ admission: Admission, entry: SHA256Hash) -> Bool {
    let member = Member(admission: admission, entry: entry)
    guard members[member.key] == nil, self.member(named: member.name) == nil, member.key != founderKey,
      admission.publisher == nil || !members.values.contains(where: { $0.admission.publisher == admission.publisher })
    else { return false }
    members[member.key] = member
    applied.append(entry)
    return true
  }

  mutating func apply(_ circle: CircleBody, entry: SHA256Hash) -> Bool {
    guard circles[circle.name, default: []].count + 1 == circle.number else { return false }
    circles[circle.name, default: []].append(circle)
    applied.append(entry)
    return true
  }
}
