import Record
import Sodium

/// Who holds which share of a policy: whom it names, and those to whom shares were handed on since.
struct ShareHolders {
  private var successors: [Place: [SHA256Hash]] = [:]
  private let roster: Roster

  private struct Place: Hashable {
    let policy: SHA256Hash
    let number: Int
  }

  init(_ log: CustodyLog) {
    roster = log.roster
    for one in log.entries where one.entry.type == .replace {
      guard let json = try? one.entry.body, let body = try? ReplaceBody(json) else { continue }
      successors[Place(policy: body.policy, number: body.number), default: []].append(body.successor)
    }
  }

  /// The key hashes of everybody who holds, or has held, one share: old copies of it still count.
  func holders(of number: Int, _ policy: Policy) -> [SHA256Hash] {
    guard policy.body.custodians.indices.contains(number - 1) else { return [] }
    let first = policy.body.custodians[number - 1]
    let all = [first] + (successors[Place(policy: policy.note, number: number)] ?? []).filter { $0 != first }
    return all + all.flatMap(restored)
  }

  /// Members with the same age key: somebody whose key was restored from paper, and who signs with a new one.
  private func restored(_ member: SHA256Hash) -> [SHA256Hash] {
    guard let recipient = roster.members[member]?.admission.card.recipient else { return [] }
    return roster.members.values.filter { $0.key != member && $0.admission.card.recipient == recipient }.map(\.key)
      .sorted()
  }

  /// The numbers of the shares that a member holds.
  func numbers(of member: SHA256Hash, _ policy: Policy) -> [Int] {
    (1...policy.body.custodians.count).filter { holders(of: $0, policy).contains(member) }
  }

  /// The name of another device of the same person, which holds a share.
  func otherDevice(of member: SHA256Hash, _ policy: Policy) -> String? {
    let person = roster.person(of: member)
    let holders = (1...policy.body.custodians.count).flatMap { self.holders(of: $0, policy) }
    return holders.first { $0 != member && roster.person(of: $0) == person }.flatMap { roster.members[$0]?.name }
  }
}
