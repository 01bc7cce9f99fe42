import Age
import Platform
import Publishing
public import Record
public import Sodium

/// One version of a record whose lock files are, or would be, made anew.
public struct Relocked: Sendable {
  public let record: ThingID
  /// The version's label.
  public let label: String
  /// How many lock files are replaced, grants included.
  public let replaced: Int
  /// The names of those who keep their grants, and of those who lose them.
  public let granted: [String]
  public let dropped: [String]
}

/// What a `relock` did.
public struct RelockOutcome: Sendable {
  public var relocked: [Relocked] = []
  /// Records whose locks are those that hold now.
  public var current: [ThingID] = []
  /// Records that could not be done: one of their lock files is damaged, or not here.
  public var failed: [(record: ThingID, error: VaultError)] = []
  public var ending = Replaced()
}

extension Session {
  /// Writes new lock files for records, to the circles' epochs that hold now, and destroys the old ones: a `relock` entry
  /// for each version, then the signed `gone` note, then the files. What an interrupted run left is finished first.
  ///
  /// - Parameters:
  ///   - records: which; nil for all, of which those that cannot be done are told and passed over.
  ///   - force: those too whose locks are current.
  ///   - quorum: those too whose identity is the caller's alone: its key is split under the policy in force.
  ///   - rehearsing: nothing is written.
  ///   - confirmed: others' entries whose end the caller signs too (`replacedByOthers`).
  public func relock(
    _ records: [ThingID]?, force: Bool = false, quorum: Bool = false, rehearsing: Bool = false,
    confirmed: Set<SHA256Hash> = []
  ) throws(VaultError) -> RelockOutcome {
    try requirePublisher()
    if rehearsing {
      var outcome = RelockOutcome()
      _ = try plans(records, force, quorum ? .alone : nil, &outcome)
      return outcome
    }
    var outcome = try write(many: true) { writing in
      var outcome = RelockOutcome()
      let splitting = quorum ? try IdentitySplitting(self) : nil
      for plan in try self.plans(records, force, quorum ? .alone : nil, &outcome) {
        try plan.stage(self, splitting, in: &writing)
      }
      return outcome
    }
    outcome.ending = try settleReplaced(of: records.map { Set($0) }, confirmed: confirmed)
    return outcome
  }

  /// Splits the identities of one record under the policy in force, with keys that a quorum gave for that.
  func relock(_ record: ThingID, splitting keys: SplitKeys, by request: RequestHistory) throws(VaultError)
    -> RelockOutcome
  {
    try requirePublisher()
    var outcome = try write(many: true) { writing in
      try self.checkOpeningInTurn(of: request.id)
      var outcome = RelockOutcome()
      let splitting = try IdentitySplitting(self)
      for plan in try self.plans([record], false, keys, &outcome) { try plan.stage(self, splitting, in: &writing) }
      writing.chain.seen.dropFreshKeys(of: [request.note])
      return outcome
    }
    try dropAfterOpening(request.id, request.note)
    outcome.ending = try settleReplaced(of: [record], confirmed: [])
    return outcome
  }

  private func plans(
    _ records: [ThingID]?, _ force: Bool, _ keys: SplitKeys?, _ outcome: inout RelockOutcome
  ) throws(VaultError) -> [RelockPlan] {
    let grants = StandingGrants(log)
    let proof = try SuccessorProof(self)
    var all: [RelockPlan] = []
    for record in records ?? log.records.keys.sorted() {
      do throws(VaultError) {
        let plans = try RelockPlan.of(record, self, grants, proof, force: force, keys)
        if plans.isEmpty { outcome.current.append(record) }
        outcome.relocked += plans.map { $0.told(self) }
        all += plans
      } catch {
        guard records == nil else { throw error }
        if case .interrupted = error { throw error }
        outcome.failed.append((record, error))
      }
    }
    return all
  }

  /// Whoever signs in public that something is gone is counsel, with the number that the founder gave.
  @discardableResult
  func requirePublisher() throws(VaultError) -> Int {
    try require(.counsel)
    guard let number = publisherNumber, open.keys?.publishers[number] == key.publisher.verifyingKey else {
      throw .needsRole(.counsel)
    }
    return number
  }
}

/// What is to be done for one version.
private struct RelockPlan {
  let record: ThingID
  let version: SealedVersion
  let renewal: LockRenewal
  /// The locks of the identity that a new lock file carries on.
  let identity: [LocksNote.Lock]
  /// Those that are replaced.
  let stale: [SHA256Hash]
  /// A lock file that is good as it is; nil where a new one is made.
  let kept: SHA256Hash?
  /// Grants that are given anew or end with their lock files.
  let grants: [GrantBody]
  /// The key of the identity, to be split under a policy.
  let splits: NativeIdentity?
  /// By which request the caller has it.
  let request: SHA256Hash?

  /// The versions of a record that need it. Their keys are opened here, so that one bad record does not stop the others.
  static func of(
    _ record: ThingID, _ session: Session, _ grants: StandingGrants, _ proof: SuccessorProof, force: Bool,
    _ keys: SplitKeys?
  ) throws(VaultError) -> [RelockPlan] {
    let renewal = try LockRenewal(session, of: record)
    let reader = try session.reader()
    let index = reader.locks
    var plans: [RelockPlan] = []
    for version in try session.history(of: record).versions {
      let found = index.found(version.note).filter { $0.epoch != nil }
      guard !found.isEmpty else { throw .missing(Place("the lock file of \(record.shown())")) }
      let ended = grants.ended(version.note)
      let good = found.filter { one in
        renewal.isCurrent(one) && !ended.contains(one.file)
          && (try? proof.lock(one.file, of: record, version)) != nil
      }.map(\.file)
      if Interruption.requested { throw .interrupted }
      let splits = try keys?.key(of: version, record, session, renewal.trust, found)
      let kept = force || splits != nil ? nil : good.first
      // Beside a good one, what a relock replaced already awaits its end, and needs no second one.
      let stale = found.map(\.file).filter { kept == nil || !good.contains($0) && !ended.contains($0) }
      let standing = grants.of(version.note)
      let gone = kept == nil ? standing : standing.filter { !renewal.isEntitled($0) }
      if kept != nil, stale.isEmpty, gone.isEmpty { continue }
      var identity: [LocksNote.Lock] = []
      if kept == nil {
        if splits == nil { identity = try renewal.identityLocks(of: version, in: found) }
        for layer in [Layer.summary, .testimony] { _ = try reader.layerKey(layer, of: record, version) }
      }
      plans.append(
        RelockPlan(
          record: record, version: version, renewal: renewal, identity: identity, stale: stale, kept: kept,
          grants: gone, splits: splits, request: keys?.request))
    }
    return plans
  }

  func stage(_ session: Session, _ splitting: IdentitySplitting?, in writing: inout Writing) throws(VaultError) {
    var new = kept.map { [$0] } ?? []
    var identity = identity
    var policy: SHA256Hash?
    if let splits, let splitting {
      // To split a key is to have had it: the log says so first.
      try session.stageOpening(of: record, [version], request: request, in: &writing)
      let manifest = try version.checkedManifest()
      identity = try splitting.locks(
        of: splits, record: record.hash, version: manifest.version,
        object: manifest.layers[.identity]?.object ?? record.hash)
      policy = splitting.policy
    }
    if kept == nil {
      let reader = try session.reader()
      let summary = try reader.layerKey(.summary, of: record, version)
      let testimony = try reader.layerKey(.testimony, of: record, version)
      let file = try renewal.lockFile(
        manifest: version.note, summary: summary, testimony: testimony, identity: identity)
      new.append(try writing.objects.stage(.locks, file).hash)
      new += try renewal.stage(
        grants, manifest: version.note, summary: summary, testimony: testimony, in: &writing)
    }
    let body = RelockBody(
      record: record.hash, manifest: version.note, old: stale + grants.map(\.lock).sorted(), new: new,
      policy: policy)
    try writing.stage(
      writing.chain.entry(
        .relock, by: session.key.signing, to: renewal.reviewers.body, renewal.reviewers.recipient, body: body.json))
  }

  func told(_ session: Session) -> Relocked {
    func names(_ grants: [GrantBody]) -> [String] {
      Set(grants.map { session.log.roster.members[$0.member]?.name ?? $0.member.description }).sorted()
    }
    let label = session.log.records[record]?.label(version) ?? String(version.head.version)
    return Relocked(
      record: record, label: label, replaced: stale.count + grants.count,
      granted: names(grants.filter { kept == nil && renewal.isEntitled($0) }),
      dropped: names(grants.filter { !renewal.isEntitled($0) }))
  }
}
