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

  /// The key hashes of everybody who holds, or has held, one share: old copies of it still count. Beside those whom the log
  /// names, members with the same age key: somebody whose key was restored from paper, and who signs with a new one. Anybody
  /// can put another's recipient on a card: what they send is believed for the share in it alone.
  func holders(of number: Int, _ policy: Policy) -> [SHA256Hash] {
    let all = named(number, policy)
    return all + all.flatMap { roster.restored($0).map(\.key) }
  }

  /// Whom the policy names, and those to whom shares were handed on, one after another.
  func named(_ number: Int, _ policy: Policy) -> [SHA256Hash] {
    guard policy.body.custodians.indices.contains(number - 1) else { return [] }
    return [policy.body.custodians[number - 1]] + (successors[Place(policy: policy.note, number: number)] ?? [])
  }

  /// Whether the log names a member for a share, now or earlier.
  func names(_ member: SHA256Hash, for share: ShareAddress) -> Bool {
    roster.policies[share.policy].map { named(share.number, $0).contains(member) } ?? false
  }

  /// The numbers of the shares that a member holds.
  func numbers(of member: SHA256Hash, _ policy: Policy) -> [Int] {
    (1...policy.body.custodians.count).filter { holders(of: $0, policy).contains(member) }
  }

  /// Who holds a share now: the last to whom it was handed on.
  func holder(of number: Int, _ policy: Policy) -> SHA256Hash? { named(number, policy).last }

  /// Whether a share is a member's, and was handed on to nobody.
  func isOnly(_ member: SHA256Hash, of number: Int, _ policy: Policy) -> Bool { named(number, policy) == [member] }

  /// Whether somebody, with any device, holds or held a share of the policy with another number.
  func holdsAnother(_ member: SHA256Hash, than number: Int, _ policy: Policy) -> Bool {
    let person = roster.person(of: member)
    return (1...policy.body.custodians.count).contains { other in
      other != number && named(other, policy).contains { roster.person(of: $0) == person }
    }
  }

  /// Whether these members, whoever of them left since, held as many shares as the policy asks for, as the log names them:
  /// each person one, and each share once.
  func areQuorum(_ members: Set<SHA256Hash>, of policy: Policy) -> Bool {
    var numbers: Set<Int> = []
    var persons: Set<SHA256Hash> = []
    for member in members.sorted() {
      let own = (1...policy.body.custodians.count).first { number in
        !numbers.contains(number) && named(number, policy).contains(member)
      }
      guard let number = own,
        persons.insert(roster.person(of: member)).inserted
      else { continue }
      numbers.insert(number)
    }
    return numbers.count >= policy.body.threshold
  }

  /// The name of another device of the same person, which holds a share.
  func otherDevice(of member: SHA256Hash, _ policy: Policy) -> String? {
    let person = roster.person(of: member)
    let holders = (1...policy.body.custodians.count).flatMap { self.holders(of: $0, policy) }
    return holders.first { $0 != member && roster.person(of: $0) == person }.flatMap { roster.members[$0]?.name }
  }
}

extension Roster {
  /// Other members whose card has the age key of somebody who left, and whom the founder admitted as the same person: a key
  /// that was restored from paper.
  func restored(_ member: SHA256Hash) -> [Member] {
    guard let lost = members[member], !lost.isActive else { return [] }
    return members.values.filter { one in
      one.key != member && one.admission.card.recipient == lost.admission.card.recipient
        && person(of: one.key) == person(of: member)
    }.sorted { $0.key < $1.key }
  }
}
