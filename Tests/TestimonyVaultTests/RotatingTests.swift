import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// New keys for circles: who holds them, who does not, and what stays readable.
struct RotatingTests {
  static func open(_ session: Session, _ title: String, _ reviewers: String = CircleName.reviewers) throws -> ThingID {
    try session.openCase(title: title, fields: [:], reviewers: reviewers)
  }

  static func seal(_ session: Session, _ caseID: ThingID) throws -> ThingID {
    try #require(try session.seal([SealingTests.draft(caseID)]).first).id
  }

  static func verify(_ session: Session) throws -> [Finding] {
    var result = try Verification.withoutKey(session.vault)
    try session.verify(into: &result)
    return result.findings
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func everybodyWhoStaysReadsBothSides(kind: KeyKind) throws {
    let sample = try SampleVault(kind)
    let dana = try sample.admit("dana", [.reviewer])
    let bolat = try sample.admit("bolat", [.counsel])
    let founder = try sample.founder()
    let caseID = try Self.open(founder, "a")
    let before = try Self.seal(founder, caseID)
    try sample.session(dana).keepMemory()
    let circles = try founder.rotate(CircleName.founding)
    #expect(circles.map(\.body.number) == [2, 2, 2, 2])
    #expect(circles.last?.name == CircleName.members && circles.last?.holders == ["aigul", "bolat", "dana"])
    // The same session goes on with the new keys, and so does the next one with what this device remembers.
    let after = try Self.seal(founder, caseID)
    #expect(founder.log.records.count == 2)
    #expect(try sample.founder().seen.locks.count == 2)
    for (key, layers) in [(dana, 1), (bolat, 2), (sample.founded.key, 2)] {
      let session = try sample.session(key)
      for record in [before, after] { #expect(try session.layers(of: session.newest(record)).count == layers) }
      #expect(try Self.verify(session).isEmpty)
    }
    let entry = try #require(founder.log.records[after]?.versions.first?.entry.entry)
    #expect(entry.to == circles.first { $0.name == CircleName.reviewers }?.body.address)
  }

  /// Whoever comes in later gets all epochs.
  @Test func aNewcomerReadsWhatWasSealedBeforeARotation() throws {
    let sample = try SampleVault(.classic)
    let founder = try sample.founder()
    let record = try Self.seal(founder, try Self.open(founder, "a"))
    _ = try founder.rotate(CircleName.founding)
    let dana = try sample.session(sample.admit("dana", [.reviewer]))
    #expect(try dana.layers(of: dana.newest(record)) == [.summary])
  }

  @Test func onlyTheFounderRotatesWhileNobodyIsSuspended() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let dana = try sample.admit("dana", [.reviewer])
    for key in [bolat, dana] {
      #expect {
        _ = try sample.session(key).rotate([CircleName.reviewers])
      } throws: { error in
        if case VaultError.needsFounder = error { true } else { false }
      }
    }
    _ = try sample.founder().suspend("dana", reason: "lost")
    // The suspension made the one new key that it may make.
    #expect(try sample.session(bolat).log.roster.current(CircleName.reviewers)?.number == 2)
    #expect(throws: VaultError.self) { try sample.session(bolat).rotate([CircleName.reviewers]) }
    #expect(throws: VaultError.self) { try sample.session(dana).rotate([CircleName.reviewers]) }
  }

  /// A lock file that somebody else made for a member is passed over, whatever it carries.
  @Test func aLockFileOfSomebodyWhoWasNeverCounselIsPassedOver() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let erke = try sample.admit("erke", [.reviewer])
    let session = try sample.session(dana)
    let forged = try PersonLocks.file(
      for: erke.identity.recipient, member: erke.hash, by: dana, vault: session.note.id,
      epochs: session.epochs(of: [CircleName.members]))
    let commit = Commit(in: session.vault, tag: "a", durability: .each)
    let place = try commit.stage(.locks, forged)
    try commit.place(inOrder: true)
    var keys = try CircleKeys.find(in: session.vault, for: erke, remembered: [place.hash])
    #expect(keys.identities.count == 1)
    keys.keepTrusted(under: session.log)
    #expect(keys.identities.isEmpty && keys.files.isEmpty)
    var both = try CircleKeys.find(in: session.vault, for: erke, remembered: [])
    #expect(both.files.count == 2)
    both.keepTrusted(under: session.log)
    #expect(both.files.count == 1 && !both.files.contains(place.hash) && both.identities.count == 2)
  }

  /// Two offline rotations of one circle: both epochs stand, everybody writes to the lower hash, and the next names both.
  @Test func rotationsMadeApartBothStandUntilTheNext() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    _ = try sample.admit("dana", [.reviewer])
    let vault = sample.folder.appending(path: "Vault")
    let other = sample.folder.appending(path: "Other/Vault")
    try FileManager.default.createDirectory(
      at: other.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: vault, to: other)
    let names = [CircleName.reviewers, CircleName.members]
    // Each suspends the same person, and neither knows of the other.
    let offline = try Session(VaultFolder(opening: PathBytes(other.path)), keys: sample.keys(), key: bolat)
    _ = try sample.founder().suspend("dana", reason: "lost")
    _ = try offline.suspend("dana", reason: "lost")
    let here = try names.map { try #require(try sample.founder().log.roster.current($0)) }
    let there = try names.map { try #require(offline.log.roster.current($0)) }
    try Self.merge(other, into: vault)
    for key in [bolat, sample.founded.key] {
      let session = try sample.session(key)
      #expect(session.log.refused.isEmpty && session.log.chainFaults.isEmpty)
      for (one, two) in zip(here, there) {
        #expect(Set(session.log.roster.newest(one.name).map(\.epoch)) == [one.epoch, two.epoch])
        #expect(session.log.roster.current(one.name)?.epoch == min(one.epoch, two.epoch))
        #expect(session.circles.identity(one.address) != nil && session.circles.identity(two.address) != nil)
      }
    }
    let caseID = try Self.open(sample.session(bolat), "behind")
    let next = try sample.founder().rotate(names)
    for (one, (two, after)) in zip(here, zip(there, next)) {
      #expect(Set(after.body.previous) == [one.epoch, two.epoch])
    }
    let session = try sample.session(bolat)
    #expect(names.allSatisfy { session.log.roster.newest($0).count == 1 })
    #expect(session.log.cases[caseID] != nil)
    #expect(try Self.verify(session).isEmpty)
  }

  /// Copies every file that is not there yet.
  static func merge(_ from: URL, into to: URL) throws {
    let files = try #require(FileManager.default.enumerator(atPath: from.path))
    for case let name as String in files {
      let source = from.appending(path: name)
      let target = to.appending(path: name)
      let isFolder = try source.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
      if FileManager.default.fileExists(atPath: target.path) { continue }
      if isFolder {
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      } else {
        try FileManager.default.copyItem(at: source, to: target)
      }
    }
  }
}
