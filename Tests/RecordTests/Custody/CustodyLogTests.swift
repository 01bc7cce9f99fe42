import Record
import Sodium
import Testing
import Transparency

/// What the log believes, and what it refuses: by author, signature, vault, addressee and role.
struct CustodyLogTests {
  let founder = SigningKey.generate()
  let note: VaultNote
  let members: CircleBody
  let reviewers: CircleBody
  let counsel: CircleBody
  let aigul = SigningKey.generate()
  let dana = SigningKey.generate()
  private var known: [SHA256Hash] = []
  private var start: [UnverifiedEntry] = []

  init() throws {
    note = try VaultNote(keys: "classic", founder: founder, nonce: [UInt8](repeating: 1, count: 16))
    members = CircleBody(name: "members", number: 1, recipient: "age1members")
    reviewers = CircleBody(name: "reviewers", number: 1, recipient: "age1reviewers")
    counsel = CircleBody(name: "counsel", number: 1, recipient: "age1counsel")
    start = try beginning()
    known = start.map(\.file)
  }

  func unverified(
    _ type: EntryType, by key: SigningKey, to: CircleBody, body: JSON, seq: Int64 = 1, vault: SHA256Hash? = nil,
    openedBy: Entry.Address? = nil, author: SigningKey? = nil
  ) throws -> UnverifiedEntry {
    // Whoever is not the founder knows the beginning.
    let entry = Sample.entry(
      by: author ?? key, type: type, seq: seq, to: to.address, vault: vault ?? note.id, roster: known, body: body)
    let sealed = try SealedNote.sign(
      .entry, entry.json(), as: KeyName.member(of: vault ?? note.id), with: key, size: .entry)
    return UnverifiedEntry(
      file: SHA256Hash(of: sealed.encoded), openedBy: openedBy ?? to.address, sealed: sealed)
  }

  func admission(_ name: String, _ key: SigningKey, _ roles: [Role], publisher: Int?) throws -> JSON {
    let card = try Card(
      name: PersonName(name), recipient: "age1\(name)", signing: key, publisher: SigningKey.generate().verifyingKey,
      registrar: SigningKey.generate().verifyingKey,
      founder: (name == "aigul" ? founder : SigningKey.generate()).verifyingKey)
    return Admission(card: card, roles: roles, displayName: name, publisher: publisher).json
  }

  /// A vault with aigul as counsel, dana as reviewer, and the circles.
  func beginning() throws -> [UnverifiedEntry] {
    [
      try unverified(
        .admit, by: founder, to: members, body: admission("aigul", aigul, [.counsel], publisher: 1), seq: 1),
      try unverified(.circle, by: founder, to: members, body: members.json, seq: 2),
      try unverified(.circle, by: founder, to: members, body: reviewers.json, seq: 3),
      try unverified(.circle, by: founder, to: members, body: counsel.json, seq: 4),
      try unverified(
        .admit, by: founder, to: members, body: admission("dana", dana, [.reviewer], publisher: nil), seq: 5),
    ]
  }

  func caseBody(_ key: SigningKey, nonce: ThingNonce = .random()) -> CaseBody {
    CaseBody(
      origin: Origin(author: KeyHash.of(key.verifyingKey), nonce: nonce), title: "A case", reviewers: "reviewers",
      fields: [:])
  }

  @Test func theBeginningIsBelieved() throws {
    let body = caseBody(aigul)
    let opened = try unverified(.case, by: aigul, to: reviewers, body: body.json)
    let caseID = body.origin.id(.case, in: note.id)
    let manifest = try Sample.manifest(
      Origin(author: KeyHash.of(aigul.verifyingKey), nonce: .random()), caseID: caseID.hash)
    let sealed = try unverified(.seal, by: aigul, to: reviewers, body: manifest.json(vault: note.id), seq: 2)
    let log = CustodyLog(vault: note, entries: (start + [opened, sealed]).shuffled())
    #expect(log.refused.isEmpty)
    #expect(log.roster.members.count == 2 && log.roster.circles.count == 3)
    #expect(log.roster.founderMember?.name == "aigul")
    #expect(log.roster.members(of: "reviewers").map(\.name) == ["aigul", "dana"])
    #expect(log.cases.keys.map(\.self) == [caseID])
    #expect(log.records[manifest.recordID(in: note.id)]?.versions.count == 1)
  }

  func fault(_ entry: UnverifiedEntry, after more: [UnverifiedEntry] = []) throws -> EntryFault? {
    let log = CustodyLog(vault: note, entries: start + more + [entry])
    return log.refused.first { $0.file == entry.file }?.fault
  }

  @Test func refusals() throws {
    let stranger = SigningKey.generate()
    let body = caseBody(aigul).json
    #expect(try fault(unverified(.case, by: stranger, to: reviewers, body: caseBody(stranger).json)) == .unknownAuthor)
    #expect(try fault(unverified(.case, by: stranger, to: reviewers, body: body, author: aigul)) == .signature)
    #expect(try fault(unverified(.case, by: aigul, to: reviewers, body: body, vault: Sample.vault)) == .otherVault)
    #expect(
      try fault(unverified(.case, by: aigul, to: reviewers, body: body, openedBy: counsel.address)) == .otherAudience)
    #expect(try fault(unverified(.case, by: aigul, to: counsel, body: body)) == .otherAudience)
    #expect(try fault(unverified(.case, by: dana, to: reviewers, body: caseBody(dana).json)) == .role)
    #expect(try fault(unverified(.case, by: founder, to: reviewers, body: caseBody(founder).json)) == .role)
    // A reviewer's forged roster entry, and counsel's: only the founder's key writes the roster.
    let forged = try admission("mallory", stranger, [.counsel], publisher: 2)
    for key in [dana, aigul] { #expect(try fault(unverified(.admit, by: key, to: members, body: forged)) == .role) }
    // The same name or key twice, an epoch out of order.
    #expect(
      try fault(
        unverified(
          .admit, by: founder, to: members, body: admission("dana", stranger, [.reviewer], publisher: nil), seq: 6))
        == .contradiction)
    #expect(
      try fault(unverified(.circle, by: founder, to: members, body: reviewers.json, seq: 6)) == .contradiction)
    // Somebody else's origin.
    #expect(try fault(unverified(.case, by: aigul, to: reviewers, body: caseBody(dana).json)) == .malformed(.origin))
    let lost = try Sample.manifest(
      Origin(author: KeyHash.of(aigul.verifyingKey), nonce: .random()), caseID: Sample.record)
    #expect(try fault(unverified(.seal, by: aigul, to: reviewers, body: lost.json(vault: note.id))) == .unknownCase)
  }

  @Test func aForeignClaimToARecordIsRefused() throws {
    let body = caseBody(aigul)
    let opened = try unverified(.case, by: aigul, to: reviewers, body: body.json)
    let caseID = body.origin.id(.case, in: note.id).hash
    let origin = Origin(author: KeyHash.of(aigul.verifyingKey), nonce: .random())
    let first = try Sample.manifest(origin, caseID: caseID).json(vault: note.id)
    let other = try Sample.manifest(origin, caseID: caseID, object: "another").json(vault: note.id)
    let one = try unverified(.seal, by: aigul, to: reviewers, body: first, seq: 2)
    let again = try unverified(.seal, by: aigul, to: reviewers, body: first, seq: 3)
    let claim = try unverified(.seal, by: aigul, to: reviewers, body: other, seq: 4)
    let log = CustodyLog(vault: note, entries: start + [opened, one, again, claim])
    // Neither is hidden by the order of the entries: both are kept, and named.
    #expect(log.records.values.first?.versions.count == 2)
    #expect(log.contested.count == 1 && log.refused.isEmpty)
    // Which of the two that say the same stands for both does not matter.
    #expect(log.contradicted.contains(claim.file) && log.contradicted.count == 2)
  }

  @Test func aCaseThatItsAuthorRedirectsIsContestedAndItsRecordsStay() throws {
    let nonce = ThingNonce.random()
    let author = KeyHash.of(aigul.verifyingKey)
    let body = caseBody(aigul, nonce: nonce)
    let other = CaseBody(
      origin: Origin(author: author, nonce: nonce), title: "A case", reviewers: "members", fields: [:])
    let caseID = body.origin.id(.case, in: note.id)
    let manifest = try Sample.manifest(Origin(author: author, nonce: .random()), caseID: caseID.hash)
    let entries = [
      try unverified(.case, by: aigul, to: reviewers, body: body.json),
      try unverified(.case, by: aigul, to: members, body: other.json, seq: 2),
      try unverified(.seal, by: aigul, to: reviewers, body: manifest.json(vault: note.id), seq: 3),
    ]
    for entries in [entries, entries.reversed()] {
      let log = CustodyLog(vault: note, entries: start + entries)
      #expect(log.contested == [caseID])
      #expect(log.records.count == 1)
    }
  }

  /// A second chain of the founder's key, which may sort before the first, makes nobody else the founder.
  @Test func theFounderIsPublisherOneWhateverTheOrder() throws {
    let mallory = SigningKey.generate()
    let entry = Entry(
      vault: note.id, type: .admit, author: KeyHash.of(founder.verifyingKey), chain: [UInt8](repeating: 0, count: 16),
      seq: 1, prev: nil, backSame: nil, backMembers: nil, roster: [], seen: [], void: [], time: Sample.time,
      to: members.address, content: .parsed(try admission("mallory", mallory, [.reviewer], publisher: nil)))
    let sealed = try SealedNote.sign(
      .entry, entry.json(), as: KeyName.member(of: note.id), with: founder, size: .entry)
    let first = UnverifiedEntry(file: SHA256Hash(of: sealed.encoded), openedBy: members.address, sealed: sealed)
    let log = CustodyLog(vault: note, entries: [first] + start)
    #expect(log.refused.isEmpty && log.roster.members.count == 3)
    #expect(log.roster.founderMember?.name == "aigul")
  }

  @Test func anEpochThatTheFounderDidNotNameSpeaksToNobody() throws {
    let invented = CircleBody(name: "reviewers", number: 2, recipient: "age1invented")
    #expect(try fault(unverified(.case, by: aigul, to: invented, body: caseBody(aigul).json)) == .otherAudience)
  }

  @Test func unknownTypesForAllMembersStopWriting() throws {
    let news = try unverified(.unknown("later"), by: founder, to: members, body: [:], seq: 6)
    let log = CustodyLog(vault: note, entries: start + [news])
    #expect(log.refused.isEmpty && log.mayMissRoster)
    #expect(!CustodyLog(vault: note, entries: start).mayMissRoster)
    // A reviewer could stop all writing with it: not from everybody.
    let noise = try unverified(.unknown("later"), by: dana, to: members, body: [:])
    #expect(!CustodyLog(vault: note, entries: start + [noise]).mayMissRoster)
  }

  @Test func entriesOfANewerVersionCountOnlyFromThoseWhoMayWriteThem() throws {
    for (key, counts) in [(founder, true), (aigul, true), (dana, false)] {
      let text = Array("testimony-vault/entry/v2\n{}\n".utf8)
      let signed = try SignedNote.sign(text: text, name: KeyName.member(of: note.id), key: key)
      let one = UnreadableEntry(file: Sample.hash("v2"), openedBy: members.address, note: signed)
      let log = CustodyLog(vault: note, entries: start, newer: [one])
      #expect(log.mayMissRoster == counts && log.newer.count == (counts ? 1 : 0))
    }
  }
}
