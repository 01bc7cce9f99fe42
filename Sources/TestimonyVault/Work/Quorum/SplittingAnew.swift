import Platform
public import Record
import Sodium

/// How far a counsel has come who splits keys anew, so that somebody holds no share any more.
public struct SplitAnew: Sendable {
  public enum State: Sendable {
    case split
    case requested
    /// Who has approved, and how many are needed.
    case waiting(approved: [String], need: Int)
  }

  public struct One: Sendable {
    public let record: ThingID
    /// The request by which a quorum gives the keys.
    public let request: ThingID
    public let state: State
  }

  public internal(set) var all: [One] = []
  /// Records whose keys could not be split now.
  public internal(set) var failed: [(record: ThingID, error: VaultError)] = []
  /// What a rehearsal would do: ask for, and split.
  public internal(set) var wouldRequest: [ThingID] = []
  public internal(set) var wouldSplit: [ThingID] = []
}

extension Session {
  /// For every record under a policy in which `old` holds a share: asks the quorum for the keys, or, where it has approved
  /// that, splits them under the policy in force, which has `new`. Each opening is in the log as the caller's; nothing is
  /// shown.
  public func splitAnew(from old: String, to new: String, rehearsing: Bool = false) throws(VaultError) -> SplitAnew {
    try requirePublisher()
    let policy = try replacing(old, with: new)
    try sealingQuorum()
    var done = SplitAnew()
    for record in try recordsUnder(old, besides: policy) {
      do throws(VaultError) {
        try splitAnew(record, under: policy, old, new, rehearsing, &done)
      } catch {
        if case .interrupted = error { throw error }
        done.failed.append((record, error))
      }
    }
    return done
  }

  /// The policy in force, which has one custodian in the place of another.
  private func replacing(_ old: String, with new: String) throws(VaultError) -> Policy {
    guard let former = log.roster.member(named: old) else { throw .noSuchMember(old) }
    guard let next = log.roster.member(named: new) else { throw .noSuchMember(new) }
    let quorum = try activeQuorum()
    let holders = Set(quorum.holders.map(\.member.key))
    guard holders.contains(next.key), !quorum.policy.body.custodians.contains(former.key) else {
      throw .quorum(.lacks(old, new))
    }
    return quorum.policy
  }

  /// Records of which some version's identity is under a policy that names somebody.
  private func recordsUnder(_ name: String, besides current: Policy) throws(VaultError) -> [ThingID] {
    guard let former = log.roster.member(named: name) else { throw .noSuchMember(name) }
    let trust = LockTrust(self)
    var records: [ThingID] = []
    for (record, history) in log.records.sorted(by: { $0.key < $1.key }) {
      for version in history.versions {
        guard case .quorum(let note) = try trust.policy(of: version), note != current.note,
          log.roster.policies[note]?.body.custodians.contains(former.key) ?? false
        else { continue }
        records.append(record)
        break
      }
    }
    return records
  }

  private func splitAnew(
    _ record: ThingID, under policy: Policy, _ old: String, _ new: String, _ rehearsing: Bool, _ done: inout SplitAnew
  ) throws(VaultError) {
    let own = try requestStandings().last { one in
      one.record == record && one.history.requester == key.hash && one.history.body.split == policy.note
        && one.isPending && seen.requests.contains { $0.note == one.history.note }
    }
    guard let own else {
      if rehearsing { return done.wouldRequest.append(record) }
      var draft = RequestDraft(
        record: record, purpose: "to split its key anew: \(new) holds a share in the place of \(old)",
        until: ClaimedTime(clamping: SystemClock.now() + Self.splitDays * 86_400))
      draft.split = policy.note
      let asked = try request(draft)
      return done.all.append(SplitAnew.One(record: record, request: asked.id, state: .requested))
    }
    guard own.state == .approved else {
      let state = SplitAnew.State.waiting(approved: own.approved, need: own.need)
      return done.all.append(SplitAnew.One(record: record, request: own.id, state: state))
    }
    if rehearsing { return done.wouldSplit.append(record) }
    let keys = try identityKeys(of: own)
    let outcome = try relock(
      record, splitting: .approved(by: own.history.note, keys: keys), forgetting: own.history.note)
    if let failure = outcome.failed.first { throw failure.error }
    done.all.append(SplitAnew.One(record: record, request: own.id, state: .split))
  }

  private static let splitDays: Int64 = 30
}

extension RequestStanding {
  /// Whether it can still be answered or opened.
  fileprivate var isPending: Bool { state == .open || state == .approved }
}
