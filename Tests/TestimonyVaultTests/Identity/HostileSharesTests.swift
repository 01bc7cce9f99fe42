import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import Shares
@testable import TestimonyVault

/// Shares that are not what they should be: each refused, and whoever did it is named, nobody else.
struct HostileSharesTests {
  /// What a lying custodian sends in place of an own share, and what it is taken for.
  enum Lie: CaseIterable, Sendable {
    case anotherRecord, anotherRequest, anotherVersion, anotherVault, anotherPolicy, flippedWord, anothersShare, nothing
    case rubbish, longList
  }

  @Test(arguments: Lie.allCases)
  func aLyingCustodianIsNamedAndTheOthersOpen(lie: Lie) throws {
    let office = try QuorumOffice(2, of: 3)
    if lie == .anotherVersion {
      var draft = RecordDraft(caseID: office.caseID, amends: office.record)
      draft.identity = ["name": "another"]
      _ = try office.counsel().seal([draft])
    }
    let before = try office.ask()
    try office.approve(before, by: 1)
    let asked = try office.ask()
    try office.approve(asked, by: 2)
    let liar = office.custodians[0]
    let own = try office.notes(asked, of: 1)
    let wrong = try Self.send(lie, own, asked, before, liar, office)
    let expected = wrong.map {
      Accusation(.custodian, "c1", version: $0 == .otherPlace && lie == .anotherVersion ? 2 : 1, $0)
    }
    let refused = failure { _ = try office.open(asked) }
    #expect(refused?.shortfall?.have == 1)
    // A version that is not the one in doubt may be told of first.
    if let expected, lie != .anotherVersion { #expect(refused?.accused == [expected]) }
    if wrong == nil { #expect(refused?.accused == []) }
    // With another honest one it opens, and the liar stays named.
    try office.approve(asked, by: 3)
    let opened = try office.open(asked)
    #expect(opened.versions.allSatisfy { $0.opened != nil })
    #expect(opened.accused.allSatisfy { $0.role == .custodian && $0.name == "c1" })
    if let wrong { #expect(opened.accused.map(\.wrong) == [wrong]) }
  }

  private static func send(
    _ lie: Lie, _ own: [ShareNote?], _ asked: Requested, _ before: Requested, _ liar: MemberKey, _ office: QuorumOffice
  ) throws -> Accusation.Wrong? {
    let note = try #require(own.first ?? nil)
    switch lie {
    case .anotherRecord:
      let other = try #require(try office.counsel().seal([SealingTests.draft(office.caseID)]).first).id
      let foreign = try office.ask(of: other)
      try office.forge(asked, by: liar, sending: office.notes(foreign, of: 1))
      return .otherPlace
    case .anotherRequest:
      let approval = try #require(try office.counsel().findRequest(before.id.shown()).history.approvals.first)
      try office.forge(asked.note, by: liar, file: approval.body.shares)
      return .doesNotOpen
    case .anotherVersion:
      try office.forge(asked, by: liar, sending: [note, note])
      return .otherPlace
    case .anotherVault:
      // Signed by the sealer, for a vault of the same people.
      try office.forge(
        asked, by: liar, sending: [QuorumOffice.resign(note, by: office.bolat) { $0.with(vault: SHA256Hash(of: [1])) }])
      return .otherPlace
    case .anotherPolicy:
      try office.forge(
        asked, by: liar, sending: [QuorumOffice.resign(note, by: office.bolat) { $0.with(policy: SHA256Hash(of: [1])) }]
      )
      return .otherPlace
    case .flippedWord:
      // Two letters of a word change places under the old signature.
      var changed = bytes(of: note.encoded.secret)
      let words = bytes(of: note.words.secret)
      guard let place = changed.indices.first(where: { changed[$0...].starts(with: words) }),
        let other = words.indices.dropLast().first(where: {
          words[$0] != words[$0 + 1] && words[$0 + 1] != 32 && words[$0] != 32
        })
      else { return nil }
      changed.swapAt(place + other, place + other + 1)
      try office.forge(asked, by: liar, sending: [ShareNote(parsing: changed.span)])
      return .signature
    case .anothersShare:
      // The key of the second custodian was copied: the share is theirs all the same.
      try office.forge(asked, by: liar, sending: office.notes(asked, of: 3))
      return .otherHolder
    case .nothing:
      try office.forge(asked, by: liar, sending: [nil])
      return nil
    case .rubbish:
      let fresh = try NativeRecipient(parsing: asked.body.recipient)
      try office.forge(asked.note, by: liar, file: AgeFile.seal(Array("5\nhello".utf8).span, to: [fresh]))
      return .malformed
    case .longList:
      let fresh = try NativeRecipient(parsing: asked.body.recipient)
      try office.forge(asked.note, by: liar, file: AgeFile.seal(Array("9999999\n".utf8).span, to: [fresh]))
      return .malformed
    }
  }

  @Test func oneShareTwiceIsOne() throws {
    let office = try QuorumOffice(2, of: 3)
    let asked = try office.ask()
    try office.approve(asked, by: 1)
    // By the same hand again, and by another device of the same person.
    try office.forge(asked, by: office.custodians[0], sending: office.notes(asked, of: 1))
    let second = MemberKey.make(try PersonName("c1-phone"), kind: .classic, vault: office.sample.founded.note.id)
    _ = try office.sample.founder().admit(
      second.card(), roles: [.custodian], displayName: "c1", samePersonAs: "c1")
    let note = try #require(try office.shares().first { $0.claims.number == 1 })
    try office.forge(asked, by: second, sending: [note])
    #expect(failure { _ = try office.open(asked) }?.shortfall?.have == 1)
    #expect(try office.counsel().findRequest(asked.id.shown()).approved == ["c1"])
  }

  @Test func theSecondDeviceSaysWhereTheShareIs() throws {
    let office = try QuorumOffice(2, of: 3)
    let second = MemberKey.make(try PersonName("c1-phone"), kind: .classic, vault: office.sample.founded.note.id)
    _ = try office.sample.founder().admit(second.card(), roles: [.custodian], displayName: "c1", samePersonAs: "c1")
    let stranger = try office.sample.admit("kuanysh", [.custodian])
    let asked = try office.ask()
    let elsewhere = failure { _ = try office.sample.session(second).approve([asked.id]) }
    guard case .request(_, .shareElsewhere("c1")) = elsewhere else {
      return fault("the second device approved: \(String(describing: elsewhere))")
    }
    guard case .request(_, .noShare) = failure({ _ = try office.sample.session(stranger).approve([asked.id]) }) else {
      return fault("somebody without a share approved")
    }
    guard case .needsRole(.custodian) = failure({ _ = try office.counsel().approve([asked.id]) }) else {
      return fault("counsel approved")
    }
  }

  /// A sealer whose words are not those that he commits to: the custodian's program says so before anything is sent.
  @Test func aSealersFalseWordsAreNamedByTheCustodian() throws {
    let office = try QuorumOffice(2, of: 3)
    let notes = try office.shares()
    let lied = try notes.map { note in
      note.claims.number == 1
        ? try QuorumOffice.resign(note, by: office.bolat, words: notes[1].words.secret.clone()) : note
    }
    try office.replaceShares(with: lied)
    let asked = try office.ask()
    let accusation = Accusation(.sealer, "bolat", version: 1, .words)
    #expect(failure { try office.approve(asked, by: 1) }?.accused == [accusation])
    guard case .bad([accusation], good: 0) = try office.custodian(1).findRequest(asked.id.shown()).own else {
      return fault("pending does not say so")
    }
    // Whoever sends it on all the same has done nothing, and the others open.
    try office.forge(asked, by: office.custodians[0], sending: [lied[0]])
    try office.approve(asked, by: 2)
    #expect(failure { _ = try office.open(asked) }?.accused == [accusation])
    try office.approve(asked, by: 3)
    #expect(try office.open(asked).accused == [accusation])
  }

  /// Shares that are signed and committed to, and do not make the identity's key.
  @Test func aSealersFalseSharesAreNamedByTheRequester() throws {
    let office = try QuorumOffice(2, of: 3)
    let notes = try office.shares()
    let others = try SecretSharing.split(.random(count: 32), threshold: 2, of: 3).map { SecretBox($0.encoded()) }
    let set = try Mnemonic(parsing: bytes(of: others[0].secret).span).identifier
    let hashes = notes.map { note in
      hash(of: others[note.claims.number - 1].secret, number: note.claims.number, salt: note.claims.salt)
    }
    let lied = try notes.map { note in
      try QuorumOffice.resign(note, by: office.bolat, words: others[note.claims.number - 1].secret.clone()) {
        $0.with(set: set, hashes: hashes)
      }
    }
    try office.replaceShares(with: lied)
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2, 3)
    #expect(failure { _ = try office.open(asked) }?.accused == [Accusation(.sealer, "bolat", version: 1, .otherKey)])
    // The key is still here: nothing was opened.
    #expect(try office.counsel().seen.requests.count == 1)
  }

  /// One of a sealer's shares is false, under his own hashes: any two others open, and he is named.
  @Test func oneFalseShareOfTheSealersDoesNotStopTheOthers() throws {
    let office = try QuorumOffice(2, of: 3)
    let notes = try office.shares()
    let words = try Self.anotherValue(#require(notes.first { $0.claims.number == 1 }))
    let hashes = notes.map { note in
      note.claims.number == 1
        ? hash(of: words.secret, number: 1, salt: note.claims.salt) : note.claims.hashes[note.claims.number - 1]
    }
    let lied = try notes.map { note in
      try QuorumOffice.resign(
        note, by: office.bolat, words: note.claims.number == 1 ? words.secret.clone() : note.words.secret.clone()
      ) {
        $0.with(hashes: hashes)
      }
    }
    try office.replaceShares(with: lied)
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let accusation = Accusation(.sealer, "bolat", version: 1, .otherKey)
    #expect(failure { _ = try office.open(asked) }?.accused == [accusation])
    try office.approve(asked, by: 3)
    let opened = try office.open(asked)
    #expect(opened.versions.first?.opened != nil)
    // Which two are tried first follows from the entries' hashes: where they are the good ones, nobody looks at the third.
    #expect([[], [accusation]].contains(opened.accused))
  }

  /// A well-formed share of the same set and number with another value.
  private static func anotherValue(_ note: ShareNote) throws -> SecretBox {
    let share = try Mnemonic(parsing: bytes(of: note.words.secret).span)
    return SecretBox(Mnemonic(share.fields, value: SecretBox(.random(count: 32))).encoded())
  }

  /// A sealer who tells each custodian another list of the shares.
  @Test func twoListsAreTheSealersDoing() throws {
    let office = try QuorumOffice(2, of: 3)
    let notes = try office.shares()
    let lied = try notes.map { note in
      var hashes = note.claims.hashes
      hashes[note.claims.number % 3] = SHA256Hash(of: [UInt8(note.claims.number)])
      return try QuorumOffice.resign(note, by: office.bolat) { $0.with(hashes: hashes) }
    }
    try office.replaceShares(with: lied)
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2, 3)
    #expect(failure { _ = try office.open(asked) }?.accused == [Accusation(.sealer, "bolat", version: 1, .twoLists)])
  }

  /// What a lock file's author puts into it that the sealer never made for it.
  @Test func aLockFileOfSomebodyElsesMakingIsNamedByTheCustodian() throws {
    let office = try QuorumOffice(2, of: 3)
    let other = try #require(try office.counsel().seal([SealingTests.draft(office.caseID)]).first).id
    let foreign = try office.notes(office.ask(of: other), of: 1)
    var notes = try office.shares()
    let set = notes[0].claims.set
    // Under the right address, a share of another record; and one that a reviewer signed.
    let dana = try office.sample.admit("dana", [.reviewer])
    notes[1] = try QuorumOffice.resign(notes[1], by: dana) { $0.with(author: dana.hash) }
    let session = try office.counsel()
    let version = try session.newest(office.record)
    let found = try session.reader().locks.found(version.note)
    var locks = found.flatMap(\.note.locks).filter { $0.carries != .layer(.identity) }
    for (number, note) in [(1, try #require(foreign.first ?? nil)), (2, notes[1]), (3, notes[2])] {
      locks.append(
        LocksNote.Lock(
          carries: .layer(.identity), to: .share(ShareAddress(number: number, policy: office.policy, set: set)),
          file: try IdentitySplitting.seal(
            note.encoded.secret, to: office.custodians[number == 3 ? 0 : number - 1].identity.recipient)))
    }
    for one in found { try FileManager.default.removeItem(at: office.sample.path(ObjectPlace(.locks, one.file))) }
    try SuccessorTests.forge(by: office.sample.founded.key, session, office.record, version.note, locks)
    let asked = try office.ask()
    for (number, wrong) in [(1, Accusation.Wrong.otherPlace), (2, .stranger), (3, .doesNotOpen)] {
      #expect(
        failure { try office.approve(asked, by: number) }?.accused == [
          Accusation(.lockAuthor, "aigul", version: 1, wrong)
        ])
    }
  }

  /// A request whose lock file is another record's.
  @Test func aRequesterWhoNamesAnotherRecordIsNamed() throws {
    let office = try QuorumOffice(2, of: 3)
    let other = try #require(try office.counsel().seal([SealingTests.draft(office.caseID)]).first).id
    let (own, foreign) = (try office.ask(), try office.ask(of: other))
    let body = RequestBody(
      origin: Origin(author: office.bolat.hash, nonce: .random()), record: own.body.record,
      identities: foreign.body.identities, purpose: "x", order: nil, recipient: own.body.recipient,
      until: own.body.until)
    let id = try Self.say(body, office)
    #expect(
      failure { _ = try office.custodian(1).approve([id]) }?.accused == [
        Accusation(.requester, "bolat", version: 1, .otherPlace)
      ])
    // And one under a policy that the founder never stated.
    let one = try #require(own.body.identities.first)
    let strange = RequestBody(
      origin: Origin(author: office.bolat.hash, nonce: .random()), record: own.body.record,
      identities: [
        RequestBody.Identity(
          manifest: one.manifest, version: 1, object: one.object, recipient: one.recipient,
          policy: SHA256Hash(of: [1]), sealer: one.sealer, set: one.set, lock: one.lock)
      ], purpose: "x", order: nil, recipient: own.body.recipient, until: own.body.until)
    let unknown = try Self.say(strange, office)
    guard case .request(_, .unknownPolicy) = failure({ _ = try office.custodian(1).approve([unknown]) }) else {
      return fault("a policy that nobody stated")
    }
  }

  /// A text that was altered after an approval is another request: neither counts any more.
  @Test func aRequestWithTwoTextsIsNone() throws {
    let office = try QuorumOffice(2, of: 3)
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let body = RequestBody(
      origin: asked.body.origin, record: asked.body.record, identities: asked.body.identities,
      purpose: "something else",
      order: nil, recipient: asked.body.recipient, until: asked.body.until)
    _ = try Self.say(body, office)
    for attempt in [
      { _ = try office.open(asked) }, { try office.approve(asked, by: 3) },
      { try office.custodian(3).deny(asked.id, reason: "x") },
    ] as [() throws -> Void] {
      guard case .request(_, .twoTexts) = failure(attempt) else {
        Issue.record("two texts")
        continue
      }
    }
    // The approvals name the first text alone.
    let all = try office.counsel().log.requests().filter { $0.id == asked.id }
    #expect(
      Dictionary(uniqueKeysWithValues: all.map { ($0.body.purpose, $0.approvals.count) }) == [
        "a court": 2, "something else": 0,
      ])
    try office.counsel().cancel(asked.id)
    #expect(try office.counsel().log.requests().filter { $0.id == asked.id }.allSatisfy { $0.cancelled != nil })
  }

  private static func say(_ body: RequestBody, _ office: QuorumOffice) throws -> ThingID {
    let session = try office.counsel()
    try session.write { writing in
      let circle = try session.circle(CircleName.custodians)
      try writing.stage(
        writing.chain.entry(
          .request, by: office.bolat.signing, to: circle.body, circle.recipient, body: body.json(vault: session.note.id)
        ))
    }
    return body.id(in: session.note.id)
  }

  @Test func aCustodianWhoLeftMeanwhileDoesNotCount() throws {
    let office = try QuorumOffice(2, of: 3)
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    _ = try office.sample.founder().remove("c1", reason: "left")
    let short = try #require(failure { _ = try office.open(asked) }?.shortfall)
    #expect(short.have == 1 && short.ended == ["c1"] && short.missing == ["c3"])
    try office.approve(asked, by: 3)
    #expect(try office.open(asked).approvers == ["c2", "c3"])
  }

  /// A counsel who sealed nothing there cannot make a custodian's false share pass.
  @Test func aShareThatAnotherCounselSignedIsNone() throws {
    let office = try QuorumOffice(2, of: 3)
    let asked = try office.ask()
    try office.approve(asked, by: 2)
    let note = try #require(try office.notes(asked, of: 1).first ?? nil)
    let forged = try QuorumOffice.resign(note, by: office.sample.founded.key) {
      $0.with(author: office.sample.founded.key.hash)
    }
    try office.forge(asked, by: office.custodians[0], sending: [forged])
    let refused = failure { _ = try office.open(asked) }
    #expect(refused?.shortfall?.have == 1)
    #expect(refused?.accused == [Accusation(.sealer, "aigul", version: 1, .stranger)])
    try office.approve(asked, by: 3)
    #expect(try office.open(asked).versions.first?.opened != nil)
  }

  /// Where one version's shares are false, the others are opened only if the requester gives it up.
  @Test func oneVersionsLyingSealerDoesNotCloseTheOthers() throws {
    let office = try QuorumOffice(2, of: 3)
    var draft = RecordDraft(caseID: office.caseID, amends: office.record)
    draft.identity = ["name": "another"]
    _ = try office.counsel().seal([draft])
    let notes = try office.shares(of: "2")
    let lied = try notes.map {
      try QuorumOffice.resign($0, by: office.bolat, words: notes[$0.claims.number % 3].words.secret.clone())
    }
    try office.replaceShares(of: "2", with: lied)
    let asked = try office.ask()
    let approved = try office.custodian(1).approve([asked.id])
    #expect(approved.map(\.shares) == [1] && approved[0].accused == [Accusation(.sealer, "bolat", version: 2, .words)])
    try office.approve(asked, by: 2, 3)
    #expect(failure { _ = try office.open(asked) }?.shortfall?.have == 0)
    let opened = try office.open(asked, partly: true)
    #expect(opened.versions.map { $0.opened != nil } == [true, false])
  }
}
