import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What more than one publisher must sign, and what a publisher who leaves is still believed for.
struct CountersigningTests {
  static func vault(publish: Int) throws -> (sample: SampleVault, bolat: MemberKey, nura: MemberKey, ThingID) {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let nura = try sample.admit("nura", [.counsel])
    var thresholds = KeysNote.Thresholds()
    thresholds.publish = publish
    try sample.founder().set(thresholds)
    return (sample, bolat, nura, try RotatingTests.open(sample.founder(), "a"))
  }

  static func published(_ sample: SampleVault) throws -> PublicRecord {
    try sample.vault().publicListing(of: sample.founded.note).record
  }

  @Test func aSummaryIsPublicWhenEnoughHaveSigned() throws {
    let (sample, bolat, nura, caseID) = try Self.vault(publish: 3)
    let done = try sample.founder().publish(caseID, details: [], summary: "what was seen\n")
    #expect(done.need == 3)
    let folder = sample.folder.appending(path: "Vault/public/\(caseID.shown())")
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    let text = try sample.session(bolat).awaiting(caseID.shown())
    #expect(text.text.hasSuffix("\nwhat was seen\n") && text.signed == [1])
    #expect(throws: VaultError.self) { try sample.founder().countersign(text) }
    // Two who sign apart, each behind the first.
    #expect(try !sample.session(bolat).countersign(text).isEnough)
    #expect(try sample.session(bolat).awaiting(caseID.shown()).signed == [1, 2])
    #expect(throws: VaultError.self) { try sample.session(bolat).countersign(text) }
    #expect(try sample.session(nura).countersign(text).isEnough)
    let open = try Self.published(sample)
    #expect(open.cases.first?.publishers == [1, 2, 3] && open.faults.isEmpty)
    #expect(try sample.founder().awaiting().isEmpty)
    #expect(try RotatingTests.verify(sample.founder()).isEmpty)
    // The next text stands on its own.
    _ = try sample.session(nura).publish(caseID, details: [], summary: "more\n")
    #expect(try sample.founder().awaiting(caseID.shown()).signed == [3])
  }

  @Test func ofTwoTextsForOnePlaceTheOtherIsOvertaken() throws {
    let (sample, bolat, nura, caseID) = try Self.vault(publish: 2)
    _ = try sample.founder().publish(caseID, details: [], summary: "one\n")
    _ = try sample.session(bolat).publish(caseID, details: [], summary: "two\n")
    #expect(throws: VaultError.self) { try sample.session(nura).awaiting(caseID.shown()) }
    let one = try #require(try sample.session(nura).awaiting().first { $0.signed == [1] })
    _ = try sample.session(nura).countersign(sample.session(nura).awaiting(one.hash.handle))
    #expect(try sample.session(nura).awaiting().isEmpty)
    #expect(try Self.published(sample).faults.isEmpty)
  }

  @Test func aStricterPolicyAsksForMoreSignatures() throws {
    let (sample, bolat, _, caseID) = try Self.vault(publish: 1)
    _ = try sample.founder().publish(caseID, details: [], summary: "one\n")
    var thresholds = KeysNote.Thresholds()
    thresholds.publish = 2
    #expect(try sample.founder().textsBelow(thresholds) == 1)
    try sample.founder().set(thresholds)
    #expect(try Self.published(sample).cases.isEmpty)
    _ = try sample.session(bolat).countersign(sample.session(bolat).awaiting(caseID.shown()))
    #expect(try Self.published(sample).cases.first?.publishers == [1, 2])
    thresholds.publish = 4
    #expect(throws: VaultError.self) { try sample.founder().set(thresholds) }
    #expect(throws: VaultError.self) { try sample.session(bolat).set(KeysNote.Thresholds()) }
  }

  /// It would destroy a lock file that nothing replaces: only `relock` and `reseal` sign, which prove what does.
  @Test func aGoneNoteIsListedAndNotSignedHere() throws {
    let (sample, bolat, _, _) = try Self.vault(publish: 1)
    var thresholds = KeysNote.Thresholds()
    thresholds.erase = 2
    try sample.founder().set(thresholds)
    let founder = try sample.founder()
    let object = try #require(try sample.vault().list(.locks).objects.first)
    let gone = try GoneNote(.erase, [GoneNote.Name(object.treeName)])
    let note = try gone.signed(for: founder.note.id, publisher: 1, with: founder.key.publisher)
    try founder.write { writing in
      try writing.objects.stage(path: [TreeFile.folder], name: TreeFile.gone(bytes: note.encoded), note.encoded)
    }
    let text = try sample.session(bolat).awaiting(note.hash.handle)
    #expect(text.signed == [1] && text.need == 2)
    #expect(throws: VaultError.self) { try sample.session(bolat).countersign(text) }
    let tree = try sample.vault().treeListing(of: sample.founded.note, Self.published(sample)).record
    #expect(tree.gone[object.treeName]?.isEnough == false && tree.awaiting.count == 1)
  }

  @Test func whoeverLeavesIsBelievedForWhatTheySigned() throws {
    let (sample, bolat, _, caseID) = try Self.vault(publish: 1)
    _ = try sample.session(bolat).publish(caseID, details: [], summary: "one\n")
    _ = try sample.session(bolat).publish(caseID, details: [], summary: "two\n")
    let removed = try sample.founder().remove("bolat", reason: "left")
    #expect(removed.publisher?.number == 2 && removed.publisher?.signed == 2)
    let open = try Self.published(sample)
    #expect(open.cases.first?.note.number == 2 && open.faults.isEmpty)
    let keys = try #require(open.keys)
    #expect(keys.publishers.keys.sorted() == [1, 3] && keys.ended[2]?.signed.count == 2)
    #expect(keys.counsel == removed.circles.first { $0.name == CircleName.counsel }?.body.recipient)
    // A text that is back-dated later counts for nothing.
    let other = try RotatingTests.open(sample.founder(), "b")
    let forged = try CaseNote(
      id: other, vault: sample.founded.note.id, number: 1, previous: nil, details: [], summary: "false\n", publisher: 2,
      with: bolat.publisher)
    let commit = Commit(in: try sample.vault(), tag: "a", durability: .each)
    try commit.stage(
      path: [VaultFolder.publicName, PathBytes(other.shown())],
      name: PublicName.file(number: 1, bytes: forged.note.encoded), forged.note.encoded)
    try commit.place(inOrder: true)
    #expect(try Self.published(sample).cases.count == 1)
  }

  @Test func theRegistrarsPlaceIsHandedOver() throws {
    let (sample, bolat, _, _) = try Self.vault(publish: 1)
    let first = try #require(try sample.founder().checkpoint().checkpoint)
    #expect(try sample.founder().handOver(to: "bolat") == first.size)
    #expect(throws: VaultError.self) { try sample.founder().checkpoint() }
    #expect(throws: VaultError.self) { try sample.founder().handOver(to: "bolat") }
    #expect(throws: VaultError.self) { try sample.session(bolat).handOver(to: "nura") }
    let second = try #require(try sample.session(bolat).checkpoint().checkpoint)
    #expect(second.number == 2 && second.size > first.size)
    let session = try sample.founder()
    #expect(session.log.roster.registrar == bolat.hash)
    #expect(try RotatingTests.verify(session).isEmpty)
  }

  @Test func aLateEntryIsAdoptedByItsHash() throws {
    let (sample, bolat, nura, _) = try Self.vault(publish: 1)
    let other = try SuccessionTests.copy(sample)
    _ = try sample.founder().suspend("bolat", reason: "arrested")
    let late = try RotatingTests.open(
      Session(VaultFolder(opening: PathBytes(other.path)), keys: sample.keys(), key: bolat), "late")
    try RotatingTests.merge(other, into: sample.folder.appending(path: "Vault"))
    let session = try sample.session(nura)
    let entry = try #require(session.log.late.first)
    #expect(throws: VaultError.self) { try session.lateEntry("1234567") }
    #expect(throws: VaultError.self) { try session.lateEntry(String(repeating: "0", count: 64)) }
    #expect(try session.lateEntry(String(entry.note.description.prefix(8))).note == entry.note)
    #expect(throws: VaultError.self) { try sample.session(bolat).adopt(entry, reason: "mine") }
    try session.adopt(entry, reason: "she signed it before")
    #expect(try sample.founder().log.cases[late] != nil)
    #expect(try sample.founder().log.late.isEmpty)
  }
}
