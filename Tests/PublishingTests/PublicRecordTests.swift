import Publishing
import Record
import Sodium
import Testing
import Transparency

/// What anyone believes of what a vault says in public.
struct PublicRecordTests {
  let founder = SigningKey.generate()
  let publisher = SigningKey.generate()
  let second = SigningKey.generate()
  let vault: VaultNote
  let caseID = ThingID(kind: .case, hash: SHA256Hash(of: Array("case".utf8)))

  init() throws {
    vault = try VaultNote(keys: "hybrid", founder: founder, nonce: [UInt8](repeating: 1, count: 16))
  }

  func keys(number: Int = 1, previous: SHA256Hash? = nil, threshold: Int = 1, by key: SigningKey? = nil) throws -> (
    FoundNote, SHA256Hash
  ) {
    var note = KeysNote(
      number: number, previous: previous, founder: founder.verifyingKey,
      publishers: [1: publisher.verifyingKey, 2: second.verifyingKey], registrar: founder.verifyingKey,
      counsel: "age1counsel")
    note.thresholds.publish = threshold
    let signed = try note.signed(for: vault.id, with: key ?? founder)
    return (
      FoundNote(place: "public/vault/\(number)-\(signed.hash)", folder: "vault", number: number, bytes: signed.encoded),
      signed.hash
    )
  }

  func text(
    _ summary: String, number: Int = 1, previous: SHA256Hash? = nil, publisher number2: Int = 1, folder: String? = nil,
    fileNumber: Int? = nil
  ) throws -> (FoundNote, SHA256Hash) {
    let note = try CaseNote(
      id: caseID, vault: vault.id, number: number, previous: previous, details: [], summary: summary + "\n",
      publisher: number2, with: number2 == 1 ? publisher : second)
    return (
      FoundNote(
        place: "public/c/\(summary)-\(number2)", folder: folder ?? caseID.shown(), number: fileNumber ?? number,
        bytes: note.note.encoded),
      note.note.hash
    )
  }

  @Test func theNewestTextCounts() throws {
    let one = try text("one")
    let two = try text("two", number: 2, previous: one.1)
    let record = PublicRecord(vault: vault, keysNotes: [try keys().0], caseNotes: [two.0, one.0])
    #expect(record.faults.isEmpty)
    #expect(record.cases.map(\.note.summary) == ["two\n"])
  }

  @Test func aForkIsShownWithBothTexts() throws {
    let record = PublicRecord(
      vault: vault, keysNotes: [try keys().0], caseNotes: [try text("one").0, try text("other").0])
    #expect(Set(record.cases.map(\.note.summary)) == ["one\n", "other\n"])
    #expect(record.forked == [caseID])
    #expect(record.faults.map(\.fault) == [.fork, .fork])
  }

  /// A number is what a publisher states: a great one costs nothing, and its gap is named.
  @Test func aGreatNumberIsNoWork() throws {
    let far = try text("far", number: 1_000_000, previous: SHA256Hash(of: [1])).0
    let record = PublicRecord(vault: vault, keysNotes: [try keys().0], caseNotes: [try text("one").0, far])
    #expect(
      Dictionary(uniqueKeysWithValues: record.cases.map { ($0.note.summary, $0.isConnected) }) == [
        "far\n": false, "one\n": true,
      ])
    #expect(record.faults.map(\.fault) == [.gap])
    let other = try text("one", fileNumber: 2).0
    #expect(
      PublicRecord(vault: vault, keysNotes: [try keys().0], caseNotes: [other]).faults.map(\.fault) == [.otherName])
  }

  /// A publisher who skips a number does not get past the text of another.
  @Test func aTextThatSkipsANumberIsNoSuccessor() throws {
    let one = try text("one")
    let two = try text("two", number: 2, previous: one.1).0
    let three = try text("three", number: 3, previous: one.1).0
    let record = PublicRecord(vault: vault, keysNotes: [try keys().0], caseNotes: [one.0, two, three])
    #expect(record.forked == [caseID])
    #expect(record.cases.filter(\.isConnected).map(\.note.summary) == ["two\n"])
  }

  /// Whoever had two numbers would have two signatures: such a note is not signed, and not read.
  @Test func oneKeyHasOneNumber() throws {
    var note = KeysNote(
      number: 1, previous: nil, founder: founder.verifyingKey, publishers: [1: publisher.verifyingKey],
      registrar: founder.verifyingKey, counsel: "age1counsel")
    #expect(note.add(publisher: publisher.verifyingKey) == 2)
    #expect(throws: RecordError.field("publisher")) { try note.signed(for: vault.id, with: founder) }
    let key = Hex.encode(publisher.verifyingKey.bytes)
    let one = try keys().0
    let text = try SignedNote(parsing: one.bytes.span).text
    let twice = String(decoding: text, as: UTF8.self).replacing(
      Hex.encode(second.verifyingKey.bytes), with: key)
    let signed = try SignedNote.sign(text: Array(twice.utf8), name: KeyName.founder(of: vault.id), key: founder)
    let found = FoundNote(place: "public/vault/1", folder: "vault", number: 1, bytes: signed.encoded)
    let record = PublicRecord(vault: vault, keysNotes: [found], caseNotes: [])
    #expect(record.keys == nil)
    #expect(record.faults.map(\.fault) == [.malformed(.field("publisher"))])
  }

  /// What a removed publisher back-dates is refused; what was listed at the removal stays.
  @Test func anEndedPublisherSpeaksNoMore() throws {
    let (one, two) = (try text("one", publisher: 2), try text("two", publisher: 2))
    var note = KeysNote(
      number: 1, previous: nil, founder: founder.verifyingKey,
      publishers: [1: publisher.verifyingKey, 2: second.verifyingKey], registrar: founder.verifyingKey,
      counsel: "age1counsel")
    try note.end(publisher: 2, signed: [one.1])
    let signed = try note.signed(for: vault.id, with: founder)
    let keys = FoundNote(place: "public/vault/1", folder: "vault", number: 1, bytes: signed.encoded)
    let listed = PublicRecord(vault: vault, keysNotes: [keys], caseNotes: [one.0])
    #expect(listed.faults.isEmpty && listed.cases.map(\.publishers) == [[2]])
    let both = PublicRecord(vault: vault, keysNotes: [keys], caseNotes: [one.0, two.0])
    #expect(both.cases.map(\.note.summary) == ["one\n"])
    #expect(both.faults.map(\.fault) == [.tooFewPublishers(have: 0, need: 1)])
  }

  @Test func signaturesOfOneTextAreUnited() throws {
    let keys = try keys(threshold: 2).0
    let alone = PublicRecord(vault: vault, keysNotes: [keys], caseNotes: [try text("one").0])
    #expect(alone.cases.isEmpty)
    #expect(alone.faults.map(\.fault) == [.tooFewPublishers(have: 1, need: 2)])
    let both = PublicRecord(
      vault: vault, keysNotes: [keys], caseNotes: [try text("one").0, try text("one", publisher: 2).0])
    #expect(both.faults.isEmpty)
    #expect(both.cases.first?.publishers == [1, 2])
  }

  @Test func strangersAndGapsAreNotBelieved() throws {
    let forged = try keys(by: SigningKey.generate()).0
    let record = PublicRecord(vault: vault, keysNotes: [forged], caseNotes: [try text("one").0])
    #expect(record.keys == nil && record.cases.isEmpty)
    let gap = try keys(number: 3, previous: SHA256Hash(of: [1])).0
    #expect(PublicRecord(vault: vault, keysNotes: [try keys().0, gap], caseNotes: []).faults.map(\.fault) == [.gap])
    let elsewhere = try text("one", folder: "C-0000-0000").0
    #expect(
      PublicRecord(vault: vault, keysNotes: [try keys().0], caseNotes: [elsewhere]).faults.map(\.fault) == [
        .otherName
      ])
    let late = try text("two", number: 2, previous: SHA256Hash(of: [2])).0
    #expect(PublicRecord(vault: vault, keysNotes: [try keys().0], caseNotes: [late]).faults.map(\.fault) == [.gap])
  }

  @Test func twoKeysNotesInOnePlaceAreAFork() throws {
    let (one, two) = (try keys().0, try keys(threshold: 2).0)
    let record = PublicRecord(vault: vault, keysNotes: [one, two], caseNotes: [try text("one").0])
    #expect(record.keys == nil && record.keysAreUnclear)
    #expect(record.faults.filter { $0.fault == .fork }.count == 2)
  }
}
