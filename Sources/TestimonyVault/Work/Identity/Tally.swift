import Record
import Sodium

/// Whose approvals of a request count, whatever is in them: each person's once, and of those who are active now.
struct Tally {
  private(set) var approved: [SHA256Hash] = []
  private(set) var ended: [SHA256Hash] = []
  /// Custodians who have neither approved nor denied.
  private(set) var missing: [SHA256Hash] = []
  private(set) var need = 0
  /// Of every identity as many as its policy needs.
  private(set) var isReached = true

  init(_ request: RequestHistory, _ log: CustodyLog) {
    let holders = ShareHolders(log)
    let active = { (key: SHA256Hash) in log.roster.members[key]?.isActive ?? false }
    let authors = request.approvals.map(\.entry.entry.author)
    var counted: Set<SHA256Hash> = []
    ended = Self.distinct(authors.filter { !active($0) })
    let answered = Set(authors + request.denials.map(\.entry.entry.author))
    for policy in Set(request.body.identities.map(\.policy)).sorted() {
      guard let policy = log.roster.policies[policy] else {
        isReached = false
        continue
      }
      need = max(need, policy.body.threshold)
      var numbers: Set<Int> = []
      var persons: Set<SHA256Hash> = []
      for author in authors where active(author) {
        guard let number = holders.numbers(of: author, policy).first(where: { !numbers.contains($0) }),
          persons.insert(log.roster.person(of: author)).inserted
        else { continue }
        numbers.insert(number)
        if counted.insert(author).inserted { approved.append(author) }
      }
      if numbers.count < policy.body.threshold { isReached = false }
      for number in 1...policy.body.custodians.count where !numbers.contains(number) {
        guard let last = holders.holders(of: number, policy).last(where: active), !answered.contains(last) else {
          continue
        }
        if !missing.contains(last) { missing.append(last) }
      }
    }
  }

  private static func distinct(_ keys: [SHA256Hash]) -> [SHA256Hash] {
    var seen: Set<SHA256Hash> = []
    return keys.filter { seen.insert($0).inserted }
  }
}
