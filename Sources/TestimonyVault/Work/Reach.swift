public import Record
public import Sodium

/// What one person has been able to open of a record, and what the log says that they did open. Removal is never
/// retroactive: whoever could open something may have kept it.
public struct Reach: Sendable {
  public struct Opened: Sendable {
    public let layer: Layer
    /// The SHA-256 of the attachment's content; nil for the compartment.
    public let attachment: SHA256Hash?
    public let time: ClaimedTime
  }

  public let record: ThingID
  public let caseID: ThingID
  /// The layers that a circle's key opened to them; all of them where they sealed it themselves.
  public let byCircle: [Layer]
  /// The layers that a grant gave them.
  public let byGrant: [Layer]
  public let opened: [Opened]

  public var layers: [Layer] { Layer.allCases.filter { byCircle.contains($0) || byGrant.contains($0) } }
}

extension Session {
  /// Everything that a member has been able to open, as far as the caller's keys show it.
  public func reach(of member: Roster.Member) -> [Reach] {
    let roles = rolesHad(by: member)
    let held = manifests(for: member, with: roles)
    var grants: [SHA256Hash: Set<Layer>] = [:]
    var opened: [SHA256Hash: [Reach.Opened]] = [:]
    for one in log.entries {
      switch one.entry.type {
      case .grant:
        guard let body = try? GrantBody(one.entry.body), body.member == member.key else { continue }
        grants[body.record, default: []].insert(body.layer)
      case .open where one.entry.author == member.key:
        guard case .layer(let layer, let record, _, let attachment, _)? = try? OpenBody(one.entry.body) else {
          continue
        }
        opened[record, default: []].append(
          Reach.Opened(layer: layer, attachment: attachment, time: one.entry.time))
      default: break
      }
    }
    // What the person sealed, they knew.
    let own = Set(log.entries.filter { $0.entry.author == member.key }.compactMap { $0.manifest?.record })
    return log.records.sorted { $0.key < $1.key }.compactMap { id, history in
      var byCircle: [Layer] = []
      if own.contains(id.hash) {
        byCircle = Layer.allCases
      } else if history.standing.keys.contains(where: { held.contains($0) }) {
        byCircle = roles.contains(.counsel) ? [.summary, .testimony] : [.summary]
      }
      let reach = Reach(
        record: id, caseID: history.caseID, byCircle: byCircle,
        byGrant: Layer.allCases.filter { grants[id.hash]?.contains($0) ?? false },
        opened: (opened[id.hash] ?? []).sorted { $0.time.seconds < $1.time.seconds })
      return reach.layers.isEmpty && reach.opened.isEmpty ? nil : reach
    }
  }

  /// When a member's program put everything that they could read into an index: it saw all of it.
  public func indexed(by member: Roster.Member) -> [ClaimedTime] {
    log.entries.compactMap { one in
      guard one.entry.author == member.key, one.entry.type == .open,
        case .index? = try? OpenBody(one.entry.body)
      else { return nil }
      return one.entry.time
    }.sorted { $0.seconds < $1.seconds }
  }

  /// The manifests that were sealed to epochs which a member has had the keys of.
  private func manifests(for member: Roster.Member, with roles: Set<Role>) -> Set<SHA256Hash> {
    var had: Set<Entry.Address> = []
    for (name, epochs) in log.roster.circles {
      // Whoever is in a circle holds its earlier epochs, too.
      let last =
        roles.contains { $0.circles.contains(name) } || roles.contains(.counsel)
        ? epochs.count - 1 : epochs.lastIndex { $0.members?.contains(member.key) ?? false } ?? -1
      had.formUnion(epochs.prefix(last + 1).map(\.address))
    }
    // Those made for their ending, and behind it, were not for them.
    if let ending = member.ending {
      let closed = notes(behind: ending).union(rotations(before: ending))
      for one in log.entries where one.entry.type == .rotate && closed.contains(one.note) {
        if let body = try? CircleBody(one.entry.body) { had.remove(body.address) }
      }
    }
    return Set(log.entries.filter { $0.manifest != nil && had.contains($0.entry.to) }.map(\.note))
  }

  /// All roles that a member has had.
  private func rolesHad(by member: Roster.Member) -> Set<Role> {
    var roles = Set(member.roles)
    for one in log.entries where one.entry.type == .admit {
      if let admission = try? Admission(one.entry.body), admission.card.member == member.key {
        roles.formUnion(admission.roles)
      }
    }
    return roles
  }

  /// The rotations of a removal: they stand right before it in its author's chain.
  private func rotations(before removal: SHA256Hash) -> Set<SHA256Hash> {
    let byNote = Dictionary(log.entries.map { ($0.note, $0) }) { first, _ in first }
    var rotations: Set<SHA256Hash> = []
    guard var one = byNote[removal], one.entry.type == .remove else { return [] }
    while let prev = one.entry.prev, let before = byNote[prev.link.note], before.entry.type == .rotate {
      rotations.insert(before.note)
      one = before
    }
    return rotations
  }

  /// The roster entries whose authors knew of one of them.
  private func notes(behind first: SHA256Hash) -> Set<SHA256Hash> {
    let members = log.entries.filter { $0.entry.to.circle == CircleName.members }
    var behind: Set<SHA256Hash> = [first]
    var count = 0
    while count != behind.count {
      count = behind.count
      for one in members where !behind.contains(one.note) {
        let known = (one.entry.backMembers.map { [$0.note] } ?? []) + one.entry.roster
        if known.contains(where: { behind.contains($0) }) { behind.insert(one.note) }
      }
    }
    return behind
  }
}
