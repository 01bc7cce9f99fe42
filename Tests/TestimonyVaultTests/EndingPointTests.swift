import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Shutting out somebody who poisons the log: where the roster is in doubt, and up to an entry that is named.
struct EndingPointTests {
  /// An entry to all members that rests on one which is nowhere.
  private func poison(_ session: Session) throws {
    try session.write { writing in
      let members = try session.circle(CircleName.members)
      let body: JSON = ["index": .array([.string(CircleName.members)]), "heads": .array([])]
      // The first of the two is not staged: nobody will ever have it.
      _ = try writing.chain.entry(.open, by: session.key.signing, to: members.body, members.recipient, body: body)
      try writing.stage(
        writing.chain.entry(.open, by: session.key.signing, to: members.body, members.recipient, body: body))
    }
  }

  private func doubts(_ session: Session) -> [RosterDoubt] { session.rosterDoubts.map(\.doubt) }

  @Test func whoeverPoisonsTheRosterCanBeShutOut() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let dana = try sample.admit("dana", [.reviewer])
    _ = try RotatingTests.open(sample.session(bolat), "a")
    let good = try #require(sample.founder().log.entries.first { $0.entry.author == bolat.hash })
    try poison(sample.session(dana))
    #expect(try doubts(sample.founder()) == [.incomplete])
    #expect(try sample.founder().missingRoster.count == 1)
    #expect(throws: VaultError.self) { try RotatingTests.open(sample.founder(), "b") }
    let founder = try sample.founder()
    #expect(throws: VaultError.self) {
      try founder.endingPoint(of: founder.member("dana"), last: good.note.description)
    }
    #expect(try founder.endingPoint(of: founder.member("dana"), last: "none").late.count == 1)
    _ = try founder.remove("dana", reason: "poison", last: "none")
    #expect(try sample.founder().log.late.map(\.entry.author) == [dana.hash])
    #expect(try sample.session(bolat).log.roster.members[dana.hash]?.isRemoved == true)
  }

  @Test func suspendingIsWrittenInAVaultThatWentBack() throws {
    let sample = try SampleVault(.classic)
    let before = sample.folder.appending(path: "before")
    let vault = sample.folder.appending(path: "Vault")
    let bolat = try sample.admit("bolat", [.counsel])
    try FileManager.default.copyItem(at: vault, to: before)
    _ = try sample.admit("dana", [.reviewer])
    try FileManager.default.removeItem(at: vault)
    try FileManager.default.moveItem(at: before, to: vault)
    #expect(try doubts(sample.founder()) == [.wentBack])
    #expect(try sample.founder().suspend("bolat", reason: "x").circles.count == 4)
    #expect(try sample.founder().log.roster.members[bolat.hash]?.isActive == false)
  }

  @Test func whatComesBehindANamedEntryIsLate() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let nura = try sample.admit("nura", [.counsel])
    let first = try RotatingTests.open(sample.session(bolat), "first")
    let record = try RotatingTests.seal(sample.session(bolat), first)
    let second = try RotatingTests.open(sample.session(bolat), "second")
    let founder = try sample.founder()
    let seal = try #require(founder.log.entries.first { $0.entry.type == .seal })
    let member = try founder.member("bolat")
    for (text, isGood) in [("1234567", false), ("zzzzzzzz", false), (String(seal.note.description.prefix(8)), true)] {
      #expect(((try? founder.endingPoint(of: member, last: text)) != nil) == isGood)
    }
    #expect(throws: VaultError.self) {
      try founder.endingPoint(of: founder.member("nura"), last: seal.note.description)
    }
    let point = try founder.endingPoint(of: member, last: seal.note.description)
    #expect(point.late.map(\.entry.type) == [.case])
    _ = try founder.suspend("bolat", reason: "his phone was taken", last: seal.note.description)
    let log = try sample.founder().log
    #expect(log.cases[first] != nil && log.records[record] != nil && log.cases[second] == nil && log.late.count == 1)
    // How far they count is said anew by the founder only.
    #expect {
      _ = try sample.session(nura).suspend("bolat", reason: "x", last: seal.note.description)
    } throws: { error in
      if case VaultError.needsFounder = error { true } else { false }
    }
  }
}
