import Age
import Platform
import Record
import Sodium

/// The identities of a request, opened and checked in memory: nothing of it is shown before it is recorded.
public struct OpenedIdentities: Sendable {
  public let request: RequestStanding
  /// In the request's order. One that could not be opened says why.
  public let versions: [VersionRead]
  /// The names, and the key hashes, of those whose shares opened them.
  public let approvers: [String]
  let approverKeys: [SHA256Hash]
  /// Who sent or signed what is not good, though others' shares opened it.
  public let accused: [Accusation]
  /// The labels of versions that were sealed since: they need a request of their own.
  public let later: [String]
}

extension Session {
  /// Throws where the caller cannot open a request, whatever its approvals are. Nothing is written, and no key destroyed.
  public func checkOpening(of standing: RequestStanding) throws(VaultError) {
    let request = standing.history
    guard request.requester == key.hash else {
      throw .request(standing.id, .othersRequest(standing.requester))
    }
    if let ended = requesterEnded(request.requester) { throw .request(standing.id, ended) }
    // Whoever was removed is not told so: the entry is sealed to the key that they were not given.
    do throws(VaultError) { _ = try circle(CircleName.members) } catch { throw .request(standing.id, .membersMovedOn) }
    let isHeld = isHeld(request.note)
    // A run that was cut short behind its entry showed nothing: its key is still here.
    if case .opened(let time) = standing.state, !isHeld { throw .request(standing.id, .opened(time)) }
    if case .opened = standing.state {} else { try requireOpen(standing) }
    if !isHeld { throw .request(standing.id, waitingOpening(of: request.note).map { .opened($0) } ?? .noFreshKey) }
  }

  /// Whether a request may be opened now, looked at anew: in this device's turn, when its memory and the log were just read.
  func checkOpeningInTurn(of id: ThingID) throws(VaultError) {
    try checkOpening(of: findRequest(id.hash.description))
  }

  /// When a request was opened of which the entry still waits for a vault that can be written.
  private func waitingOpening(of request: SHA256Hash) -> ClaimedTime? {
    seen.waiting.first { one in
      if case .layer(.identity, _, _, _, request)? = try? OpenBody(one.body) { true } else { false }
    }?.time
  }

  /// Opens the identities of an own request with what its custodians sent, in memory.
  ///
  /// - Parameter partly: those of some versions too, where those of others cannot be opened. The request ends with it.
  public func openIdentities(of standing: RequestStanding, partly: Bool = false) throws(VaultError) -> OpenedIdentities
  {
    try checkOpening(of: standing)
    let request = standing.history
    // A key that is asked for to be split anew is not shown.
    guard request.body.split == nil else { throw .request(standing.id, .splitsOnly) }
    guard let fresh = seen.freshKey(of: request.note, with: key) else { throw .request(standing.id, .noFreshKey) }
    let reading = try ApprovalReading(request, with: fresh, self)
    var accused = reading.accused
    var approvers: Set<SHA256Hash> = []
    var versions: [VersionRead] = []
    for (identity, shares) in zip(request.body.identities, reading.shares) {
      let outcome = try combine(shares, of: identity, in: standing)
      switch outcome {
      case .key(let key, let liars):
        accused += liars.filter { !accused.contains($0) }
        approvers.formUnion(shares.map(\.holder))
        versions.append(try read(identity, of: standing.record, with: key))
      case .short, .wrong:
        let failure = failure(outcome, of: identity, in: standing, accused)
        guard partly else { throw failure }
        versions.append(try read(identity, of: standing.record, failing: failure))
      }
    }
    guard versions.contains(where: { $0.opened != nil }) else {
      throw versions.compactMap(\.failure).first ?? .request(standing.id, .noShare)
    }
    if !partly, let failure = versions.compactMap(\.failure).first { throw failure }
    let asked = Set(versions.map(\.version.note))
    let history = try history(of: standing.record)
    return OpenedIdentities(
      request: standing, versions: versions, approvers: approvers.map { name(of: $0) }.sorted(),
      approverKeys: approvers.sorted(), accused: accused,
      later: history.versions.filter { !asked.contains($0.note) }.map { history.label($0) })
  }

  /// The keys of all identities of an own request, and who sent or signed what is not good.
  func identityKeys(of standing: RequestStanding) throws(VaultError) -> [SHA256Hash: NativeIdentity] {
    try checkOpening(of: standing)
    let request = standing.history
    guard let fresh = seen.freshKey(of: request.note, with: key) else { throw .request(standing.id, .noFreshKey) }
    let reading = try ApprovalReading(request, with: fresh, self)
    var keys: [SHA256Hash: NativeIdentity] = [:]
    for (identity, shares) in zip(request.body.identities, reading.shares) {
      let outcome = try combine(shares, of: identity, in: standing)
      guard case .key(let key, _) = outcome else {
        throw failure(outcome, of: identity, in: standing, reading.accused)
      }
      keys[try version(of: identity, standing.record).note] = key
    }
    return keys
  }

  private func combine(
    _ shares: [ApprovalReading.Share], of identity: RequestBody.Identity, in standing: RequestStanding
  ) throws(VaultError) -> ShareCombining.Outcome {
    guard let policy = log.roster.policies[identity.policy] else { throw .request(standing.id, .unknownPolicy) }
    return ShareCombining(
      kind: kind, threshold: policy.body.threshold, recipient: identity.recipient, version: identity.version,
      name: { self.name(of: $0) }
    ).combine(shares)
  }

  private func failure(
    _ outcome: ShareCombining.Outcome, of identity: RequestBody.Identity, in standing: RequestStanding,
    _ known: [Accusation]
  ) -> VaultError {
    let need = log.roster.policies[identity.policy]?.body.threshold ?? 0
    switch outcome {
    case .short(let have, let liars):
      let accused = known + liars.filter { !known.contains($0) }
      return .request(
        standing.id,
        .tooFew(
          Shortfall(
            have: have, need: need, missing: standing.missing, ended: standing.ended,
            accused: accused.filter { $0.version == identity.version })))
    case .wrong(let liars): return .shares(standing.id, liars)
    case .key: return .request(standing.id, .noShare)
    }
  }

  /// One version's identity, opened with its key: checked against what the manifest says of it now.
  private func read(_ identity: RequestBody.Identity, of record: ThingID, with key: NativeIdentity) throws(VaultError)
    -> VersionRead
  {
    let version = try version(of: identity, record)
    let layer = try version.checkedManifest().layers[.identity]
    guard layer?.object == identity.object, layer?.recipient == identity.recipient else {
      throw .damaged(Place(ObjectPlace(.log, version.entry.file).description), .otherKey)
    }
    do throws(VaultError) {
      let opened = try reader().open(.identity, of: record, version, with: key)
      return try read(version, of: record, opened, nil)
    } catch { return try read(version, of: record, nil, error) }
  }

  private func read(_ identity: RequestBody.Identity, of record: ThingID, failing failure: VaultError)
    throws(VaultError) -> VersionRead
  {
    try read(version(of: identity, record), of: record, nil, failure)
  }

  private func read(
    _ version: SealedVersion, of record: ThingID, _ opened: OpenedLayer?, _ failure: VaultError?
  ) throws(VaultError) -> VersionRead {
    let entry = version.first(in: log)
    return VersionRead(
      version: version, label: try history(of: record).label(version), author: log.roster.members[entry.author]?.name,
      time: entry.time, opened: opened, failure: failure)
  }

  /// The version that a request names, as it holds now: a reseal leaves the identity as it is.
  private func version(of identity: RequestBody.Identity, _ record: ThingID) throws(VaultError) -> SealedVersion {
    let history = try history(of: record)
    guard let version = history.versions.first(where: { $0.note == history.standing[identity.manifest] }) else {
      throw .notHere(record.shown())
    }
    return version
  }
}
