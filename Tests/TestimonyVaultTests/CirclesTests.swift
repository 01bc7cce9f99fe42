import Age
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Circles that are made after the founding: a case can have its own reviewers.
struct CirclesTests {
  @Test func aCaseCanHaveItsOwnReviewers() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let erke = try sample.admit("erke", [.reviewer])
    let bolat = try sample.admit("bolat", [.counsel])
    let founder = try sample.founder()
    let circle = try founder.makeCircle(try PersonName("team"), with: ["dana"])
    #expect(circle.holders == ["aigul", "bolat", "dana"] && circle.body.number == 1)
    let record = try RotatingTests.seal(founder, try RotatingTests.open(founder, "a", "team"))
    let (one, other, counsel) = try (sample.session(dana), sample.session(erke), sample.session(bolat))
    #expect(try one.layers(of: one.newest(record)) == [.summary])
    #expect(try counsel.layers(of: counsel.newest(record)) == [.summary, .testimony])
    #expect(other.log.records.isEmpty && other.log.cases.isEmpty)
    for session in [one, other, counsel] { #expect(try RotatingTests.verify(session).isEmpty) }
    let state = try #require(founder.circleStates.first { $0.name == "team" })
    #expect(state.holders == ["aigul", "bolat", "dana"] && state.cases.count == 1)
    // Counsel who comes later holds its key, too.
    let nura = try sample.session(sample.admit("nura", [.counsel]))
    #expect(try nura.layers(of: nura.newest(record)) == [.summary, .testimony])
  }

  @Test func aRotationTakesPeopleInAndLeavesThemOut() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let erke = try sample.admit("erke", [.reviewer])
    let founder = try sample.founder()
    _ = try founder.makeCircle(try PersonName("team"), with: ["dana"])
    let caseID = try RotatingTests.open(founder, "a", "team")
    let before = try RotatingTests.seal(founder, caseID)
    #expect(try founder.rotate(["team"], with: ["erke"], without: ["dana"]).first?.holders == ["aigul", "erke"])
    let after = try RotatingTests.seal(founder, caseID)
    let (left, came) = try (sample.session(dana), sample.session(erke))
    #expect(left.log.records.keys.map(\.self) == [before])
    for record in [before, after] { #expect(try came.layers(of: came.newest(record)) == [.summary]) }
    // What she could open before is not forgotten when she is removed.
    #expect(try founder.reach(of: founder.member("dana")).map(\.record) == [before])
  }

  @Test func whatCannotBeIsRefused() throws {
    let sample = try SampleVault(.classic)
    _ = try sample.admit("dana", [.reviewer])
    let bolat = try sample.admit("bolat", [.counsel])
    let founder = try sample.founder()
    let team = try PersonName("team")
    _ = try founder.makeCircle(team, with: [])
    let attempts: [() throws -> Void] = [
      { _ = try founder.makeCircle(team, with: []) },
      { _ = try founder.makeCircle(try PersonName("reviewers"), with: []) },
      { _ = try founder.makeCircle(try PersonName("others"), with: ["nobody"]) },
      { _ = try sample.session(bolat).makeCircle(try PersonName("others"), with: []) },
      { _ = try founder.rotate(["reviewers"], with: ["dana"]) },
      { _ = try founder.rotate(["team"], without: ["bolat"]) },
      { _ = try founder.rotate(["nowhere"]) },
    ]
    let files = try sample.vault().list(.log).objects.count
    for attempt in attempts { #expect(throws: VaultError.self, performing: attempt) }
    #expect(try sample.vault().list(.log).objects.count == files)
  }
}
