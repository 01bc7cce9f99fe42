import Record
import Sodium
import Testing

/// Who may ask for identities, who answers, and who hands shares on.
struct RequestEffectsTests {
  let story: LogStory
  let policy: LogStory.Said

  init() throws {
    story = try LogStory()
    try story.admitCustodians(["asel", "bolat", "cholpon", "erlan"])
    policy = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
  }

  @Test func aRequestAndItsAnswersAreTold() throws {
    let asked = try story.request(by: "marat")
    let approval = try story.approve(asked.note, by: "asel")
    let denial = try story.say(
      .deny, by: story.key("bolat"), to: "custodians", DenyBody(request: asked.note, reason: "too wide").json)
    let cancel = try story.say(
      .cancel, by: story.key("marat"), to: "custodians", CancelBody(request: asked.note).json)
    let log = story.log()
    let told = try #require(log.requests().first)
    #expect(log.refused.isEmpty && log.requests().count == 1 && told.note == asked.note)
    #expect(told.requester == story.hash("marat") && told.approvers == [story.hash("asel")])
    #expect(told.approvals.map(\.entry.note) == [approval.note] && told.denials.map(\.entry.note) == [denial.note])
    #expect(told.denials.first?.body.reason == "too wide" && told.cancelled?.note == cancel.note)
    #expect(!told.isExpired(at: told.body.until) && told.isExpired(at: ClaimedTime(clamping: 1_900_000_001)))
  }

  @Test(arguments: ["dana", "asel"])
  func counselAsk(name: String) throws {
    let asked = try story.request(by: name)
    #expect(story.log().fault(asked) == .role && story.log().requests().isEmpty)
  }

  @Test func theOriginIsTheRequesters() throws {
    let asked = try story.request(by: "marat", body: story.requestBody(by: "aigul"))
    #expect(story.log().fault(asked) == .malformed(.origin))
  }

  @Test func requestsGoToCustodians() throws {
    #expect(try story.fault(of: story.request(by: "marat", to: "counsel")) == .otherAudience)
    #expect(try story.fault(of: story.request(by: "marat", to: "members")) == .otherAudience)
  }

  @Test func twoTextsUnderOneOriginAreTwoRequests() throws {
    let body = story.requestBody(by: "marat")
    let other = RequestBody(
      origin: body.origin, record: body.record, identities: body.identities, purpose: "another", order: nil,
      recipient: body.recipient, until: body.until)
    let (one, two) = (try story.request(by: "marat", body: body), try story.request(by: "marat", body: other))
    try story.approve(one.note, by: "asel")
    let told = story.log().requests()
    #expect(told.map(\.note) == [one.note, two.note] && Set(told.map(\.id)).count == 1)
    #expect(told.map(\.approvers.count) == [1, 0])
  }

  @Test func custodiansAnswer() throws {
    let asked = try story.request(by: "marat")
    for name in ["dana", "aigul"] {
      #expect(try story.fault(of: story.approve(asked.note, by: name)) == .role, "\(name)")
    }
    let denial = try story.say(
      .deny, by: story.key("marat"), to: "custodians", DenyBody(request: asked.note, reason: "").json)
    #expect(story.log().fault(denial) == .role)
    #expect(try story.fault(of: story.approve(Sample.hash("nothing"), by: "asel")) == .unknownRequest)
    let refused = try story.request(by: "dana")
    #expect(try story.fault(of: story.approve(refused.note, by: "asel")) == .unknownRequest)
    let elsewhere = try story.say(
      .approve, by: story.key("asel"), to: "members", ApproveBody(request: asked.note, shares: []).json)
    #expect(story.log().fault(elsewhere) == .otherAudience)
    #expect(story.log().requests().first?.approvals.isEmpty == true)
  }

  @Test func onlyTheRequesterCancels() throws {
    let asked = try story.request(by: "marat")
    for name in ["aigul", "asel"] {
      let cancel = try story.say(.cancel, by: story.key(name), to: "custodians", CancelBody(request: asked.note).json)
      #expect(story.log().fault(cancel) == .role, "\(name)")
    }
    let unknown = try story.say(
      .cancel, by: story.key("marat"), to: "custodians", CancelBody(request: Sample.hash("nothing")).json)
    #expect(story.log().fault(unknown) == .unknownRequest && story.log().requests().first?.cancelled == nil)
  }

  @Test func whoWasSuspendedNeitherAsksNorAnswers() throws {
    let asked = try story.request(by: "marat")
    try story.say(.suspend, by: story.key("aigul"), to: "members", story.ending("marat").json)
    try story.say(.suspend, by: story.key("aigul"), to: "members", story.ending("asel").json)
    let (later, answer) = (try story.request(by: "marat"), try story.approve(asked.note, by: "asel"))
    let log = story.log()
    #expect(log.fault(asked) == nil && log.fault(later) == .late && log.fault(answer) == .late)
    #expect(log.late.count == 2 && log.requests().count == 1)
  }

  @Test func whoOpensAloneAnswersAsCounsel() throws {
    let alone = try LogStory()
    _ = try alone.accepted(1, of: ["aigul"], alone: true)
    let asked = try alone.request(by: "aigul")
    #expect(try alone.fault(of: alone.approve(asked.note, by: "aigul")) == nil)
    #expect(try alone.fault(of: alone.approve(asked.note, by: "marat")) == .role)
  }

  @Test func sharesAreHandedOnByWhoHoldsThem() throws {
    let stranger = try story.replace(policy, 1, by: "bolat", to: "erlan")
    #expect(story.log().fault(stranger) == .role)
    let reviewer = try story.replace(policy, 1, by: "asel", to: "dana")
    #expect(story.log().fault(reviewer) == .role)
    let beyond = try story.replace(policy, 4, by: "asel", to: "erlan")
    #expect(story.log().fault(beyond) == .unknownRequest)
    let good = try story.replace(policy, 1, by: "asel", to: "erlan")
    #expect(story.log().fault(good) == nil)
    let unknown = try story.say(
      .replace, by: story.key("asel"), to: "members",
      ReplaceBody(policy: Sample.hash("x"), number: 1, successor: story.hash("erlan"), locks: []).json)
    #expect(story.log().fault(unknown) == .unknownRequest)
  }

  /// Whatever the notes' hashes are: eight stories.
  @Test(arguments: 0..<8)
  func sharesAreHandedOnAlongAChain(_: Int) throws {
    try story.admitCustodians(["farid", "gulnur"])
    let all = [
      try story.replace(policy, 1, by: "asel", to: "erlan"), try story.replace(policy, 1, by: "erlan", to: "farid"),
      try story.replace(policy, 1, by: "farid", to: "gulnur"),
    ]
    let log = story.log()
    #expect(all.allSatisfy { log.fault($0) == nil })
    #expect(try story.fault(of: story.replace(policy, 2, by: "erlan", to: "farid")) == .role)
  }

  @Test func nobodyIsHandedASecondShare() throws {
    #expect(try story.fault(of: story.replace(policy, 1, by: "asel", to: "bolat")) == .role)
    try story.admit("phone", [.custodian], person: story.hash("bolat"))
    #expect(try story.fault(of: story.replace(policy, 1, by: "asel", to: "phone")) == .role)
    // Another device of one's own holds the same share.
    #expect(try story.fault(of: story.replace(policy, 2, by: "bolat", to: "phone")) == nil)
    #expect(try story.fault(of: story.replace(policy, 3, by: "cholpon", to: "phone")) == .role)
    try story.replace(policy, 1, by: "asel", to: "erlan")
    #expect(try story.fault(of: story.replace(policy, 3, by: "cholpon", to: "erlan")) == .role)
  }

  @Test func drillsAreToldByWhoCanHaveSeenOne() throws {
    let body = DrillBody(policy: policy.note, request: Sample.hash("q"), approvers: [story.hash("asel")])
    for (name, fault) in [("marat", nil), ("asel", nil), ("dana", .role)] as [(String, EntryFault?)] {
      let drill = try story.say(.drill, by: story.key(name), to: "members", body.json)
      #expect(story.log().fault(drill) == fault, "\(name)")
    }
    let unknown = DrillBody(policy: Sample.hash("x"), request: Sample.hash("q"), approvers: [])
    let drill = try story.say(.drill, by: story.key("marat"), to: "members", unknown.json)
    #expect(story.log().fault(drill) == .unknownRequest)
  }
}
