import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Nothing is sealed to a key that is not here, and nobody takes the vault from the founder by making keys without her.
struct HeldKeysTests {
  /// A rotation by a key file's own hand: its new key is nobody's.
  static func rotateAway(_ name: String, _ session: Session) throws {
    try session.write { writing in
      let members = try session.circle(CircleName.members)
      let next = Rotating(by: session.key.hash).next(
        name, in: session.log.roster, NativeIdentity.generate(session.kind).recipient)
      let written = try writing.chain.entry(
        .rotate, by: session.key.signing, to: members.body, members.recipient, body: next.json)
      try writing.stage(written)
    }
  }

  /// A suspension whose author makes no new keys behind it.
  static func suspendAlone(_ key: MemberKey, _ session: Session) throws {
    try session.write { writing in
      let members = try session.circle(CircleName.members)
      let body = EndingBody(member: key.hash, last: session.log.ends(of: key.hash), reason: "x")
      try writing.stage(
        writing.chain.entry(
          .suspend, by: session.key.signing, to: members.body, members.recipient, body: body.json))
    }
  }

  @Test func aSuspendedFounderComesBackByHerOwnCard() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let dana = try sample.admit("dana", [.reviewer])
    _ = try sample.session(bolat).suspend("aigul", reason: "x")
    #expect(try sample.founder().me?.isActive == false)
    let back = try sample.founder().admit(
      sample.founded.key.card(), roles: [.counsel, .reviewer, .custodian], displayName: "Айгүл")
    #expect(back.isBack && back.lacking.contains(CircleName.members))
    let circles = try sample.founder().rotate([CircleName.members, CircleName.counsel, CircleName.reviewers])
    #expect(circles.allSatisfy { $0.holders.contains("aigul") })
    _ = try sample.founder().remove("bolat", reason: "y")
    let caseID = try RotatingTests.open(sample.founder(), "a")
    #expect(try sample.session(dana).log.cases[caseID] != nil)
    #expect(try sample.founder().log.refused.isEmpty)
  }

  /// What she makes while she is suspended is hers, too.
  @Test func aSuspendedFounderIsNotLeftOutOfHerOwnKeys() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    _ = try sample.admit("nura", [.counsel])
    _ = try sample.session(bolat).suspend("aigul", reason: "x")
    let made = try sample.founder().remove("bolat", reason: "y")
    #expect(made.circles.count == 4 && made.circles.allSatisfy { $0.holders == ["aigul", "nura"] })
    let founder = try sample.founder()
    #expect(founder.log.roster.members[bolat.hash]?.isRemoved == true)
    let newest = try #require(founder.log.roster.current(CircleName.members))
    #expect(founder.circles.identity(newest.address) != nil)
  }

  @Test func nothingIsSealedToAKeyThatIsNotHere() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let nura = try sample.admit("nura", [.counsel])
    let dana = try sample.admit("dana", [.reviewer])
    let caseID = try RotatingTests.open(sample.founder(), "a")
    try Self.suspendAlone(dana, sample.session(nura))
    try Self.rotateAway(CircleName.members, sample.session(bolat))
    #expect {
      _ = try RotatingTests.seal(sample.founder(), caseID)
    } throws: { error in
      if case VaultError.lacksKey(CircleName.members) = error { true } else { false }
    }
    // The one who made it is shut out by keys that everybody else holds.
    _ = try sample.founder().remove("bolat", reason: "made a key of his own")
    let record = try RotatingTests.seal(sample.founder(), caseID)
    let session = try sample.session(nura)
    #expect(session.log.roster.members[bolat.hash]?.isRemoved == true && session.log.refused.isEmpty)
    #expect(try session.layers(of: session.newest(record)).contains(.testimony))
  }

  /// The highest number that somebody can write is no trap.
  @Test func aCircleOfTheHighestNumberRotates() throws {
    let sample = try SampleVault(.classic)
    let roster = try sample.founder().log.roster
    let recipient = NativeIdentity.generate(.classic).recipient
    var rotating = Rotating(by: sample.founded.key.hash).next(CircleName.members, in: roster, recipient)
    #expect(rotating.number == 2)
    rotating = CircleBody(
      name: CircleName.members, number: .max, recipient: recipient.text, previous: rotating.previous)
    let session = try sample.founder()
    try session.write { writing in
      let members = try session.circle(CircleName.members)
      try writing.stage(
        writing.chain.entry(
          .rotate, by: session.key.founder, to: members.body, members.recipient, body: rotating.json))
    }
    #expect(try sample.founder().log.refused.count == 1)
    #expect(try sample.founder().rotate([CircleName.members]).first?.body.number == 2)
    _ = try sample.admit("dana", [.reviewer])
  }

  @Test func aReaderGoesOnWhereTheNewestKeyIsStillOnItsWay() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let dana = try sample.admit("dana", [.reviewer])
    let caseID = try RotatingTests.open(sample.founder(), "a")
    let record = try RotatingTests.seal(sample.founder(), caseID)
    try Self.suspendAlone(dana, sample.founder())
    try Self.rotateAway(CircleName.reviewers, sample.session(bolat))
    let founder = try sample.founder()
    #expect(try !founder.recordOpening(.summary, of: record, [founder.newest(record)]))
    // What waits does not stop what can be written, and comes with the key.
    _ = try sample.founder().rotate([CircleName.reviewers])
    #expect(try sample.founder().seen.waiting.count == 1)
    _ = try RotatingTests.open(sample.founder(), "b")
    #expect(try sample.founder().seen.waiting.isEmpty)
    #expect(try sample.founder().log.lines().filter { $0.entry.entry.type == .open }.map(\.records) == [[record]])
  }
}
