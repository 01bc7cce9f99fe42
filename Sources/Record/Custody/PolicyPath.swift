import Sodium
import Synchronization

/// Which policies count: of those that change none a complete one, and behind each the complete one that changes it
/// (PROTOCOL, quorum). A policy is complete with an accept from each of its custodians and, where it changes one, from
/// `threshold` of the outgoing.
///
/// Whoever holds the founder's key can state a policy today as if it were years old. Where two complete ones stand beside
/// each other, the one that a quorum of the other accepted too holds; where there is none such, neither does. So nobody's
/// identities go to other hands without a quorum's word, and what is left to a hostile founder is to stop the sealing.
struct PolicyPath: Sendable {
  struct Settled {
    var policies: [SHA256Hash: Policy] = [:]
    var path: [SHA256Hash] = []
    /// Complete ones beside each other of which none holds.
    var contested: [SHA256Hash] = []
  }

  private struct Stated {
    let place: Int
    let past: Cut
    var policy: Policy
    /// Where the accepts of each author stand.
    var accepts: [SHA256Hash: [Int]] = [:]

    var note: SHA256Hash { policy.note }
  }

  private var stated: [Stated] = []
  /// By note hash, as they were stated.
  private(set) var bodies: [SHA256Hash: QuorumBody] = [:]
  private var accepts: [(body: AcceptBody, author: SHA256Hash, place: Int, past: Cut)] = []

  mutating func state(_ body: QuorumBody, place: Int, note: SHA256Hash, knowing past: Cut) {
    bodies[note] = body
    stated.append(Stated(place: place, past: past, policy: Policy(note: note, body: body)))
  }

  mutating func accept(_ body: AcceptBody, by author: SHA256Hash, place: Int, knowing past: Cut) {
    accepts.append((body, author, place, past))
  }

  func settle() -> Settled {
    let all = Dictionary(grouping: withAccepts(), by: \.policy.body.previous)
    var settled = Settled()
    for one in all.values.joined() { settled.policies[one.note] = one.policy }
    var before: Stated?
    while true {
      let complete = (all[before?.note] ?? []).filter { isComplete($0, behind: before) }
      // Whoever states a policy and knows that another one counts already has to name it.
      let candidates = complete.filter { one in
        !complete.contains { other in
          one.past.contains(other.place) && isComplete(other, behind: before, knownAt: one.past)
        }
      }
      guard let next = prevailing(candidates) else {
        settled.contested = candidates.map(\.note).sorted()
        return settled
      }
      settled.path.append(next.note)
      before = next
    }
  }

  private func withAccepts() -> [Stated] {
    var all = stated
    let places = Dictionary(all.indices.map { (all[$0].note, $0) }) { first, _ in first }
    let beside = Dictionary(grouping: all, by: \.policy.body.previous)
    for (note, several) in Dictionary(grouping: accepts, by: \.body.policy) {
      guard let index = places[note] else { continue }
      let place = all[index].place
      let newer = (beside[all[index].policy.body.previous] ?? []).filter { $0.past.contains(place) }
      // Whoever accepted a policy, and knew that the founder had stated another one in its stead since, meant an old one.
      for accept in several where !newer.contains(where: { accept.past.contains($0.place) }) {
        all[index].policy.accepted.insert(accept.author)
        all[index].accepts[accept.author, default: []].append(accept.place)
      }
    }
    return all
  }

  private func isComplete(_ one: Stated, behind before: Stated?, knownAt cut: Cut? = nil) -> Bool {
    func hasAccepted(_ member: SHA256Hash) -> Bool {
      guard let places = one.accepts[member] else { return false }
      return cut.map { cut in places.contains { cut.contains($0) } } ?? true
    }
    guard one.policy.body.custodians.allSatisfy(hasAccepted) else { return false }
    guard let outgoing = before?.policy.body else { return true }
    return outgoing.custodians.filter(hasAccepted).count >= outgoing.threshold
  }

  /// Of complete policies beside each other the one that holds against every other; nil where there is none.
  private func prevailing(_ candidates: [Stated]) -> Stated? {
    guard var best = candidates.first else { return nil }
    for one in candidates.dropFirst() where holds(one, against: best) { best = one }
    return candidates.allSatisfy { $0.note == best.note || holds(best, against: $0) } ? best : nil
  }

  /// A quorum of the other one accepted this one too. Where both can say so, the one that was stated knowing of the other
  /// holds; where neither knew, the one with the lower hash.
  private func holds(_ one: Stated, against other: Stated) -> Bool {
    guard one.policy.outgoingLacking(other.policy) == 0 else { return false }
    if other.policy.outgoingLacking(one.policy) > 0 || one.past.contains(other.place) { return true }
    return !other.past.contains(one.place) && one.note < other.note
  }
}

/// The policies of one roster, settled when somebody asks: judging asks thousands of rosters for their members alone.
final class StatedPolicies: Sendable {
  let path: PolicyPath
  private let memory = Mutex<PolicyPath.Settled?>(nil)

  init(_ path: PolicyPath) { self.path = path }

  var settled: PolicyPath.Settled {
    memory.withLock { known in
      if let known { return known }
      let settled = path.settle()
      known = settled
      return settled
    }
  }
}
