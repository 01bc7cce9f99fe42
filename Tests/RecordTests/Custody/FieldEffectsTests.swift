import Record
import Sodium
import Testing

/// What the log says of field devices, and what it believes.
struct FieldEffectsTests {
  let story: LogStory
  let device = SigningKey.generate()
  let caseID: ThingID
  private let until = ClaimedTime(clamping: 1_900_000_000)

  init() throws {
    story = try LogStory()
    try story.admit("erlan", [.custodian])
    caseID = try story.openCase(by: "marat").id
  }

  private var kit: SHA256Hash { KeyHash.of(device.verifyingKey) }

  @discardableResult
  private func kit(by name: String = "marat", to circle: String = "members", until: Int64 = 1_900_000_000) throws
    -> LogStory.Said
  {
    let body = KitBody(key: device.verifyingKey, until: ClaimedTime(clamping: until))
    return try story.say(.kit, by: story.key(name), to: circle, body.json)
  }

  private func revoke(_ last: (Int, String)?, by name: String = "marat") throws -> LogStory.Said {
    let body = KitRevokeBody(kit: kit, last: last.map { .init(number: $0.0, head: Sample.hash($0.1)) })
    return try story.say(.kitRevoke, by: story.key(name), to: "members", body.json)
  }

  private func worker(_ name: String = "dana") throws -> LogStory.Said {
    let body = WorkerBody(
      kit: kit, name: try PersonName(name), receipts: "age1kit", rule: .twoCounsel, counsel: Sample.hash("epoch"),
      policy: Sample.hash("policy"), caseID: nil)
    return try story.say(.worker, by: story.key("marat"), to: "counsel", body.json)
  }

  private func head(_ number: Int = 1, by key: SigningKey? = nil) throws -> (head: DropHead, signed: SealedNote) {
    let head = try FieldSample.head(number: number, previous: nil, void: [], key: key ?? device, vault: story.note.id)
    return (head, try head.signed(with: key ?? device))
  }

  private func note(
    _ one: (head: DropHead, signed: SealedNote), kit: SHA256Hash? = nil, number: Int? = nil, note: SHA256Hash? = nil,
    record: SHA256Hash? = nil, standing: NoteBody.Standing = .filed, by name: String = "marat"
  ) throws -> LogStory.Said {
    let body = NoteBody(
      source: .drop(
        head: EmbeddedNote(one.signed.note), note: note ?? one.signed.ownHash, kit: kit ?? self.kit,
        number: number ?? one.head.number), record: record ?? one.head.record.hash, standing: standing, reason: nil,
      time: Sample.time)
    return try story.say(.note, by: story.key(name), to: "counsel", body.json)
  }

  @Test func aKitItsWorkerAndItsNotesAreTold() throws {
    try kit()
    _ = try worker()
    let one = try head()
    _ = try note(one)
    let log = story.log()
    let told = try #require(log.kits[kit])
    #expect(log.refused.isEmpty && told.worker?.name == "dana" && told.notes.count == 1 && !told.isRevoked)
    #expect(told.body.until == until && told.standing(of: one.signed.ownHash) == .filed)
    #expect(told.standing(of: Sample.hash("another")) == nil)
  }

  @Test(arguments: ["dana", "erlan"])
  func counselAloneSpeakOfKits(name: String) throws {
    #expect(try story.fault(of: kit(by: name)) == .role)
    try kit()
    #expect(try story.fault(of: revoke(nil, by: name)) == .role)
    #expect(try story.fault(of: note(head(), by: name)) == .role)
    #expect(story.log().kits[kit]?.isRevoked == false)
  }

  @Test func eachEntryHasItsAudience() throws {
    #expect(try story.fault(of: kit(to: "counsel")) == .otherAudience)
    #expect(story.log().kits.isEmpty)
  }

  /// Which of two entries for one key holds is for their hashes to say: on every machine it is the same one.
  @Test func oneEntryOfAKeyHoldsAndOnEveryMachineTheSame() throws {
    let said = [try kit(), try kit(by: "aigul", until: 1_990_000_000)]
    let refused = said.map { story.log().fault($0) }
    #expect(refused.filter { $0 == .contradiction }.count == 1 && refused.contains(nil))
    for _ in 0..<5 { #expect(said.map { story.log().fault($0) } == refused) }
  }

  @Test func aKitHasOneWorker() throws {
    try kit()
    let said = [try worker(), try worker("other")]
    let refused = said.map { story.log().fault($0) }
    #expect(refused.filter { $0 == .contradiction }.count == 1 && refused.contains(nil))
    #expect(story.log().kits[kit]?.worker?.name == (refused[0] == nil ? "dana" : "other"))
  }

  @Test func nothingIsSaidOfAKitThatNobodyMade() throws {
    for said in [try revoke(nil), try worker(), try note(head())] {
      #expect(story.log().fault(said) == .unknownKit)
    }
  }

  @Test func theNarrowestRevocationHolds() throws {
    try kit()
    _ = try revoke((7, "seven"))
    _ = try revoke((3, "three"), by: "aigul")
    _ = try revoke((5, "five"))
    #expect(story.log().kits[kit]?.end?.last == .init(number: 3, head: Sample.hash("three")))
    _ = try revoke(nil, by: "aigul")
    #expect(story.log().kits[kit]?.end?.last == nil && story.log().kits[kit]?.isRevoked == true)
  }

  @Test func aNoteSaysWhatTheKitsOwnHeadSays() throws {
    try kit()
    let one = try head()
    let field = EntryFault.malformed(.field("head"))
    #expect(try story.fault(of: note(one, number: 2)) == field)
    #expect(try story.fault(of: note(one, note: Sample.hash("x"))) == field)
    #expect(try story.fault(of: note(one, record: Sample.hash("x"))) == field)
    let stranger = SigningKey.generate()
    #expect(try story.fault(of: note(head(by: stranger))) == .malformed(.signature))
    // In the kit's name, by another key.
    let forged = (one.head, try one.head.signed(with: stranger))
    #expect(try story.fault(of: note(forged)) == .malformed(.signature))
    #expect(story.log().kits[kit]?.notes.isEmpty == true)
  }

  @Test func filedOutweighsKeptApart() throws {
    try kit()
    let one = try head()
    _ = try note(one, standing: .quarantined)
    #expect(story.log().kits[kit]?.standing(of: one.signed.ownHash) == .quarantined)
    _ = try note(one)
    #expect(story.log().kits[kit]?.standing(of: one.signed.ownHash) == .filed)
  }

  @Test func aRecordOfAKitsOriginTakesAKit() throws {
    let one = try head()
    func seal() throws -> LogStory.Said {
      try story.say(
        .seal, by: story.key("marat"), to: "reviewers", one.head.manifest(in: caseID.hash).json(vault: story.note.id))
    }
    let before = try seal()
    #expect(story.log().fault(before) == .malformed(.origin) && story.log().records[one.head.record] == nil)
    try kit()
    let after = try seal()
    #expect(story.log().fault(after) == nil && story.log().records[one.head.record] != nil)
  }
}
