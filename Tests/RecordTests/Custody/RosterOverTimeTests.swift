import Record
import Sodium
import Testing

/// Who may do what at which point of the log: suspensions, removals, rotations, adoption, succession.
struct RosterOverTimeTests {
  let story: LogStory
  init() throws { story = try LogStory() }

  @Test func aRemovedMembersNewAndBackDatedEntriesAreLate() throws {
    let (id, _) = try story.openCase(by: "marat")
    try story.say(
      .seal, by: story.key("marat"), to: "reviewers", story.manifest(id, by: "marat").json(vault: story.note.id))
    let before = story.log()
    story.goOffline(story.key("marat"))
    try story.remove("marat")
    let after = story.log()
    #expect(after.records.count == 1 && after.refused.isEmpty)
    #expect(
      after.roster.members[story.hash("marat")]?.isRemoved == true && after.roster.members(of: "counsel").count == 1)
    #expect(before.roster.members(of: "counsel").count == 2)
    // What he signs later, in his chain and in a new one, and what he puts back in time.
    let later = try story.say(
      .seal, by: story.key("marat"), to: "reviewers", story.manifest(id, by: "marat").json(vault: story.note.id))
    let another = try story.say(
      .case, by: story.key("marat"), to: "reviewers",
      CaseBody(
        origin: Origin(author: story.hash("marat"), nonce: .random()), title: "x", reviewers: "reviewers", fields: [:]
      ).json, chain: 9)
    let backDated = try story.sign(
      Entry(
        vault: story.note.id, type: .seal, author: story.hash("marat"), chain: later.entry.chain, seq: 2,
        prev: later.entry.prev.map { (Entry.Link(seq: 1, note: Sample.hash("x"), file: Sample.hash("y")), $0.to) },
        backSame: nil, backMembers: nil, roster: before.heads.filter { $0.entry.to.circle == "members" }.map(\.note),
        seen: [], void: [], time: Sample.time, to: later.entry.to,
        content: .parsed(story.manifest(id, by: "marat").json(vault: story.note.id))), by: story.key("marat"))
    story.add(backDated)
    let log = story.log()
    for one in [later, another, backDated] { #expect(log.fault(one) == .late) }
    #expect(log.late.count == 3 && log.records.count == 1 && log.cases.count == 1)
  }

  @Test func aLateEntryCountsOnceACounselAdoptedIt() throws {
    let (id, _) = try story.openCase(by: "aigul")
    story.goOffline(story.key("marat"))
    try story.remove("marat")
    let late = try story.say(
      .seal, by: story.key("marat"), to: "reviewers", story.manifest(id, by: "marat").json(vault: story.note.id),
      chain: 3)
    #expect(story.log().fault(late) == .late)
    // A reviewer's word adopts nothing.
    let forged = try story.say(
      .adopt, by: story.key("dana"), to: "counsel", AdoptBody(entry: late.note, reason: "r").json)
    #expect(story.log().fault(forged) == .role && story.log().records.isEmpty)
    try story.say(.adopt, by: story.key("aigul"), to: "counsel", AdoptBody(entry: late.note, reason: "r").json)
    #expect(story.log().fault(late) == nil && story.log().records.count == 1)
  }

  @Test func aSuspensionByACounselHoldsUntilTheFounderAdmitsAgain() throws {
    let body = story.ending("dana")
    // A reviewer suspends nobody.
    let forged = try story.say(
      .suspend, by: story.key("dana"), to: "members", EndingBody(member: story.hash("marat"), last: [], reason: "").json
    )
    #expect(story.log().fault(forged) == .role)
    try story.say(.suspend, by: story.key("marat"), to: "members", body.json)
    let suspended = story.log()
    #expect(suspended.roster.members[story.hash("dana")]?.isActive == false)
    // A counsel rotates behind a suspension, and only there.
    try story.rotate("reviewers", by: story.key("marat"))
    #expect(story.log().roster.current("reviewers")?.number == 2)
    try story.admit("dana", [.reviewer])
    let again = story.log()
    #expect(again.roster.members[story.hash("dana")]?.isActive == true)
    let (id, _) = try story.openCase(by: "aigul")
    let word = try story.say(
      .propose, by: story.key("dana"), to: "reviewers",
      ReviewBody(about: id.hash, manifests: [], fields: ["text": "t"]).json)
    #expect(story.log().fault(word) == nil)
  }

  @Test func withoutASuspensionACounselRotatesNothing() throws {
    try story.rotate("reviewers", by: story.key("marat"))
    #expect(story.log().roster.current("reviewers")?.number == 1)
    #expect(story.log().refused.map(\.fault) == [.role])
  }

  @Test func ofAnAdmissionAndARemovalMadeApartTheRemovalHolds() throws {
    let ending = story.ending("dana")
    // The founder's key on two devices, each without the other's word.
    story.goOffline(story.founder)
    let removal = try story.say(.remove, by: story.founder, to: "members", ending.json, chain: 1, keep: false)
    try story.admit("dana", [.reviewer, .custodian])
    story.add(removal)
    let roster = story.log().roster
    #expect(roster.members[story.hash("dana")]?.isRemoved == true)
  }

  @Test func rolesAreThoseOfThePointWhereAnEntryWasWritten() throws {
    // Written before dana was admitted as counsel; the same key, later counsel, may.
    let early = try story.say(
      .case, by: story.key("dana"), to: "reviewers",
      CaseBody(
        origin: Origin(author: story.hash("dana"), nonce: .random()), title: "x", reviewers: "reviewers", fields: [:]
      ).json)
    try story.admit("dana", [.counsel], publisher: 3)
    #expect(story.log().fault(early) == .role)
    let (_, later) = try story.openCase(by: "dana")
    #expect(story.log().fault(later) == nil)
    // Nobody's entry counts that was written without knowing of their admission.
    try story.admit("late", [.counsel], publisher: 4)
    let entry = later.entry
    let blind = try story.sign(
      Entry(
        vault: entry.vault, type: .case, author: story.hash("late"), chain: entry.chain, seq: 1, prev: nil,
        backSame: nil, backMembers: nil, roster: [], seen: [], void: [], time: entry.time, to: entry.to,
        content: .parsed(
          CaseBody(
            origin: Origin(author: story.hash("late"), nonce: .random()), title: "x", reviewers: "reviewers",
            fields: [:]
          ).json)), by: story.key("late"))
    story.add(blind)
    #expect(story.log().fault(blind) == .role)
  }

  @Test func afterTwoRotationsMadeApartTheLowerHashHoldsUntilOneNamesBoth() throws {
    let first = story.circles["reviewers"]!
    story.goOffline(story.founder)
    var bodies: [CircleBody] = []
    for suffix in ["a", "b"] {
      let body = CircleBody(
        name: "reviewers", number: 2, recipient: "age1\(suffix)", previous: [first.epoch])
      bodies.append(body)
      story.add(
        try story.say(.rotate, by: story.founder, to: "members", body.json, chain: suffix == "a" ? 1 : 2, keep: false))
    }
    let roster = story.log().roster
    #expect(story.log().refused.isEmpty && roster.newest("reviewers").count == 2)
    #expect(roster.current("reviewers")?.epoch == bodies.map(\.epoch).min())
    story.comeOnline(story.founder)
    let third = CircleBody(name: "reviewers", number: 3, recipient: "age1c", previous: bodies.map(\.epoch))
    try story.say(.rotate, by: story.founder, to: "members", third.json)
    #expect(story.log().roster.newest("reviewers").map(\.epoch) == [third.epoch])
  }

  @Test func theOldFoundersLaterEntriesCountForNothing() throws {
    let old = KeyHash.of(story.founder.verifyingKey)
    let new = story.founderKeys["marat"]!
    let founders = [story.founder.verifyingKey, new.verifyingKey]
    let last = story.log().ends(of: old)
    let body = SuccessionBody(founder: new.verifyingKey, keys: Sample.hash("keys"), last: last)
    // Public word of the succession alone: nothing is sealed before the new founder's entry is here.
    #expect(story.log(founders: founders).lacksRoster)
    try story.say(.succession, by: new, to: "members", body.json)
    try story.admit("nurlan", [.reviewer], by: new)
    let forged = try story.admit("mallory", [.counsel], publisher: 9)
    let log = story.log(founders: founders)
    #expect(!log.lacksRoster && log.fault(forged) == .late)
    #expect(log.roster.members.count == 4 && log.roster.founderMember?.name == "marat")
    // Without the public word the new key is nobody's.
    #expect(story.log().roster.founderMember?.name == "aigul")
    #expect(story.log().roster.members(of: "reviewers").map(\.name).contains("nurlan") == false)
  }

  @Test func aRosterEntryThatOthersKnewAndThatIsNotHereStopsWriting() throws {
    let admitted = try story.admit("nurlan", [.reviewer])
    let (_, opened) = try story.openCase(by: "marat")
    #expect(!story.log().lacksRoster)
    let without = story.log(without: [admitted.file])
    #expect(without.lacksRoster && without.missingNotes.map(\.note).contains(admitted.note))
    #expect(without.fault(opened) == nil)
  }
}
