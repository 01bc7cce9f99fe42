import Sodium

// What each type of entry asks for beside its author's standing, and what it brings about.
extension EntryJudging {
  /// False for a type that this version does not know.
  mutating func apply(_ one: VerifiedEntry) throws(EntryFault) -> Bool {
    do {
      switch one.entry.type {
      case .admit, .remove, .suspend, .circle, .rotate, .handover, .succession, .quorum, .accept:
        // Who may write it was judged with the roster; here only where it was sealed to.
        try require(CircleName.members, one)
      case .replace: try applyReplace(one)
      case .drill: try applyDrill(one)
      case .case: try applyCase(one)
      case .seal: try applySeal(one)
      case .amend, .reseal: try applyVersion(one)
      case .relock:
        try require(.counsel, one)
        try requireReviewers(of: RelockBody(one.entry.body).record, one)
      case .open: try applyOpen(one)
      case .assess: try requireReviewers(of: ReviewBody(one.entry.body).about, one, membersOnly: true)
      case .propose:
        guard let circles = caseCircles[try ReviewBody(one.entry.body).about] else { throw EntryFault.unknownCase }
        guard circles.contains(one.entry.to.circle) else { throw EntryFault.otherAudience }
        try requireMembership(one)
      case .grant:
        try require(.counsel, one)
        try require(CircleName.counsel, one)
        guard manifests[try GrantBody(one.entry.body).record] != nil else { throw EntryFault.unknownRecord }
      case .publish:
        try require(.counsel, one)
        try require(CircleName.counsel, one)
        _ = try PublishBody(one.entry.body)
      case .adopt:
        try require(.counsel, one)
        try require(CircleName.counsel, one)
        adopted.insert(try AdoptBody(one.entry.body).entry)
      case .request: try applyRequest(one)
      case .approve: try applyAnswer(one, to: ApproveBody(one.entry.body).request)
      case .deny: try applyAnswer(one, to: DenyBody(one.entry.body).request)
      case .cancel:
        try require(CircleName.custodians, one)
        guard let request = requests[try CancelBody(one.entry.body).request] else { throw EntryFault.unknownRequest }
        guard request.author == one.entry.author else { throw EntryFault.role }
      case .kit, .kitRevoke, .worker, .note, .intake: try applyField(one)
      case .unknown: return false
      }
    } catch let fault as EntryFault { throw fault } catch let error as RecordError { throw .malformed(error) } catch {
      throw .malformed(.field("body"))
    }
    return true
  }

  /// The author holds the key of the circle that the entry goes to.
  mutating func requireMembership(_ one: VerifiedEntry) throws(EntryFault) {
    let roster = roster(at: one)
    guard let member = roster.members[one.entry.author], roster.holds(member, one.entry.to.circle) else { throw .role }
  }

  private mutating func requireReviewers(
    of record: SHA256Hash, _ one: VerifiedEntry, membersOnly: Bool = false
  ) throws(EntryFault) {
    guard let caseID = caseOfRecord[record], let circles = caseCircles[caseID] else { throw .unknownRecord }
    guard circles.contains(one.entry.to.circle) else { throw .otherAudience }
    if membersOnly { try requireMembership(one) }
  }

  private mutating func applyCase(_ one: VerifiedEntry) throws {
    try require(.counsel, one)
    let body = try CaseBody(one.entry.body)
    try require(body.reviewers, one)
    guard body.origin.author == one.entry.author else { throw EntryFault.malformed(.origin) }
    let id = body.origin.id(.case, in: vault)
    caseCircles[id.hash, default: []].insert(body.reviewers)
    if let other = cases[id], other.json != body.json {
      contested.insert(id)
      if let file = caseFiles[id] { contradicted.append(file) }
      throw EntryFault.contradiction
    }
    cases[id] = body
    caseFiles[id] = one.file
  }

  private mutating func applySeal(_ one: VerifiedEntry) throws {
    try require(.counsel, one)
    guard let head = one.manifest else { throw EntryFault.malformed(.field("body")) }
    guard let circles = caseCircles[head.caseID] else { throw EntryFault.unknownCase }
    guard circles.contains(one.entry.to.circle) else { throw EntryFault.otherAudience }
    // Later versions are another type of entry.
    guard head.version == 1 else { throw EntryFault.contradiction }
    // A drop's origin is the kit's. That its signed head says the same, counsel see in the `note` entry.
    guard head.originAuthor == one.entry.author || kits[head.originAuthor] != nil else {
      throw EntryFault.malformed(.origin)
    }
    // First manifests with one origin: with the same objects they are one record. With others the author contradicts
    // himself, and no order of entries can say which was meant: both are kept.
    let known = manifests[head.record] ?? []
    if known.contains(where: { $0.manifest?.digest == head.digest }) { return }
    if !known.isEmpty {
      contested.insert(ThingID(kind: .record, hash: head.record))
      contradicted += known.map(\.file) + [one.file]
    }
    manifests[head.record, default: []].append(one)
    caseOfRecord[head.record] = head.caseID
  }

  /// A later version, or the same one over new keys: of a record that is here, in its case.
  private mutating func applyVersion(_ one: VerifiedEntry) throws {
    try require(.counsel, one)
    guard let head = one.manifest else { throw EntryFault.malformed(.field("body")) }
    guard let known = manifests[head.record] else { throw EntryFault.unknownRecord }
    guard caseOfRecord[head.record] == head.caseID else { throw EntryFault.contradiction }
    try requireReviewers(of: head.record, one)
    if let replaced = head.replaces {
      guard let before = known.first(where: { $0.note == replaced })?.manifest else { throw EntryFault.unknownRecord }
      guard before.version == head.version, before.previous == head.previous else { throw EntryFault.contradiction }
    } else {
      guard head.version > 1 else { throw EntryFault.contradiction }
      let before = head.previous.compactMap { heads[$0] }
      guard before.allSatisfy({ $0.record == head.record }) else { throw EntryFault.contradiction }
      // Where some are not here, it is higher than those that are.
      let highest = before.map(\.version).max() ?? 1
      guard before.count == head.previous.count ? head.version == highest + 1 : head.version > highest else {
        throw EntryFault.contradiction
      }
    }
    manifests[head.record, default: []].append(one)
  }

  private mutating func applyOpen(_ one: VerifiedEntry) throws {
    switch try OpenBody(one.entry.body) {
    case .index: try requireMembership(one)
    case .layer(_, let record, _, _, _):
      if one.entry.to.circle == CircleName.counsel {
        try requireMembership(one)
        guard caseOfRecord[record] != nil else { throw EntryFault.unknownRecord }
      } else {
        try requireReviewers(of: record, one, membersOnly: true)
      }
    }
  }
}
