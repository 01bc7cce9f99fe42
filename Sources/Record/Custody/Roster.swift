public import Sodium

/// Who belongs to the vault and which keys its circles have, at one point of the log: as the entries that make the roster,
/// and that were known there, say it.
public struct Roster: Sendable {
  public struct Member: Sendable {
    public let admission: Admission
    /// What holds now: those of the admission, or, where several are concurrent, what they have in common.
    public let roles: [Role]
    /// The note hash of the `admit` entry.
    public let entry: SHA256Hash
    /// The note hash of the `suspend` or `remove` that holds; nil for an active member.
    public internal(set) var ending: SHA256Hash?
    public internal(set) var isRemoved = false

    public var name: String { admission.card.name.text }
    public var key: SHA256Hash { admission.card.member }
    public var isActive: Bool { ending == nil }
    /// Whether the member is active and has the role.
    public func holds(_ role: Role) -> Bool { isActive && roles.contains(role) }
    /// The founding circles whose keys come with this member's roles, each once, in their order.
    public var circles: [String] {
      CircleName.founding.filter { name in roles.contains { $0.circles.contains(name) } }
    }
  }

  /// The founder's key at this point, along the succession.
  public internal(set) var founder: VerifyingKey
  /// Everybody who was ever admitted, by key hash; those who were suspended or removed say so.
  public internal(set) var members: [SHA256Hash: Member] = [:]
  /// Each circle's epochs, oldest first; of two with one number the lower hash comes last.
  public internal(set) var circles: [String: [CircleBody]] = [:]
  /// Every policy that the founder has stated, by the note hash of its entry.
  public var policies: [SHA256Hash: Policy] { stated.settled.policies }
  /// The policies that have counted, in their order: the last one is in force, unless others contest what follows it.
  public var policyPath: [SHA256Hash] { stated.settled.path }
  /// Policies that stand beside each other, each accepted by all its custodians and none by a quorum of the others: none of
  /// them is in force, until custodians of the others accept one of them too.
  public var contestedPolicies: [SHA256Hash] { stated.settled.contested }
  var stated = StatedPolicies(PolicyPath())
  /// The member whose device issues checkpoints, where a handover named one.
  public internal(set) var registrar: SHA256Hash?

  init(founder: VerifyingKey) { self.founder = founder }

  /// The policy that identities are sealed under now.
  public var policy: Policy? { contestedPolicies.isEmpty ? policyPath.last.flatMap { policies[$0] } : nil }

  public var founderKey: SHA256Hash { KeyHash.of(founder) }

  /// The epoch that writers use now: the newest; of two that were made apart, the one with the lower hash.
  public func current(_ circle: String) -> CircleBody? { circles[circle]?.last }

  /// The epochs of a circle that nothing has replaced: more than one after two rotations that were made apart.
  public func newest(_ circle: String) -> [CircleBody] {
    let all = circles[circle] ?? []
    let replaced = Set(all.flatMap(\.previous))
    return all.filter { !replaced.contains($0.epoch) }
  }

  /// The active member of that name.
  public func member(named name: String) -> Member? {
    let named = members.values.filter { $0.name.utf8.elementsEqual(name.utf8) }
    return named.first(where: \.isActive) ?? named.min { $0.key < $1.key }
  }

  /// Whether a member holds the key of a circle: by a role, as counsel, or as one of the circle's own.
  public func holds(_ member: Member, _ circle: String) -> Bool {
    guard member.isActive else { return false }
    if CircleName.founding.contains(circle) { return member.circles.contains(circle) }
    return member.holds(.counsel) || current(circle)?.members?.contains(member.key) ?? false
  }

  /// The active members of a circle, by name.
  public func members(of circle: String) -> [Member] {
    members.values.filter { holds($0, circle) }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The circles whose keys a member holds, the founding ones first.
  public func circles(of member: Member) -> [String] {
    CircleName.founding.filter { holds(member, $0) }
      + circles.keys.filter { !CircleName.founding.contains($0) && holds(member, $0) }.sorted()
  }

  /// The person whose device a key is: the key hash of the first device that admissions lead back to.
  public func person(of key: SHA256Hash) -> SHA256Hash { Self.person(of: key) { members[$0]?.admission.person } }

  /// - Parameter before: the key that an admission names as another device of the same person.
  static func person(of key: SHA256Hash, admittedBeside before: (SHA256Hash) -> SHA256Hash?) -> SHA256Hash {
    var way: [SHA256Hash] = []
    var places: [SHA256Hash: Int] = [:]
    var person = key
    while places[person] == nil {
      places[person] = way.count
      way.append(person)
      guard let next = before(person) else { return person }
      person = next
    }
    // Where admissions lead in a circle, all who lead into it are one person.
    return way[(places[person] ?? 0)...].min() ?? person
  }

  /// Whether somebody holds a share under some policy, or could: a custodian, or whoever opens alone.
  public func isCustodian(_ member: Member) -> Bool {
    member.holds(.custodian)
      || member.isActive && stated.path.bodies.values.contains { $0.custodians.contains(member.key) }
  }

  /// The founder as a member: whoever's card names the founder's key. Cards can claim any key, so of several it is the one
  /// with the lowest publisher's number: that number is given once.
  public var founderMember: Member? {
    members.values.filter { $0.admission.card.founder == founder }.min {
      ($0.admission.publisher ?? .max, $0.key) < ($1.admission.publisher ?? .max, $1.key)
    }
  }
}
