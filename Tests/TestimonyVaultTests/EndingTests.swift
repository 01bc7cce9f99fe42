import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Suspending and removing: what counts from then on, what is closed, and what stays.
struct EndingTests {
  @Test func anyCounselSuspendsAtOnce() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let bolat = try sample.admit("bolat", [.counsel])
    let founder = try sample.founder()
    let caseID = try RotatingTests.open(founder, "a")
    let before = try RotatingTests.seal(founder, caseID)
    let done = try sample.session(bolat).suspend("dana", reason: "her laptop was taken")
    #expect(done.circles.map(\.name) == [CircleName.reviewers, CircleName.members] && !done.wasAlready)
    #expect(done.circles.allSatisfy { !$0.holders.contains("dana") })
    let after = try RotatingTests.seal(sample.founder(), caseID)
    let out = try sample.session(dana)
    #expect(out.me?.isActive == false)
    #expect(out.log.records[before] != nil && out.log.records[after] == nil)
    #expect(throws: VaultError.self) { try sample.session(dana).suspend("bolat", reason: "") }
    // Nothing that lies in the vault now and was made since opens with what she has.
    #expect(try sample.session(dana).circles.identities.allSatisfy { $0.address.epoch != done.circles[1].body.epoch })
    for key in [sample.founded.key, bolat] { #expect(try RotatingTests.verify(sample.session(key)).isEmpty) }
  }

  @Test func theFounderTakesASuspendedMemberBackByTheSameCard() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let founder = try sample.founder()
    _ = try founder.suspend("dana", reason: "lost")
    let caseID = try RotatingTests.open(sample.founder(), "a")
    let record = try RotatingTests.seal(sample.founder(), caseID)
    let other = MemberKey.make(try PersonName("dana"), kind: .classic, vault: nil)
    #expect(throws: VaultError.self) { try sample.founder().check(other.card()) }
    let back = try sample.founder().admit(try dana.card(), roles: [.reviewer], displayName: "dana")
    #expect(back.isBack)
    let session = try sample.session(dana)
    #expect(session.me?.isActive == true)
    #expect(try session.layers(of: session.newest(record)) == [.summary])
    #expect(throws: VaultError.self) { try sample.founder().check(dana.card()) }
  }

  @Test func whatIsSignedAfterASuspensionIsLate() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let early = try RotatingTests.open(sample.session(bolat), "early")
    let vault = sample.folder.appending(path: "Vault")
    let other = sample.folder.appending(path: "Other/Vault")
    try FileManager.default.createDirectory(at: other.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: vault, to: other)
    _ = try sample.founder().suspend("bolat", reason: "arrested")
    let late = try RotatingTests.open(
      Session(VaultFolder(opening: PathBytes(other.path)), keys: sample.keys(), key: bolat), "late")
    try RotatingTests.merge(other, into: vault)
    let founder = try sample.founder()
    #expect(founder.log.cases[early] != nil && founder.log.cases[late] == nil)
    #expect(founder.log.late.count == 1)
  }

  @Test func removalClosesWhatComesAndNamesWhatWas() throws {
    let sample = try SampleVault(.hybrid)
    let dana = try sample.admit("dana", [.reviewer])
    let founder = try sample.founder()
    let caseID = try RotatingTests.open(founder, "a")
    let before = try RotatingTests.seal(founder, caseID)
    let reach = try sample.founder().reach(of: founder.member("dana"))
    #expect(reach.map(\.record) == [before] && reach.first?.layers == [.summary])
    let removed = try sample.founder().remove("dana", reason: "left")
    #expect(removed.circles.map(\.name) == [CircleName.reviewers, CircleName.members])
    let after = try RotatingTests.seal(sample.founder(), caseID)
    let session = try sample.founder()
    let entry = try #require(session.log.entries.first { $0.entry.type == .remove }?.entry)
    #expect(entry.to == removed.circles[1].body.address)
    #expect(session.log.roster.members[dana.hash]?.isRemoved == true)
    #expect(try RotatingTests.verify(session).isEmpty)
    #expect(session.reach(of: try #require(session.log.roster.members[dana.hash])).map(\.record) == [before])
    let out = try sample.session(dana)
    #expect(out.log.records[before] != nil && out.log.records[after] == nil)
    #expect(out.log.roster.members[dana.hash]?.isRemoved == false, "the entry went to the new epoch")
    // Not by this key, but by another one under the same name.
    #expect {
      try sample.founder().check(dana.card())
    } throws: { error in
      if case VaultError.wasRemoved("dana") = error { true } else { false }
    }
    let again = try sample.admit("dana", [.reviewer])
    #expect(try sample.founder().member("dana").key == again.hash)
    #expect(try sample.founder().log.refused.isEmpty)
  }

  /// What a counsel sealed stays readable when they leave.
  @Test func whatACounselSealedStays() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let session = try sample.session(bolat)
    let record = try RotatingTests.seal(session, try RotatingTests.open(session, "a"))
    _ = try sample.founder().remove("bolat", reason: "left")
    let founder = try sample.founder()
    #expect(try founder.layers(of: founder.newest(record)).contains(.testimony))
    #expect(try RotatingTests.verify(founder).isEmpty)
    let reach = founder.reach(of: try #require(founder.log.roster.members[bolat.hash]))
    #expect(reach.first?.layers == Layer.allCases)
  }

  @Test func somebodyMustRemain() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    #expect(throws: VaultError.self) { try sample.founder().remove("aigul", reason: "") }
    #expect(throws: VaultError.self) { try sample.session(bolat).remove("aigul", reason: "") }
    #expect(throws: VaultError.self) { try sample.founder().suspend("nobody", reason: "") }
    _ = try sample.session(bolat).suspend("aigul", reason: "arrested")
    #expect(throws: VaultError.self) { try sample.session(bolat).suspend("bolat", reason: "") }
    #expect(throws: VaultError.self) { try sample.founder().remove("bolat", reason: "") }
    #expect(try sample.session(bolat).log.refused.isEmpty)
  }

  /// A counsel whose own device is lost suspends it, and another makes the new keys.
  @Test func oneCanSuspendOneself() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    #expect(try sample.session(bolat).suspend("bolat", reason: "my laptop").circles.isEmpty)
    let founder = try sample.founder()
    #expect(founder.log.roster.members[bolat.hash]?.isActive == false)
    let keys = try founder.suspend("bolat", reason: "")
    #expect(keys.wasAlready && keys.circles.count == 4)
    #expect(throws: VaultError.self) {
      try sample.session(bolat).openCase(title: "x", fields: [:], reviewers: "reviewers")
    }
  }
}
