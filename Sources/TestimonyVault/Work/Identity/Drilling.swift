public import Record
import Sodium

/// A rehearsal: a canary record, whose identity is nobody's, and a request for it.
public enum Drill {
  /// The title of the case that canaries lie in.
  public static let title = "drill"
  static let field = "canary"
  static let text = "This is no person. It is a test of the quorum."

  /// Whether what was opened is the canary's identity, and nothing else: beside it only versions that add none.
  public static func isCanary(_ identities: OpenedIdentities) -> Bool {
    let opened = identities.versions.filter { $0.opened != nil }
    let canaries = opened.filter {
      $0.opened?.compartment.fields[field]?.text.map { $0.utf8.elementsEqual(text.utf8) } ?? false
    }
    return !canaries.isEmpty && canaries.count + opened.count(where: \.isEmpty) == opened.count
  }
}

/// The last drill, as far as the log shows it.
public struct DrillReading: Sendable {
  public let time: ClaimedTime
  /// Who opened it.
  public let requester: String
  public let approvers: [String]
  /// How many custodians the policy has that was tried; nil where that is not known.
  public let custodians: Int?
  /// Whether it is the policy in force.
  public let isCurrent: Bool
}

extension Session {
  /// Throws where the caller cannot begin a drill.
  public func checkDrill() throws(VaultError) {
    try require(.counsel)
    try sealingQuorum()
  }

  /// Seals a canary and asks the custodians for it.
  public func drill(until: ClaimedTime) throws(VaultError) -> Requested {
    try checkDrill()
    let caseID: ThingID
    if let known = drillCase() {
      caseID = known
    } else {
      caseID = try openCase(title: Drill.title, fields: [:], reviewers: CircleName.reviewers)
    }
    var draft = RecordDraft(caseID: caseID)
    draft.summary = ["abstract": "A canary of a drill: no testimony."]
    draft.identity = [Drill.field: .string(Drill.text)]
    guard let record = try seal([draft]).first else { throw .notHere(caseID.shown()) }
    var request = RequestDraft(record: record.id, purpose: "a drill: the identity of nobody", until: until)
    request.isDrill = true
    return try self.request(request)
  }

  /// The case that was made for drills before.
  private func drillCase() -> ThingID? {
    log.cases.filter { id, body in
      body.title == Drill.title && body.reviewers == CircleName.reviewers && !log.contested.contains(id)
    }.keys.min()
  }

  /// The last time that a quorum opened a canary; nil where it never did.
  public var lastDrill: DrillReading? {
    let requests = log.requests()
    let counsel = log.everCounsel
    let drills = log.entries.filter { $0.entry.type == .drill && counsel.contains($0.entry.author) }
    let told = drills.compactMap { one -> (VerifiedEntry, DrillBody)? in
      guard let json = try? one.entry.body, let body = try? DrillBody(json) else { return nil }
      // Whoever sees the request knows whether it was one, and whose.
      let request = requests.first { $0.note == body.request }
      if let request, !request.body.isDrill || request.requester != one.entry.author { return nil }
      return (one, body)
    }
    guard let (entry, body) = told.max(by: { ($0.0.entry.time, $0.0.note) < ($1.0.entry.time, $1.0.note) }) else {
      return nil
    }
    return DrillReading(
      time: entry.entry.time, requester: name(of: entry.entry.author),
      approvers: body.approvers.map { name(of: $0) }.sorted(),
      custodians: log.roster.policies[body.policy]?.body.custodians.count,
      isCurrent: log.roster.policy?.note == body.policy)
  }
}
