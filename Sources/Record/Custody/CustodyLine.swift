public import Sodium

/// One entry as the custody chain tells it: who, when, what, about what. Never the content of what is sealed.
public struct CustodyLine: Sendable {
  public enum Mark: Sendable, Equatable {
    /// Without effect: signed or back-dated by somebody whose entries no longer count there.
    case late
    /// Another entry stands in its place, or its author's next one leaves no room for it.
    case fork
    /// Of a type that this version does not know.
    case unknown
    /// Without effect: its own author declared that it never came to be.
    case void
  }

  public let entry: VerifiedEntry
  /// The cases, records and members that it is about.
  public let cases: [ThingID]
  public let records: [ThingID]
  public let members: [SHA256Hash]
  /// The request that it makes, answers, or follows, by the note hash of its entry.
  public let request: SHA256Hash?
  /// The field device, by key hash.
  public let kit: SHA256Hash?
  /// The layer that was opened or granted.
  public let layer: Layer?
  /// A reason, or the words of an entry that has some.
  public let reason: String?
  public let marks: [Mark]
}

extension CustodyLog {
  /// The custody chain in the order of the claimed times; within one second, what others rest on comes first.
  public func lines() -> [CustodyLine] {
    let forks = Set(chainFaults.filter { $0.fault == .fork }.map(\.file))
    let latecomers = Set(late.map(\.note))
    let strange = Set(unknown.map(\.note))
    let voided = Set(void.map(\.note))
    let told = entries + late + unknown + void
    let depth = CausalDepth(told)
    let all = told.sorted { left, right in
      guard left.entry.time == right.entry.time else { return left.entry.time < right.entry.time }
      return (depth.of(left), left.entry.author, left.entry.seq, left.note) < (
        depth.of(right), right.entry.author, right.entry.seq, right.note
      )
    }
    return all.map { one in
      var marks: [CustodyLine.Mark] = []
      if latecomers.contains(one.note) { marks.append(.late) }
      if forks.contains(one.file) { marks.append(.fork) }
      if strange.contains(one.note) { marks.append(.unknown) }
      if voided.contains(one.note) { marks.append(.void) }
      return line(one, marks)
    }
  }

  private func line(_ one: VerifiedEntry, _ marks: [CustodyLine.Mark]) -> CustodyLine {
    var subject = Subject()
    // What does not parse was refused and is not here; a late entry may be anything.
    try? subject.read(one, in: vault)
    for record in subject.records {
      if let history = records[record], !subject.cases.contains(history.caseID) { subject.cases.append(history.caseID) }
    }
    return CustodyLine(
      entry: one, cases: subject.cases, records: subject.records, members: subject.members, request: subject.request,
      kit: subject.kit, layer: subject.layer, reason: subject.reason, marks: marks)
  }
}

/// What an entry is about.
private struct Subject {
  var cases: [ThingID] = []
  var records: [ThingID] = []
  var members: [SHA256Hash] = []
  var request: SHA256Hash?
  var kit: SHA256Hash?
  var layer: Layer?
  var reason: String?

  mutating func read(_ one: VerifiedEntry, in vault: SHA256Hash) throws(RecordError) {
    let body = try one.entry.body
    switch one.entry.type {
    case .admit: members = [try Admission(body).card.member]
    case .remove, .suspend:
      let ending = try EndingBody(body)
      members = [ending.member]
      reason = ending.reason
    case .circle, .rotate: reason = try CircleBody(body).name
    case .handover: members = [try HandoverBody(body).member]
    case .succession: break
    case .case: cases = [try CaseBody(body).origin.id(.case, in: vault)]
    case .seal, .amend, .reseal:
      guard let head = one.manifest else { return }
      records = [ThingID(kind: .record, hash: head.record)]
      cases = [ThingID(kind: .case, hash: head.caseID)]
      reason = "version \(head.version)"
    case .relock: records = [ThingID(kind: .record, hash: try RelockBody(body).record)]
    case .open:
      switch try OpenBody(body) {
      case .layer(let layer, let record, _, let attachment, let request):
        records = [ThingID(kind: .record, hash: record)]
        self.layer = layer
        reason = attachment.map { "attachment sha256 \($0)" }
        self.request = request
      case .index(let circles, _): reason = "search index of \(circles.joined(separator: ", "))"
      }
    case .assess: records = [ThingID(kind: .record, hash: try ReviewBody(body).about)]
    case .propose: cases = [ThingID(kind: .case, hash: try ReviewBody(body).about)]
    case .grant:
      let grant = try GrantBody(body)
      records = [ThingID(kind: .record, hash: grant.record)]
      members = [grant.member]
      layer = grant.layer
    case .publish:
      let publish = try PublishBody(body)
      cases = [ThingID(kind: .case, hash: publish.caseID)]
      reason = "text \(publish.number)"
    case .adopt:
      let adopt = try AdoptBody(body)
      reason = "entry \(adopt.entry): \(adopt.reason)"
    case .quorum:
      let quorum = try QuorumBody(body)
      members = quorum.custodians
      reason = quorum.isAlone ? "1 of 1, alone" : "\(quorum.threshold) of \(quorum.custodians.count)"
    case .accept: reason = "policy \(try AcceptBody(body).policy)"
    case .replace:
      let replace = try ReplaceBody(body)
      members = [replace.successor]
      reason = "share \(replace.number)"
    case .drill:
      let drill = try DrillBody(body)
      members = drill.approvers
      request = drill.request
    case .request:
      let asked = try RequestBody(body, vault: vault)
      records = [ThingID(kind: .record, hash: asked.record)]
      request = one.note
      reason = asked.purpose
    case .approve: request = try ApproveBody(body).request
    case .deny:
      let deny = try DenyBody(body)
      request = deny.request
      reason = deny.reason
    case .cancel: request = try CancelBody(body).request
    case .kit: kit = try KitBody(body).kit
    case .kitRevoke: kit = try KitRevokeBody(body).kit
    case .worker:
      let worker = try WorkerBody(body)
      kit = worker.kit
      reason = worker.name
    case .note:
      let note = try NoteBody(body)
      records = [ThingID(kind: .record, hash: note.record)]
      if case .drop(_, _, let sender, let number) = note.source {
        kit = sender
        reason = ["number \(number)", note.reason].compactMap { $0 }.joined(separator: ", ")
      } else {
        reason = ["unsigned", note.reason].compactMap { $0 }.joined(separator: ", ")
      }
    case .intake:
      let intake = try IntakeBody(body)
      kit = intake.kit
      reason = "receipt for \(intake.drops.count)"
    case .unknown: break
    }
  }
}
