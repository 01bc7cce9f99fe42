import Record
import Sodium
import Testing

/// Chains: forks, gaps, second seals, void entries, versions made apart.
struct ChainTests {
  let story: LogStory
  init() throws { story = try LogStory() }

  @Test func anUntouchedLogHasNoFaults() throws {
    let (id, _) = try story.openCase(by: "aigul")
    for name in ["aigul", "marat", "aigul"] {
      try story.say(
        .seal, by: story.key(name), to: "reviewers", story.manifest(id, by: name).json(vault: story.note.id))
      try story.say(
        .open, by: story.key("dana"), to: "reviewers", OpenBody.index(circles: ["reviewers"], heads: []).json)
    }
    let log = story.log()
    #expect(log.refused.isEmpty && log.chainFaults.isEmpty && log.openLinks.isEmpty && log.missingNotes.isEmpty)
    #expect(log.records.count == 3)
  }

  @Test func twoEntriesInOnePlaceAreAForkAndBothAreNamed() throws {
    let key = story.key("aigul")
    story.goOffline(key)
    let one = try story.say(.open, by: key, to: "counsel", OpenBody.index(circles: ["a"], heads: []).json, keep: false)
    let two = try story.say(
      .open, by: key, to: "reviewers", OpenBody.index(circles: ["b"], heads: []).json, keep: false)
    story.add(one)
    story.add(two)
    let faults = story.log().chainFaults
    #expect(Set(faults.map(\.file)) == [one.file, two.file] && faults.allSatisfy { $0.fault == .fork })
  }

  @Test func anEntryThatTheNextLeavesNoRoomForIsAFork() throws {
    let key = story.key("aigul")
    let first = try story.say(.open, by: key, to: "reviewers", OpenBody.index(circles: [], heads: []).json)
    try story.say(.open, by: key, to: "counsel", OpenBody.index(circles: [], heads: []).json)
    try story.say(.open, by: key, to: "reviewers", OpenBody.index(circles: [], heads: []).json)
    // Put between them by the key's holder, at the place of the one to counsel.
    let between = try story.sign(
      Entry(
        vault: story.note.id, type: .open, author: story.hash("aigul"), chain: first.entry.chain, seq: 2,
        prev: (Entry.Link(seq: 1, note: first.note, file: first.file), first.entry.to),
        backSame: Entry.Link(seq: 1, note: first.note, file: first.file), backMembers: nil, roster: first.entry.roster,
        seen: [], void: [], time: first.entry.time, to: first.entry.to,
        content: .parsed(OpenBody.index(circles: ["x"], heads: []).json)), by: key)
    story.add(between)
    // Who reads counsel's entries sees both; who does not sees that the next one leaves no room.
    let hidden = Set(story.all.filter { $0.openedBy.circle == "counsel" }.map(\.file))
    for log in [story.log(), story.log(without: hidden)] {
      #expect(log.chainFaults.contains { $0.file == between.file && $0.fault == .fork })
    }
  }

  @Test func aLinkThatLeadsNowhereIsOpen() throws {
    let (_, opened) = try story.openCase(by: "aigul")
    try story.say(
      .open, by: story.key("aigul"), to: "reviewers", OpenBody.index(circles: [], heads: []).json)
    let log = story.log(without: [opened.file])
    #expect(log.openLinks.map(\.link.file) == [opened.file])
    #expect(log.openLinks.first?.to?.circle == "reviewers")
    #expect(story.log().openLinks.isEmpty)
  }

  @Test func aVoidEntryThatTurnsUpIsNoForkAndHasNoEffect() throws {
    let key = story.key("aigul")
    story.goOffline(key)
    let cut = try story.say(.open, by: key, to: "counsel", OpenBody.index(circles: [], heads: []).json, keep: false)
    let next = try story.say(
      .open, by: key, to: "counsel", OpenBody.index(circles: ["a"], heads: []).json, void: [cut.note], seq: 2)
    story.add(cut)
    let log = story.log()
    #expect(log.chainFaults.isEmpty && log.fault(cut) == .void && log.fault(next) == nil)
  }

  @Test func aTimeFarBeforeItsPredecessorsIsNamed() throws {
    let key = story.key("aigul")
    try story.say(.open, by: key, to: "counsel", OpenBody.index(circles: [], heads: []).json, time: 1_795_900_000)
    let back = try story.say(
      .open, by: key, to: "counsel", OpenBody.index(circles: [], heads: []).json, time: 1_795_000_000)
    #expect(story.log().chainFaults.map(\.file) == [back.file])
    #expect(story.log().chainFaults.first?.fault == .earlier && story.log().fault(back) == nil)
  }

  @Test func aSecondSealCountsOnceAndIsNamed() throws {
    let (_, opened) = try story.openCase(by: "aigul")
    try story.say(.open, by: story.key("aigul"), to: "reviewers", OpenBody.index(circles: [], heads: []).json)
    guard case .some(let sealed) = try? SealedNoteCopy(opened, in: story) else { return }
    let log = CustodyLog(vault: story.note, entries: story.all + [sealed.unverified])
    #expect(log.chainFaults.map(\.file) == [sealed.unverified.file] && log.chainFaults[0].fault == .duplicate)
    #expect(log.cases.count == 1 && log.refused.isEmpty)
    // To a circle that it was not addressed to.
    let foreign = try SealedNoteCopy(opened, in: story, openedBy: story.circles["counsel"]!.address)
    let other = CustodyLog(vault: story.note, entries: story.all + [foreign.unverified])
    #expect(other.refused.map(\.fault) == [.otherAudience])
  }

  @Test func versionsMadeApartStandBesideEachOtherUntilTheNextNamesBoth() throws {
    let (id, _) = try story.openCase(by: "aigul")
    let first = try story.manifest(id, by: "aigul")
    let sealed = try story.say(.seal, by: story.key("aigul"), to: "reviewers", first.json(vault: story.note.id))
    let record = first.recordID(in: story.note.id)
    func amended(_ version: Int, _ previous: [SHA256Hash], _ object: String) throws -> JSON {
      let base = try Sample.manifest(first.origin, caseID: id.hash, object: object)
      return Manifest(
        origin: base.origin, caseID: base.caseID, previous: previous, version: version, layers: base.layers,
        identityPolicy: base.identityPolicy, commitments: base.commitments
      ).json(vault: story.note.id)
    }
    story.goOffline(story.key("aigul"))
    story.goOffline(story.key("marat"))
    let a = try story.say(.amend, by: story.key("aigul"), to: "reviewers", amended(2, [sealed.note], "a"))
    let b = try story.say(.amend, by: story.key("marat"), to: "reviewers", amended(2, [sealed.note], "b"))
    var history = try #require(story.log().records[record])
    #expect(history.versions.map { history.label($0) } == ["1", "2a", "2b"] && history.newest.count == 2)
    story.comeOnline(story.key("aigul"))
    try story.say(.amend, by: story.key("aigul"), to: "reviewers", amended(3, [a.note, b.note], "c"))
    history = try #require(story.log().records[record])
    #expect(history.versions.map { history.label($0) } == ["1", "2a", "2b", "3"] && history.newest.count == 1)
    // A version that does not follow from what it names, and one that takes another record's id into another case.
    let wrong = try story.say(.amend, by: story.key("aigul"), to: "reviewers", amended(9, [a.note], "d"), keep: false)
    story.add(wrong)
    #expect(story.log().fault(wrong) == .contradiction)
  }

  @Test func aResealTakesThePlaceOfTheManifestThatItNames() throws {
    let (id, _) = try story.openCase(by: "aigul")
    let first = try story.manifest(id, by: "aigul")
    let sealed = try story.say(.seal, by: story.key("aigul"), to: "reviewers", first.json(vault: story.note.id))
    let anew = try Sample.manifest(first.origin, caseID: id.hash, object: "anew")
    let again = try story.say(
      .reseal, by: story.key("marat"), to: "reviewers",
      ResealBody(manifest: anew, replaces: sealed.note).json(vault: story.note.id))
    let history = try #require(story.log().records[first.recordID(in: story.note.id)])
    #expect(history.versions.map(\.note) == [again.note] && history.versions[0].first == sealed.note)
    #expect(history.standing[sealed.note] == again.note && history.label(history.versions[0]) == "1")
  }
}

/// The same signed words in a second file.
struct SealedNoteCopy {
  let unverified: UnverifiedEntry

  init(_ said: LogStory.Said, in story: LogStory, openedBy: Entry.Address? = nil) throws {
    // Ed25519 is deterministic: signing the same entry again gives the same note.
    let sealed = try SealedNote.sign(
      .entry, said.entry.json(), as: KeyName.member(of: story.note.id), with: story.key("aigul"), size: .entry)
    #expect(sealed.ownHash == said.note)
    unverified = UnverifiedEntry(
      file: Sample.hash("a second file"), openedBy: openedBy ?? said.entry.to, sealed: sealed)
  }
}
