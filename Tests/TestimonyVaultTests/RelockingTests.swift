import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// New lock files in place of old ones: who opens what before and after, and runs that were cut short.
struct RelockingTests {
  /// Counsel bolat, reviewers dana and erlan, one record with an attachment, in two versions, granted to both reviewers.
  struct Office {
    let sample: SampleVault
    let bolat: MemberKey
    let dana: MemberKey
    let erlan: MemberKey
    let record: ThingID

    init(_ kind: KeyKind = .classic) throws {
      sample = try SampleVault(kind)
      bolat = try sample.admit("bolat", [.counsel])
      dana = try sample.admit("dana", [.reviewer])
      erlan = try sample.admit("erlan", [.reviewer])
      let founder = try sample.founder()
      let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
      var draft = SealingTests.draft(caseID)
      draft.attachments = [try AttachmentSource(sample.file("scan.pdf", Data("a scan".utf8)))]
      draft.identityAttachments = [try AttachmentSource(sample.file("passport.png", Data("a passport".utf8)))]
      record = try #require(try founder.seal([draft]).first).id
      try AmendingTests.amend(sample.founder(), record, "later")
      for name in ["dana", "erlan"] { _ = try sample.founder().grant(.testimony, of: record, to: name) }
    }

    func names(_ kind: ObjectKind) throws -> Set<SHA256Hash> { Set(try sample.vault().list(kind).objects.map(\.hash)) }

    func findings() throws -> [String] {
      var result = try Verification.withoutKey(sample.vault())
      try sample.founder().verify(into: &result)
      return result.findings.map(\.place.description)
    }

    /// The lock files that a key opens or whose circles it holds: what the emergency opener would try.
    func opens(_ key: MemberKey, with circles: CircleKeys) throws -> Set<SHA256Hash> {
      let identities = circles.identities.map(\.identity) + [key.identity]
      return Set(
        try sample.vault().list(.locks).objects.filter { place in
          let file = try sample.vault().read(place, atMost: VaultFolder.lockLimit)
          return try SealedReader.open(file, with: identities) != nil
        }.map(\.hash))
    }

    func copy(to name: String) throws -> URL {
      let url = sample.folder.appending(path: name)
      try FileManager.default.copyItem(at: sample.folder.appending(path: "Vault"), to: url)
      return url
    }
  }

  static func identityLocks(_ session: Session, _ record: ThingID) throws -> [[[UInt8]]] {
    let locks = try session.reader().locks
    return try session.history(of: record).versions.map { version in
      let all = locks.found(version.note).flatMap { $0.note.locks }
      return Set(all.filter { $0.carries == .layer(.identity) }.map(\.file)).sorted { $0.lexicographicallyPrecedes($1) }
    }
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func whoeverLeftOpensNoLockFileAnyMore(kind: KeyKind) throws {
    let office = try Office(kind)
    let (sample, record) = (office.sample, office.record)
    let before = try office.names(.locks)
    let identity = try Self.identityLocks(sample.founder(), record)
    // What erlan held on the day.
    let held = try sample.session(office.erlan).circles
    let records = try Set(sample.founder().reader().locks.files)
    #expect(try office.opens(office.erlan, with: held).isSuperset(of: records))
    _ = try sample.founder().remove("erlan", reason: "left")

    let outcome = try sample.founder().relock(nil)
    #expect(outcome.relocked.map(\.label) == ["1", "2"])
    #expect(outcome.relocked.allSatisfy { $0.granted == ["dana"] && $0.dropped == ["erlan"] && $0.replaced == 3 })
    #expect(outcome.ending.destroyed == 6 && outcome.ending.awaiting == nil && outcome.failed.isEmpty)
    // Nothing that was there for the record is there now, and erlan opens nothing new.
    let now = try office.names(.locks)
    #expect(records.isDisjoint(with: now))
    #expect(try office.opens(office.erlan, with: held).isSubset(of: before))
    let index = try sample.founder().reader().locks
    #expect(try office.opens(office.erlan, with: held).isDisjoint(with: index.files))

    // Everybody else reads as before; the identity's lock is the same in every byte.
    for version in try sample.founder().history(of: record).versions {
      for layer in [Layer.summary, .testimony] { _ = try sample.founder().open(layer, of: record, version) }
    }
    #expect(try sample.identities(of: record).count == 2)
    #expect(try sample.session(office.bolat).read(.testimony, of: record).allSatisfy { $0.opened != nil })
    #expect(try sample.session(office.dana).read(.summary, of: record).allSatisfy { $0.opened != nil })
    #expect(try sample.session(office.dana).read(.testimony, of: record).allSatisfy { $0.opened != nil })
    #expect(try Self.identityLocks(sample.founder(), record) == identity)
    #expect(try office.findings().isEmpty)

    // A second time there is nothing to do.
    let again = try sample.session(office.bolat).relock(nil)
    #expect(again.relocked.isEmpty && again.current == [record] && again.ending.destroyed == 0)
    #expect(try office.names(.locks) == now)
    #expect(try sample.founder().relock([record], force: true).relocked.count == 2)
    #expect(try office.findings().isEmpty)
    #expect(try sample.session(office.dana).read(.testimony, of: record).allSatisfy { $0.opened != nil })
  }

  @Test func aRehearsalChangesNothing() throws {
    let office = try Office()
    let before = try VerificationTests.objects(office.sample)
    let outcome = try office.sample.founder().relock([office.record], force: true, rehearsing: true)
    #expect(outcome.relocked.map(\.replaced) == [3, 3])
    #expect(try VerificationTests.objects(office.sample) == before)
    #expect(throws: VaultError.self) { try office.sample.session(office.dana).relock([office.record]) }
  }

  /// A file that the disk does not let go is named to whoever asked, not counted as destroyed.
  @Test func whatDoesNotGoIsTold() throws {
    let office = try Office()
    let (sample, vault) = (office.sample, try office.sample.vault())
    let locks = try vault.list(.locks).objects
    let (good, stuck, other) = (locks[0], locks[1], ObjectPlace(.locks, SHA256Hash(of: [7])))
    // A folder is not removed as a file is.
    try FileManager.default.removeItem(at: sample.path(stuck))
    try FileManager.default.createDirectory(at: sample.path(stuck), withIntermediateDirectories: false)
    #expect(vault.remove([good, stuck, other]) == [stuck])
    #expect(!FileManager.default.fileExists(atPath: sample.path(good).path))
    #expect {
      try sample.founder().write { writing in writing.remove(stuck) }
    } throws: { error in
      if case VaultError.notDestroyed(1) = error { true } else { false }
    }
  }

  /// Cut between the entries and the `gone` note, and between the note and the last old file: the next run goes on.
  @Test func aRunThatWasCutShortIsFinishedByTheNext() throws {
    let office = try Office()
    let sample = office.sample
    let old = try office.copy(to: "Before")
    _ = try sample.founder().relock([office.record], force: true)
    let done = try office.names(.locks)
    let tree = sample.folder.appending(path: "Vault/tree")

    // All old files are here, and no note.
    try AmendingTests.merge(old, into: sample.folder.appending(path: "Vault"))
    try FileManager.default.removeItem(at: tree)
    #expect(try sample.session(office.dana).read(.testimony, of: office.record).allSatisfy { $0.opened != nil })
    let outcome = try Self.relockForOthers(sample.session(office.bolat), office.record)
    #expect(outcome.relocked.isEmpty && outcome.ending.destroyed == 6)
    #expect(try office.names(.locks) == done)

    // The note is here, and so are the old files again: no second note.
    try AmendingTests.merge(old, into: sample.folder.appending(path: "Vault"))
    let notes = try FileManager.default.contentsOfDirectory(atPath: tree.path)
    #expect(try sample.founder().relock([office.record]).ending.destroyed == 6)
    #expect(try FileManager.default.contentsOfDirectory(atPath: tree.path) == notes)
    #expect(try office.names(.locks) == done)
    #expect(try office.findings().isEmpty)
  }

  /// A new lock file came to its place and its entry did not: another one is not made.
  @Test func aLockFileWithoutItsEntryIsTaken() throws {
    let office = try Office()
    let sample = office.sample
    let old = try office.copy(to: "Before")
    _ = try sample.founder().relock([office.record], force: true)
    let new = try office.names(.locks)
    // Everything as before, and the new lock files beside it.
    let vault = sample.folder.appending(path: "Vault")
    let relocked = sample.folder.appending(path: "Relocked")
    try FileManager.default.moveItem(at: vault, to: relocked)
    try FileManager.default.copyItem(at: old, to: vault)
    for place in new.map({ ObjectPlace(.locks, $0) }) {
      let target = vault.appending(path: place.description)
      if FileManager.default.fileExists(atPath: target.path) { continue }
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: relocked.appending(path: place.description), to: target)
    }
    _ = try sample.session(office.bolat).relock([office.record])
    _ = try sample.session(office.bolat).relock([office.record], force: true)
    for layer in [Layer.summary, .testimony] { _ = try sample.founder().read(layer, of: office.record) }
    #expect(try sample.identities(of: office.record).count == 2)
    #expect(try sample.session(office.erlan).read(.testimony, of: office.record).allSatisfy { $0.opened != nil })
  }

  /// Goes on with what others began, all of it confirmed.
  static func relockForOthers(_ session: Session, _ record: ThingID) throws -> RelockOutcome {
    try session.relock([record], confirmed: Set(session.replacedByOthers(of: [record]).map(\.entry)))
  }

  static func setThresholds(_ sample: SampleVault, replace: Int, erase: Int) throws {
    let session = try sample.founder()
    try session.write { writing in
      let hash = try #require(session.open.keysHash)
      var keys = try #require(session.open.keys).following(hash)
      keys.thresholds.replace = replace
      keys.thresholds.erase = erase
      let bytes = try keys.signed(for: session.note.id, with: session.key.founder).encoded
      try writing.objects.stage(
        path: [VaultFolder.publicName, PathBytes(PublicName.vaultFolder)],
        name: PublicName.file(number: keys.number, bytes: bytes), bytes)
    }
  }

  @Test func whereTwoPublishersAreAskedForTheOldFilesStayUntilTheSecond() throws {
    let office = try Office()
    let sample = office.sample
    try Self.setThresholds(sample, replace: 2, erase: 2)
    let before = try office.names(.locks)
    let first = try sample.founder().relock([office.record], force: true).ending
    #expect(first.destroyed == 0)
    let awaiting = try #require(first.awaiting)
    #expect(awaiting == (6, 1, 2))
    #expect(try office.names(.locks).isSuperset(of: before))
    // Once more by the same publisher does not help.
    let again = try sample.founder().relock([office.record])
    #expect(again.relocked.isEmpty && again.ending.destroyed == 0 && again.ending.awaiting != nil)
    let second = try Self.relockForOthers(sample.session(office.bolat), office.record)
    #expect(second.relocked.isEmpty && second.ending.destroyed == 6 && second.ending.awaiting == nil)
    #expect(try sample.session(office.dana).read(.testimony, of: office.record).allSatisfy { $0.opened != nil })
    #expect(try office.findings().isEmpty)
  }

  /// One publisher's note that the log does not bear out is not signed by another.
  @Test func whatTheLogDoesNotBearOutIsNotSigned() throws {
    let office = try Office()
    let sample = office.sample
    try Self.setThresholds(sample, replace: 2, erase: 2)
    let session = try sample.session(office.bolat)
    let locks = try session.reader().locks
    let files = try session.history(of: office.record).versions.compactMap { locks.found($0.note).first?.file }
    let forged = try GoneNote(
      .replace, [GoneNote.Name(TreeName(.locks, files[0]), replacedBy: TreeName(.locks, files[1]))])
    let number = try #require(session.publisherNumber)
    try session.write { writing in
      let bytes = try forged.signed(for: session.note.id, publisher: number, with: session.key.publisher).encoded
      try writing.objects.stage(path: [TreeFile.folder], name: TreeFile.gone(bytes: bytes), bytes)
    }
    _ = try sample.founder().relock([office.record], force: true)
    #expect(try office.names(.locks).isSuperset(of: files))
    let founder = try sample.founder()
    let tree = try sample.vault().treeListing(of: founder.note, founder.open).record
    let awaiting = try #require(tree.awaiting.first { $0.gone == forged })
    #expect(awaiting.signed == [number])
  }
}
