import Record
import Sodium
import Testing

/// Which policies count, where everybody means well.
struct PolicyTests {
  let story: LogStory

  init() throws {
    story = try LogStory()
    try story.admitCustodians(["asel", "bolat", "cholpon", "daniyar", "erlan"])
  }

  @Test func aPolicyCountsWhenAllCustodiansAcceptedIt() throws {
    let policy = try story.quorum(2, of: ["asel", "bolat", "cholpon"])
    #expect(story.inForce == nil && story.log().roster.policies[policy.note]?.waiting.count == 3)
    try story.accept(policy, by: ["asel", "cholpon"])
    let log = story.log()
    #expect(log.roster.policy == nil && log.roster.policies[policy.note]?.waiting == [story.hash("bolat")])
    try story.accept(policy, by: ["bolat"])
    #expect(story.inForce == policy.note && story.log().refused.isEmpty)
    #expect(story.log().roster.policy?.number(of: story.hash("cholpon")) == 3)
  }

  @Test func someonesLoneChoiceIsAPolicyOfCounselToo() throws {
    let policy = try story.accepted(1, of: ["aigul"], alone: true)
    #expect(story.inForce == policy.note)
    // Several together are custodians.
    let several = try story.quorum(2, of: ["aigul", "asel"], previous: policy)
    #expect(story.log().fault(several) == .role)
  }

  @Test func aChangeNeedsTheOutgoingQuorum() throws {
    let first = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
    let second = try story.quorum(2, of: ["daniyar", "erlan"], previous: first)
    try story.accept(second, by: ["daniyar", "erlan"])
    #expect(story.inForce == first.note)
    try story.accept(second, by: ["asel"])
    let log = story.log()
    let before = try #require(log.roster.policies[first.note])
    #expect(log.roster.policy?.note == first.note)
    #expect(log.roster.policies[second.note]?.outgoingLacking(before) == 1)
    try story.accept(second, by: ["cholpon"])
    #expect(story.inForce == second.note && story.log().roster.policyPath == [first.note, second.note])
  }

  @Test func whoIsInBothAcceptsForBoth() throws {
    let first = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
    let second = try story.quorum(2, of: ["asel", "bolat", "daniyar"], previous: first)
    try story.accept(second, by: ["asel", "bolat"])
    #expect(story.inForce == first.note)
    try story.accept(second, by: ["daniyar"])
    #expect(story.inForce == second.note)
    // A third follows the second, and needs nobody of the first.
    let third = try story.quorum(2, of: ["daniyar", "erlan"], previous: second)
    try story.accept(third, by: ["daniyar", "erlan"])
    #expect(story.inForce == second.note)
    let stranger = try story.accept(third, by: ["cholpon"])[0]
    #expect(story.log().fault(stranger) == .role && story.inForce == second.note)
    try story.accept(third, by: ["asel"])
    #expect(story.inForce == third.note)
  }

  @Test func aSecondFirstPolicyDoesNotTakeOver() throws {
    let first = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
    _ = try story.accepted(2, of: ["daniyar", "erlan"])
    _ = try story.accepted(2, of: ["asel", "bolat", "cholpon", "daniyar"])
    let roster = story.log().roster
    #expect(roster.policy?.note == first.note && roster.contestedPolicies.isEmpty && roster.policies.count == 3)
  }

  @Test func ofTwoFirstPoliciesTheOneThatIsAcceptedCounts() throws {
    let first = try story.quorum(2, of: ["asel", "bolat", "cholpon"])
    try story.accept(first, by: ["asel", "bolat"])
    let second = try story.accepted(2, of: ["asel", "bolat", "daniyar"])
    #expect(story.inForce == second.note)
    // Whoever knew of the second meant an old one.
    try story.accept(first, by: ["cholpon"])
    #expect(story.inForce == second.note)
  }

  @Test func aFounderAfterSuccessionChangesAPolicyAsTheOneBefore() throws {
    let first = try story.accepted(2, of: ["asel", "bolat"])
    let new = try #require(story.founderKeys["marat"])
    let founders = [story.founder.verifyingKey, new.verifyingKey]
    let body = SuccessionBody(
      founder: new.verifyingKey, keys: Sample.hash("keys"),
      last: story.log().ends(of: KeyHash.of(story.founder.verifyingKey)))
    try story.say(.succession, by: new, to: "members", body.json)
    let second = try story.quorum(2, of: ["daniyar", "erlan"], previous: first, by: new)
    try story.accept(second, by: ["daniyar", "erlan"])
    #expect(story.log(founders: founders).roster.policy?.note == first.note)
    let forged = try story.quorum(2, of: ["daniyar", "erlan"])
    #expect(story.log(founders: founders).fault(forged) == .late)
    try story.accept(second, by: ["asel", "bolat"])
    #expect(story.log(founders: founders).roster.policy?.note == second.note)
  }

  @Test func onlyTheFounderStatesPolicies() throws {
    let forged = try story.quorum(2, of: ["asel", "bolat"], by: story.key("marat"))
    let accepts = try story.accept(forged, by: ["asel", "bolat"])
    let log = story.log()
    #expect(log.fault(forged) == .role && log.roster.policies.isEmpty && log.roster.policy == nil)
    #expect(accepts.allSatisfy { log.fault($0) == .unknownRequest })
  }

  @Test(arguments: [["asel", "dana"], ["asel", "marat"]])
  func custodiansHaveTheRole(names: [String]) throws {
    let policy = try story.quorum(2, of: names)
    #expect(story.log().fault(policy) == .role && story.log().roster.policies.isEmpty)
  }

  @Test func custodiansAreActive() throws {
    try story.remove("asel")
    let policy = try story.quorum(2, of: ["asel", "bolat"])
    #expect(story.log().fault(policy) == .role)
  }

  @Test func aPersonHoldsOneShare() throws {
    try story.admit("phone", [.custodian], person: story.hash("asel"))
    try story.admit("tablet", [.custodian], person: story.hash("phone"))
    for names in [["asel", "phone"], ["asel", "tablet"], ["phone", "tablet"]] {
      let policy = try story.quorum(2, of: names)
      #expect(story.log().fault(policy) == .role, "\(names)")
    }
    let policy = try story.accepted(2, of: ["tablet", "bolat"])
    #expect(story.inForce == policy.note && story.log().roster.person(of: story.hash("tablet")) == story.hash("asel"))
  }

  /// Also where each of three says that the next is an earlier device.
  @Test func admissionsThatLeadInACircleAreOnePerson() throws {
    for name in ["one", "two", "three", "four"] { try story.admit(name, [.custodian]) }
    for (name, next) in [("one", "two"), ("two", "three"), ("three", "two"), ("four", "one")] {
      try story.admit(name, [.custodian], person: story.hash(next))
    }
    let roster = story.log().roster
    #expect(Set(["one", "two", "three", "four"].map { roster.person(of: story.hash($0)) }).count == 1)
    #expect(try story.fault(of: story.quorum(2, of: ["four", "three"])) == .role)
  }

  @Test func twoCustodiansAreNotCalledTheSame() throws {
    try story.admit("other", [.custodian], displayName: "ASEL")
    #expect(try story.fault(of: story.quorum(2, of: ["asel", "other"])) == .role)
  }

  @Test func whoIsNoCustodianOfItAcceptsNothing() throws {
    let policy = try story.quorum(2, of: ["asel", "bolat"])
    for name in ["dana", "marat", "erlan"] {
      let accept = try story.accept(policy, by: [name])[0]
      #expect(story.log().fault(accept) == .role, "\(name)")
    }
    let founders = try story.say(
      .accept, by: story.founder, to: "members", AcceptBody(policy: policy.note).json)
    #expect(story.log().fault(founders) == .role && story.log().roster.policies[policy.note]?.accepted.isEmpty == true)
    let unknown = try story.say(
      .accept, by: story.key("asel"), to: "members", AcceptBody(policy: Sample.hash("nothing")).json)
    #expect(story.log().fault(unknown) == .unknownRequest)
    let elsewhere = try story.say(
      .accept, by: story.key("asel"), to: "custodians", AcceptBody(policy: policy.note).json)
    #expect(story.log().fault(elsewhere) == .otherAudience)
    let malformed = try story.say(.accept, by: story.key("asel"), to: "members", ["quorum": 1])
    #expect(story.log().fault(malformed) == .malformed(.field("quorum")))
  }

  @Test func whoWasSuspendedAcceptsNothing() throws {
    let policy = try story.quorum(2, of: ["asel", "bolat"])
    try story.say(.suspend, by: story.key("marat"), to: "members", story.ending("asel").json)
    let accept = try story.accept(policy, by: ["asel", "bolat"])[0]
    #expect(story.log().fault(accept) == .role && story.inForce == nil)
    // Admitted again, they accept again.
    try story.admit("asel", [.custodian])
    try story.accept(policy, by: ["asel"])
    #expect(story.inForce == policy.note)
  }

  @Test func aPolicyStandsWhereCustodiansLeave() throws {
    let policy = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
    try story.remove("asel")
    try story.say(.suspend, by: story.key("marat"), to: "members", story.ending("bolat").json)
    #expect(story.inForce == policy.note && story.log().refused.isEmpty)
  }

  @Test func theVerdictIsTheSameInEveryOrder() throws {
    let first = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
    story.goOffline(story.founder)
    let second = try story.quorum(2, of: ["asel", "daniyar"], previous: first, chain: 1)
    let third = try story.quorum(2, of: ["asel", "erlan"], previous: first, chain: 2)
    story.comeOnline(story.founder)
    for name in ["asel", "bolat", "daniyar", "erlan"] {
      story.goOffline(story.key(name))
      try story.accept(second, by: [name])
      try story.accept(third, by: [name])
    }
    let log = story.log()
    for _ in 0..<40 {
      let again = story.log()
      #expect(again.roster.policyPath == log.roster.policyPath)
      #expect(again.roster.contestedPolicies == log.roster.contestedPolicies)
      #expect(Set(again.entries.map(\.note)) == Set(log.entries.map(\.note)))
      #expect(again.roster.policies.mapValues(\.accepted) == log.roster.policies.mapValues(\.accepted))
    }
  }

  @Test func whereAnAcceptIsMissingThePolicyBeforeHoldsAndNothingIsSealed() throws {
    let first = try story.accepted(2, of: ["asel", "bolat"])
    let second = try story.quorum(2, of: ["asel", "daniyar"], previous: first)
    let accepts = try story.accept(second, by: ["asel", "bolat", "daniyar"])
    _ = try story.openCase(by: "marat")
    #expect(story.inForce == second.note)
    for missing in accepts + [second] {
      let log = story.log(without: [missing.file])
      #expect(log.roster.policyPath == [first.note] && log.lacksRoster, "\(missing.entry.type)")
    }
  }
}
