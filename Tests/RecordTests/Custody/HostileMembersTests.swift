import Record
import Sodium
import Testing

/// What members and former members try with keys that they hold.
struct HostileMembersTests {
  let story: LogStory
  init() throws { story = try LogStory() }

  private func index(_ circles: [String] = []) -> JSON { OpenBody.index(circles: circles, heads: []).json }

  /// An entry put together by hand, with what the forger likes in it.
  private func forge(
    _ type: EntryType, by name: String, like said: LogStory.Said, to circle: String? = nil, seq: Int64 = 1,
    chain: UInt8 = 7, roster: [SHA256Hash]? = nil, void: [SHA256Hash] = [], prev: Entry.Link? = nil, _ body: JSON
  ) throws -> LogStory.Said {
    let to = circle.flatMap { story.circles[$0]?.address } ?? said.entry.to
    let entry = Entry(
      vault: story.note.id, type: type, author: story.hash(name), chain: [UInt8](repeating: chain, count: 16), seq: seq,
      prev: prev.map { ($0, said.entry.to) }, backSame: nil, backMembers: nil, roster: roster ?? said.entry.roster,
      seen: [], void: void, time: said.entry.time, to: to, content: .parsed(body))
    let forged = try story.sign(entry, by: story.key(name))
    story.add(forged)
    return forged
  }

  @Test func aRemovedCounselsBackDatedRosterEntriesCountForNothing() throws {
    let (_, opened) = try story.openCase(by: "marat")
    try story.remove("marat")
    let end = EndingBody(member: story.hash("dana"), last: [], reason: "")
    let suspend = try forge(.suspend, by: "marat", like: opened, to: "members", end.json)
    let own = CircleBody(
      name: "reviewers", number: 2, recipient: "age1mine", previous: [try #require(story.circles["reviewers"]).epoch])
    let rotate = try forge(
      .rotate, by: "marat", like: opened, to: "members", roster: opened.entry.roster + [suspend.note], own.json)
    let log = story.log()
    #expect(log.fault(suspend) == .late && log.fault(rotate) != nil)
    #expect(log.roster.current("reviewers")?.recipient == "age1reviewers")
    #expect(log.roster.members[story.hash("dana")]?.isActive == true)
  }

  @Test func aSuspendedCounselSuspendsAndRotatesNothingBackInTime() throws {
    let (_, opened) = try story.openCase(by: "marat")
    try story.say(.suspend, by: story.key("aigul"), to: "members", story.ending("marat").json)
    let end = EndingBody(member: story.hash("dana"), last: [], reason: "")
    let suspend = try forge(.suspend, by: "marat", like: opened, to: "members", seq: 2, end.json)
    #expect(story.log().fault(suspend) == .late)
    #expect(story.log().roster.members[story.hash("dana")]?.isActive == true)
    // Knowing of his own suspension helps as little, also beside a note that nobody has.
    let knowing = try forge(
      .case, by: "marat", like: opened, seq: 3,
      roster: story.log().heads.filter { $0.entry.to.circle == "members" }.map(\.note) + [Sample.hash("nothing")],
      CaseBody(
        origin: Origin(author: story.hash("marat"), nonce: .random()), title: "x", reviewers: "reviewers", fields: [:]
      ).json)
    #expect(story.log().fault(knowing) == .late && story.log().cases.count == 1)
  }

  @Test func twoCounselWhoSuspendEachOtherAreBothSuspended() throws {
    story.goOffline(story.key("aigul"))
    story.goOffline(story.key("marat"))
    let (one, two) = (story.ending("marat"), story.ending("aigul"))
    try story.say(.suspend, by: story.key("aigul"), to: "members", one.json)
    try story.say(.suspend, by: story.key("marat"), to: "members", two.json)
    let log = story.log()
    #expect(log.roster.members(of: "counsel").isEmpty)
    #expect(log.refused.isEmpty)
  }

  @Test func theFoundersOwnEndingTakesThePlaceOfACounsels() throws {
    let (id, _) = try story.openCase(by: "marat")
    try story.say(
      .seal, by: story.key("marat"), to: "reviewers", story.manifest(id, by: "marat").json(vault: story.note.id))
    let honest = story.ending("marat")
    // A rogue counsel leaves everything out that he ever sealed.
    try story.say(
      .suspend, by: story.key("aigul"), to: "members",
      EndingBody(member: story.hash("marat"), last: [], reason: "").json)
    #expect(story.log().records.isEmpty)
    try story.say(.suspend, by: story.founder, to: "members", honest.json)
    #expect(story.log().records.count == 1 && story.log().roster.members[story.hash("marat")]?.isActive == false)
  }

  @Test func nobodyVoidsWhatCameToBe() throws {
    let key = story.key("marat")
    let (_, opened) = try story.openCase(by: "marat")
    let second = try story.say(.open, by: key, to: "counsel", index())
    // Others have seen it.
    try story.say(.open, by: story.key("aigul"), to: "counsel", index())
    let link = Entry.Link(seq: 1, note: opened.note, file: opened.file)
    let declarer = try forge(
      .open, by: "marat", like: second, seq: 3, void: [second.note, opened.note], prev: link, index(["x"]))
    let log = story.log()
    #expect(log.fault(second) == nil && log.fault(opened) == nil && log.cases.count == 1)
    #expect(log.chainFaults.contains { $0.file == declarer.file && $0.fault == .fork })
  }

  @Test func aLateEntryVoidsNothing() throws {
    let (id, opened) = try story.openCase(by: "marat")
    let sealed = try story.say(
      .seal, by: story.key("marat"), to: "reviewers", story.manifest(id, by: "marat").json(vault: story.note.id))
    try story.remove("marat")
    let link = Entry.Link(seq: 1, note: opened.note, file: opened.file)
    let late = try forge(.open, by: "marat", like: sealed, seq: 3, void: [sealed.note], prev: link, index())
    #expect(story.log().fault(late) == .late && story.log().records.count == 1)
  }

  @Test func whatDoesNotCountStopsNobodysWriting() throws {
    let (_, opened) = try story.openCase(by: "marat")
    try story.remove("dana")
    let link = Entry.Link(seq: 1, note: Sample.hash("nothing"), file: Sample.hash("nowhere"))
    let forged = try forge(.propose, by: "dana", like: opened, seq: 2, prev: link, ["about": .hash(opened.note)])
    #expect(story.log().fault(forged) != nil && !story.log().lacksRoster && story.log().openLinks.isEmpty)
  }

  @Test func numbersBeyondReasonAreRefused() throws {
    let (id, _) = try story.openCase(by: "aigul")
    let first = try story.manifest(id, by: "aigul")
    let sealed = try story.say(.seal, by: story.key("aigul"), to: "reviewers", first.json(vault: story.note.id))
    for version in [Int(Int64.max), 1_000_001, 3] {
      let manifest = Manifest(
        origin: first.origin, caseID: first.caseID, previous: [sealed.note], version: version, layers: first.layers,
        identityPolicy: first.identityPolicy, commitments: first.commitments)
      let amended = try story.say(
        .amend, by: story.key("marat"), to: "reviewers", manifest.json(vault: story.note.id))
      #expect(story.log().fault(amended) != nil, "\(version)")
    }
    for number in [Int(Int64.max), 1_000_001, 7] {
      let body = CircleBody(
        name: "reviewers", number: number, recipient: "age1x\(number)",
        previous: [try #require(story.circles["reviewers"]).epoch])
      let rotated = try story.say(.rotate, by: story.founder, to: "members", body.json)
      #expect(story.log().fault(rotated) != nil && story.log().roster.current("reviewers")?.number == 1, "\(number)")
    }
  }

  @Test func aCounselRotatesOnceForASuspensionAndOnlyWhatTheSuspendedHad() throws {
    try story.say(.suspend, by: story.key("marat"), to: "members", story.ending("dana").json)
    try story.rotate("counsel", by: story.key("marat"))
    #expect(story.log().roster.current("counsel")?.number == 1)
  }

  @Test func aSecondRotationForOneSuspensionIsRefused() throws {
    try story.say(.suspend, by: story.key("marat"), to: "members", story.ending("dana").json)
    try story.rotate("reviewers", by: story.key("marat"))
    try story.rotate("reviewers", by: story.key("marat"))
    #expect(story.log().roster.current("reviewers")?.number == 2)
  }

  /// A file that is lost takes the entry that it alone names with it at most, and a hole is not filled by a rival.
  @Test func aHoleInAnEndedChainTakesNothingElseWithIt() throws {
    let key = story.key("marat")
    let (id, _) = try story.openCase(by: "marat")
    var files: [SHA256Hash] = []
    for _ in 0..<4 {
      files.append(
        try story.say(
          .seal, by: key, to: "reviewers", story.manifest(id, by: "marat").json(vault: story.note.id)
        ).file)
    }
    try story.remove("marat")
    #expect(story.log().records.count == 4)
    #expect(story.log(without: [files[2]]).records.count == 3)
  }
}

extension HostileMembersTests {
  @Test func aLinkIntoAnothersChainIsNamed() throws {
    let (_, opened) = try story.openCase(by: "aigul")
    let link = Entry.Link(seq: 1, note: opened.note, file: opened.file)
    let taken = try story.sign(
      Entry(
        vault: story.note.id, type: .open, author: story.hash("dana"), chain: opened.entry.chain, seq: 2,
        prev: (link, opened.entry.to), backSame: link, backMembers: nil, roster: opened.entry.roster, seen: [],
        void: [],
        time: opened.entry.time, to: opened.entry.to,
        content: .parsed(OpenBody.index(circles: [], heads: []).json)), by: story.key("dana"))
    story.add(taken)
    #expect(story.log().chainFaults.contains { $0.file == taken.file && $0.fault == .fork })
  }

  /// The founder's entry that made a circle is lost: what was sealed to it is read by whoever holds its key.
  @Test func aLostCircleEntryClosesNothing() throws {
    let (_, opened) = try story.openCase(by: "aigul")
    let made = try #require(
      story.log().entries.first { one in
        one.entry.type == .circle && (try? CircleBody(one.entry.body).name) == "reviewers"
      })
    let kept = story.all.filter { $0.file != made.file }
    let held = story.circles.values.map(\.address)
    #expect(CustodyLog(vault: story.note, entries: kept).fault(opened) == .otherAudience)
    #expect(CustodyLog(vault: story.note, entries: kept, held: held).fault(opened) == nil)
    // Without a hole in the roster an epoch that nobody named speaks to nobody.
    let invented = CircleBody(name: "reviewers", number: 2, recipient: "age1invented", previous: [])
    let forged = try story.say(
      .open, by: story.key("aigul"), to: "reviewers", OpenBody.index(circles: [], heads: []).json, epoch: invented)
    let whole = CustodyLog(vault: story.note, entries: story.all, held: [invented.address])
    #expect(whole.fault(forged) == .otherAudience)
  }
}
