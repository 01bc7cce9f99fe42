public import Sodium

/// A policy as the roster at one point shows it: who opens identities together, and who has accepted that.
public struct Policy: Sendable {
  /// The note hash of the `quorum` entry, which names the policy.
  public let note: SHA256Hash
  public let body: QuorumBody
  /// Who accepted it: own custodians, and those of the policy that it changes.
  public internal(set) var accepted: Set<SHA256Hash> = []

  init(note: SHA256Hash, body: QuorumBody) {
    self.note = note
    self.body = body
  }

  /// Custodians who have not accepted.
  public var waiting: [SHA256Hash] { body.custodians.filter { !accepted.contains($0) } }

  /// The share's number, from 1, of a custodian.
  public func number(of member: SHA256Hash) -> Int? { body.custodians.firstIndex(of: member).map { $0 + 1 } }

  /// How many custodians of the policy that this one changes have still to accept.
  public func outgoingLacking(_ before: Policy) -> Int {
    max(0, before.body.threshold - before.body.custodians.filter { accepted.contains($0) }.count)
  }
}

/// Which policies count: of those that change none the first that every custodian accepted; behind each the first complete
/// one that changes it (PROTOCOL, quorum).
struct PolicyPath {
  struct Stated {
    let place: Int
    let past: Cut
    var policy: Policy
  }

  private var stated: [Stated] = []
  private var accepts: [(body: AcceptBody, author: SHA256Hash, past: Cut)] = []

  mutating func state(_ body: QuorumBody, place: Int, note: SHA256Hash, knowing past: Cut) {
    stated.append(Stated(place: place, past: past, policy: Policy(note: note, body: body)))
  }

  mutating func accept(_ body: AcceptBody, by author: SHA256Hash, knowing past: Cut) {
    accepts.append((body, author, past))
  }

  func settle() -> (policies: [SHA256Hash: Policy], path: [SHA256Hash]) {
    var all = stated
    for index in all.indices {
      let one = all[index]
      for accept in accepts where accept.body.policy == one.policy.note && !isOutdated(one, accept.past) {
        all[index].policy.accepted.insert(accept.author)
      }
    }
    var path: [SHA256Hash] = []
    var before: Policy?
    while let next = first(all.filter { isComplete($0.policy, behind: before) }) {
      path.append(next.policy.note)
      before = next.policy
    }
    return (Dictionary(all.map { ($0.policy.note, $0.policy) }) { one, _ in one }, path)
  }

  /// Whoever accepted a first policy, and knew that the founder had stated another one since, meant an old one.
  private func isOutdated(_ one: Stated, _ knowing: Cut) -> Bool {
    guard one.policy.body.previous == nil else { return false }
    return stated.contains { other in
      other.policy.body.previous == nil && other.past.contains(one.place) && knowing.contains(other.place)
    }
  }

  private func isComplete(_ policy: Policy, behind before: Policy?) -> Bool {
    guard policy.body.previous == before?.note, policy.waiting.isEmpty else { return false }
    return before.map { policy.outgoingLacking($0) == 0 } ?? true
  }

  /// The first that was stated; of several that did not know of each other, the one with the lowest hash.
  private func first(_ several: [Stated]) -> Stated? {
    several.filter { one in !several.contains { one.past.contains($0.place) } }.min { $0.policy.note < $1.policy.note }
  }
}
