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
  /// For every record under an earlier policy, or, with names, one under which `old` holds a share: asks the quorum for the
  /// keys, or, where it has approved that, splits them under the policy in force, which has `new`. Each opening is in the
  /// log as the caller's; nothing is shown.
  public func splitAnew(from old: String? = nil, to new: String? = nil, rehearsing: Bool = false) throws(VaultError)
    -> SplitAnew
  {
    try requirePublisher()
    let policy = try activeQuorum().policy
    if let old, let new { try checkReplacing(old, with: new) }
    try sealingQuorum()
    let former = old.flatMap { log.roster.member(named: $0)?.key }
    var done = SplitAnew()
    for record in try records(outside: policy, heldBy: former) {
      do throws(VaultError) {
        let purpose =
          if let old, let new { "to split its key anew: \(new) holds a share in the place of \(old)" } else {
            "to split its key anew, under the quorum that is in force now"
          }
        try splitAnew(record, under: policy, purpose, rehearsing, &done)
      } catch {
        if case .interrupted = error { throw error }
        done.failed.append((record, error))
      }
    }
    return done
  }

  /// Whether the policy in force has one custodian in the place of another.
  private func checkReplacing(_ old: String, with new: String) throws(VaultError) {
    guard let former = log.roster.member(named: old) else { throw .noSuchMember(old) }
    guard let next = log.roster.member(named: new) else { throw .noSuchMember(new) }
    let quorum = try activeQuorum()
    guard quorum.holders.contains(where: { $0.member.key == next.key }),
      !quorum.policy.body.custodians.contains(former.key)
    else { throw .quorum(.lacks(old, new)) }
  }

  /// Records of which some version's identity is under another policy: one under which somebody holds a share, or any.
  private func records(outside current: Policy, heldBy member: SHA256Hash?) throws(VaultError) -> [ThingID] {
    let (trust, holders) = (LockTrust(self), ShareHolders(log))
    var records: [ThingID] = []
    for (record, history) in log.records.sorted(by: { $0.key < $1.key }) {
      for version in history.versions {
        guard case .quorum(let note) = try trust.policy(of: version), note != current.note,
          let policy = log.roster.policies[note]
        else { continue }
        if let member, holders.numbers(of: member, policy).isEmpty { continue }
        records.append(record)
        break
      }
    }
    return records
  }

  private func splitAnew(
    _ record: ThingID, under policy: Policy, _ purpose: String, _ rehearsing: Bool, _ done: inout SplitAnew
  ) throws(VaultError) {
    let own = try requestStandings().last { one in
      one.record == record && one.history.requester == key.hash && one.history.body.split == policy.note
        && one.isPending && isHeld(one.history.note)
    }
    guard let own else {
      if rehearsing { return done.wouldRequest.append(record) }
      var draft = RequestDraft(
        record: record, purpose: purpose,
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
      record, splitting: .approved(by: own.history.note, keys: keys), by: own.history)
    if let failure = outcome.failed.first { throw failure.error }
    done.all.append(SplitAnew.One(record: record, request: own.id, state: .split))
  }

  private static let splitDays: Int64 = 30
}

extension RequestStanding {
  /// Whether it can still be answered or opened.
  fileprivate var isPending: Bool { state == .open || state == .approved }
}
