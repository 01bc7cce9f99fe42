import Record
import Sodium
import Testing

/// What a hostile founder, counsel or custodian tries with policies; `asel`, `bolat` and `cholpon` are honest.
struct HostilePoliciesTests {
  let story: LogStory
  /// What was said before there was a policy.
  let before: Set<SHA256Hash>
  let policy: LogStory.Said

  init() throws {
    story = try LogStory()
    try story.admitCustodians(["asel", "bolat", "cholpon", "xenia", "yuri", "zhanar"])
    before = story.known
    policy = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
  }

  private func sayAsIfBefore(_ names: [String], threshold: Int = 2, chain: UInt8 = 100) throws -> LogStory.Said {
    story.pretend(story.founder, toKnow: before)
    let said = try story.quorum(threshold, of: names, chain: chain)
    story.comeOnline(story.founder)
    for name in names {
      story.pretend(story.key(name), toKnow: before.union([said.note]))
      try story.accept(said, by: [name], chain: chain)
      story.comeOnline(story.key(name))
    }
    return said
  }

  /// Back-dated, and with a hash as low as he likes: by himself the founder puts no policy in the place of another.
  @Test func aBackDatedPolicyOfFalseCustodiansTakesNothingOver() throws {
    for chain in UInt8(100)..<112 {
      let false1 = try sayAsIfBefore(["xenia", "yuri", "zhanar"], chain: chain)
      let roster = story.log().roster
      #expect(roster.policy == nil && roster.policyPath.isEmpty)
      #expect(roster.contestedPolicies.contains(false1.note) && roster.contestedPolicies.contains(policy.note))
    }
  }

  /// Fewer than a quorum beside the founder, each known to every sealing device.
  @Test func aBackDatedPolicyOfTwoOfFiveTakesNothingOver() throws {
    let five = ["asel", "bolat", "cholpon", "xenia", "yuri"]
    let large = try story.quorum(3, of: five, previous: policy)
    try story.accept(large, by: five)
    #expect(story.inForce == large.note)
    for chain in UInt8(100)..<106 {
      let small = try sayAsIfBefore(["xenia", "yuri"], chain: chain)
      #expect(story.inForce == nil && story.log().roster.contestedPolicies.contains(small.note))
    }
  }

  /// A quorum of the false one's custodians can let it go.
  @Test func contestedPoliciesAreSettledByTheOthersCustodians() throws {
    let late = try sayAsIfBefore(["xenia", "yuri", "zhanar"])
    #expect(story.inForce == nil)
    try story.accept(policy, by: ["xenia"])
    #expect(story.inForce == nil)
    let accept = try story.accept(policy, by: ["zhanar"])[0]
    let log = story.log()
    #expect(log.fault(accept) == nil && log.roster.policy?.note == policy.note && log.roster.contestedPolicies.isEmpty)
    #expect(log.roster.policies[late.note]?.waiting.isEmpty == true)
  }

  @Test func aFounderWhoPretendsNotToKnowThatOneCountsTakesNothingOver() throws {
    story.pretend(story.founder, toKnow: before.union([policy.note]))
    let second = try story.quorum(2, of: ["xenia", "yuri"])
    story.comeOnline(story.founder)
    try story.accept(second, by: ["xenia", "yuri"])
    let roster = story.log().roster
    #expect(roster.policy == nil && roster.contestedPolicies == [policy.note, second.note].sorted())
  }

  @Test(arguments: [true, false])
  func endingACustodianEndsNoPolicy(pretending: Bool) throws {
    for (by, type) in [(story.founder, EntryType.remove), (story.key("marat"), .suspend)] {
      if pretending { story.pretend(by, toKnow: before) }
      let body = EndingBody(member: story.hash(type == .remove ? "asel" : "bolat"), last: [], reason: "")
      try story.say(type, by: by, to: "members", body.json, chain: 50)
      story.comeOnline(by)
    }
    let log = story.log()
    #expect(log.roster.policy?.note == policy.note && log.roster.members[story.hash("asel")]?.isActive == false)
    #expect(log.roster.members[story.hash("bolat")]?.isActive == false)
  }

  /// An accept that says nothing of the ending is one that all others waited for, or one too many.
  @Test func whoWasRemovedAcceptsWhereTheyDoNotSayThatTheyKnow() throws {
    let second = try story.quorum(2, of: ["xenia", "yuri"], previous: policy)
    let until = story.known
    try story.accept(second, by: ["yuri", "asel"])
    try story.remove("xenia")
    try story.remove("bolat")
    let open = try story.accept(second, by: ["xenia"])[0]
    #expect(story.log().fault(open) == .role)
    story.pretend(story.key("bolat"), toKnow: until)
    try story.accept(second, by: ["bolat"], chain: 9)
    let log = story.log()
    #expect(log.roster.policy?.note == policy.note)
    #expect(log.roster.policies[second.note]?.waiting == [story.hash("xenia")])
  }

  /// One who let everybody wait, and accepts when the others have gone on without them.
  @Test func oneCustodianBringsNoOldPolicyBack() throws {
    let story = try LogStory()
    try story.admitCustodians(["asel", "bolat", "cholpon", "xenia"])
    let old = try story.quorum(2, of: ["asel", "bolat", "xenia"])
    try story.accept(old, by: ["asel", "bolat"])
    let until = story.known
    let new = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
    let next = try story.quorum(2, of: ["asel", "cholpon"], previous: new)
    try story.accept(next, by: ["asel", "bolat", "cholpon"])
    #expect(story.inForce == next.note)
    story.pretend(story.key("xenia"), toKnow: until)
    try story.accept(old, by: ["xenia"])
    let roster = story.log().roster
    #expect(roster.policyPath == [new.note, next.note] && roster.policies[old.note]?.waiting.isEmpty == true)
  }

  @Test(arguments: [true, false])
  func oneCustodianBringsNoAbandonedChangeBack(pretending: Bool) throws {
    let abandoned = try story.quorum(2, of: ["asel", "bolat", "xenia"], previous: policy)
    try story.accept(abandoned, by: ["asel", "bolat"])
    let until = story.known
    let second = try story.quorum(2, of: ["asel", "bolat", "yuri"], previous: policy)
    try story.accept(second, by: ["asel", "bolat", "yuri"])
    let third = try story.quorum(2, of: ["asel", "yuri", "zhanar"], previous: second)
    try story.accept(third, by: ["asel", "yuri", "zhanar"])
    if pretending { story.pretend(story.key("xenia"), toKnow: until) }
    try story.accept(abandoned, by: ["xenia"])
    #expect(story.log().roster.policyPath == [policy.note, second.note, third.note])
  }

  /// A later entry of the same chain hides an accept behind itself: writers name the newest.
  @Test func nobodyVoidsAnAcceptBehindTheirNewestEntry() throws {
    let key = story.key("cholpon")
    let accept = try #require(
      story.log().entries.first { $0.entry.type == .accept && $0.entry.author == story.hash("cholpon") })
    try story.say(
      .drill, by: key, to: "members",
      DrillBody(policy: policy.note, request: Sample.hash("q"), approvers: []).json)
    _ = try story.openCase(by: "marat")
    story.add(try story.sign(voiding(accept.note, of: accept.entry, prev: nil), by: key))
    #expect(story.inForce == policy.note)
  }

  @Test func theFounderVoidsNoPolicyThatSomebodyAccepted() throws {
    let story = try LogStory()
    try story.admitCustodians(["asel", "bolat"])
    let before = try #require(story.log().heads.first { $0.entry.author == KeyHash.of(story.founder.verifyingKey) })
    let policy = try story.quorum(2, of: ["asel", "bolat"])
    try story.admit("nurlan", [.reviewer])
    try story.accept(policy, by: ["asel", "bolat"])
    _ = try story.openCase(by: "marat")
    let link = Entry.Link(seq: before.entry.seq, note: before.note, file: before.file)
    story.add(try story.sign(voiding(policy.note, of: policy.entry, prev: link), by: story.founder))
    #expect(story.inForce == policy.note)
  }

  private func voiding(_ note: SHA256Hash, of entry: Entry, prev: Entry.Link?) -> Entry {
    Entry(
      vault: entry.vault, type: .accept, author: entry.author, chain: entry.chain, seq: entry.seq + 9,
      prev: prev.map { ($0, entry.to) }, backSame: prev, backMembers: prev, roster: entry.roster, seen: [],
      void: [note], time: entry.time, to: entry.to, content: .parsed(AcceptBody(policy: note).json))
  }

  @Test func whatAcceptsARefusedPolicyIsRefused() throws {
    let refused = try story.quorum(2, of: ["asel", "dana"], previous: policy)
    let accept = try story.accept(refused, by: ["asel"])[0]
    let behind = try story.quorum(2, of: ["xenia", "yuri"], previous: refused)
    let accepts = try story.accept(behind, by: ["xenia", "yuri", "asel"])
    let log = story.log()
    #expect(log.fault(refused) == .role && log.fault(accept) == .unknownRequest)
    #expect(log.fault(accepts[2]) == .role && log.fault(accepts[0]) == nil)
    #expect(log.roster.policyPath == [policy.note])
  }

  @Test func policiesAreJudgedAtTheirOwnPoint() throws {
    try story.say(.suspend, by: story.key("marat"), to: "members", story.ending("xenia").json)
    let bad = try story.quorum(2, of: ["xenia", "yuri"], previous: policy)
    try story.admit("xenia", [.custodian])
    // What was stated while she was suspended stays refused; stated again, it counts.
    #expect(story.log().fault(bad) == .role)
    let good = try story.quorum(2, of: ["xenia", "yuri"], previous: policy)
    try story.accept(good, by: ["xenia", "yuri", "asel", "bolat"])
    try story.admit("xenia", [.reviewer])
    #expect(story.inForce == good.note)
    // A first device that is named later makes nobody's policy a bad one.
    try story.admit("yuri", [.custodian], person: story.hash("xenia"))
    #expect(story.inForce == good.note)
  }

  @Test func acceptsSaidAThousandTimesCostLittle() throws {
    for _ in 0..<40 { try story.accept(policy, by: ["asel"]) }
    let (id, _) = try story.openCase(by: "marat")
    let log = story.log()
    #expect(log.refused.isEmpty && log.roster.policy?.note == policy.note && log.cases[id] != nil)
    #expect(log.entries.filter { $0.entry.type == .accept }.count == 43)
  }
}
