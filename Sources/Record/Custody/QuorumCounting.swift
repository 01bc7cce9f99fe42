import Sodium

// Which policies and accepts count. Each is judged at its own point: by the members as its author knew them.
extension RosterHistory {
  /// A policy names active custodians, each person once, by names that nobody confuses; the one who opens alone may be
  /// counsel.
  mutating func countQuorums() {
    for place in counts.sorted() {
      guard case .quorum(let body) = acts[place] else { continue }
      let cut = past.pasts[place]
      let custodians = body.custodians.compactMap { member($0, at: cut) }
      let areHolders = custodians.allSatisfy { $0.holds(.custodian) || body.isAlone && $0.holds(.counsel) }
      let people = Set(custodians.map { person(of: $0.key, at: cut) })
      let names = Set(custodians.map { Folding.fold($0.admission.displayName) })
      if custodians.count < body.custodians.count || !areHolders || people.count < custodians.count
        || names.count < custodians.count
      {
        refuse(place, .role)
      }
    }
  }

  /// An accept counts where its author is active. What ended them later takes no accept back: a policy that all custodians
  /// have taken on does not fall because one of them left, and whoever ends somebody could end a policy with it.
  mutating func countAccepts() {
    var quorums: [SHA256Hash: (place: Int, body: QuorumBody)] = [:]
    for place in counts {
      if case .quorum(let body) = acts[place] { quorums[past.entries[place].note] = (place, body) }
    }
    let beside = Dictionary(grouping: quorums.values, by: \.body.previous)
    var first: [Said: Int] = [:]
    for place in counts.sorted() {
      guard case .accept(let body, let author) = acts[place] else { continue }
      let cut = past.pasts[place]
      guard let policy = quorums[body.policy], cut.contains(policy.place) else {
        refuse(place, .unknownRequest)
        continue
      }
      let before = policy.body.previous.flatMap { quorums[$0] }
      let isOwn = policy.body.custodians.contains(author) || before?.body.custodians.contains(author) ?? false
      // Of two policies beside each other, custodians of one let it go by accepting the other.
      let isBeside = {
        (beside[policy.body.previous] ?? []).contains { cut.contains($0.place) && $0.body.custodians.contains(author) }
      }
      guard member(author, at: cut)?.isActive ?? false, isOwn || isBeside() else {
        refuse(place, .role)
        continue
      }
      // Said again, it brings nothing, and a thousand of them nothing to compute.
      let said = Said(policy: body.policy, author: author)
      if let earlier = first[said], cut.contains(earlier) { forget(place) } else { first[said] = first[said] ?? place }
    }
  }

  private struct Said: Hashable {
    let policy: SHA256Hash
    let author: SHA256Hash
  }
}
