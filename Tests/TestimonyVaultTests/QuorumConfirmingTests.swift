import Age
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// Whoever seals has confirmed each custodian once, whatever the founder says.
struct QuorumConfirmingTests {
  /// A vault with counsel bolat, whose device has confirmed nobody, and a case.
  private static func office() throws -> (sample: SampleVault, bolat: MemberKey, caseID: ThingID) {
    let sample = try SampleVault(.classic)
    let bolat = MemberKey.make(try PersonName("bolat"), kind: .classic, vault: sample.founded.note.id)
    _ = try sample.founder().admit(bolat.card(), roles: [.counsel], displayName: "bolat")
    return (sample, bolat, try sample.founder().openCase(title: "a", fields: [:], reviewers: CircleName.reviewers))
  }

  private static func expectUnconfirmed(_ names: [String], _ sample: SampleVault, _ key: MemberKey, _ caseID: ThingID)
    throws
  {
    let before = try VerificationTests.objects(sample)
    // A record without an identity has a dummy, which is split the same way.
    for draft in [SealingTests.draft(caseID), RecordDraft(caseID: caseID)] {
      #expect {
        _ = try sample.session(key).seal([draft])
      } throws: { error in
        if case VaultError.quorum(.unconfirmed(names)) = error { true } else { false }
      }
    }
    #expect(try VerificationTests.objects(sample) == before)
  }

  private static func words(_ key: MemberKey) throws -> [String] { CheckWords.of(try key.card().hash) }

  @Test func eachDeviceConfirmsOnce() throws {
    let (sample, bolat, caseID) = try Self.office()
    try Self.expectUnconfirmed(["aigul"], sample, bolat, caseID)
    let right = try Self.words(sample.founded.key)
    let wrong: [[String]] = [
      try Self.words(bolat), Array(right.dropLast()), right + ["acid"], right.reversed(), [],
      Array(right.dropLast()) + [""],
    ]
    for words in wrong {
      #expect {
        _ = try sample.session(bolat).confirm(custodian: "aigul", words: words)
      } throws: { error in
        if case VaultError.quorum(.otherWords("aigul")) = error { true } else { false }
      }
    }
    try Self.expectUnconfirmed(["aigul"], sample, bolat, caseID)
    _ = try sample.session(bolat).confirm(custodian: "aigul", words: [right.joined(separator: "  ").uppercased()])
    #expect(try sample.session(bolat).seal([SealingTests.draft(caseID)]).count == 1)
    // The founder seals to herself without being asked.
    #expect(try sample.founder().unconfirmedCustodians.isEmpty)

    // A change asks for those who are new, and for nobody twice.
    let nura = try sample.admit("nura", [.custodian])
    let erke = try sample.admit("erke", [.custodian])
    try sample.quorum(2, of: [nura, erke])
    try Self.expectUnconfirmed(["nura", "erke"], sample, bolat, caseID)
    _ = try sample.session(bolat).confirm(custodian: "erke", words: Self.words(erke))
    try Self.expectUnconfirmed(["nura"], sample, bolat, caseID)
    _ = try sample.session(bolat).confirm(custodian: "nura", words: Self.words(nura))
    #expect(try sample.session(bolat).seal([SealingTests.draft(caseID)]).count == 1)
    #expect(try sample.session(bolat).seen.confirmed.count == 3)
  }

  /// A founder puts keys of her own in the place of the people whom everybody means: nothing is sealed to them unasked, and
  /// what those people read out are other words.
  @Test func falseCustodiansOfTheFoundersAreNotSealedToUnasked() throws {
    let (sample, bolat, caseID) = try Self.office()
    try sample.confirmCustodians(on: bolat)
    _ = try sample.session(bolat).seal([SealingTests.draft(caseID)])
    let real = try ["marat", "zarina"].map {
      MemberKey.make(try PersonName($0), kind: .classic, vault: sample.founded.note.id)
    }
    let false1 = try sample.admit("marat", [.custodian])
    let false2 = try sample.admit("zarina", [.custodian])
    try sample.quorum(2, of: [false1, false2])
    try Self.expectUnconfirmed(["marat", "zarina"], sample, bolat, caseID)
    for key in real {
      #expect {
        _ = try sample.session(bolat).confirm(custodian: key.name.text, words: Self.words(key))
      } throws: { error in
        if case VaultError.quorum(.otherWords(key.name.text)) = error { true } else { false }
      }
    }
    try Self.expectUnconfirmed(["marat", "zarina"], sample, bolat, caseID)
    // Nor does an amendment, or a bold founder's `admit` of more keys, get around it.
    let record = try #require(try sample.founder().log.records.keys.first)
    #expect(throws: VaultError.self) { try AmendingTests.amend(sample.session(bolat), record, "x") }
  }

  @Test func aSuspendedFounderStopsNobodyFromSealing() throws {
    let (sample, bolat, caseID) = try Self.office()
    let nura = try sample.admit("nura", [.custodian])
    let erke = try sample.admit("erke", [.custodian])
    try sample.quorum(2, of: [nura, erke])
    try sample.confirmCustodians(on: bolat)
    _ = try sample.session(bolat).suspend("aigul", reason: "arrested")
    let record = try #require(try sample.session(bolat).seal([SealingTests.draft(caseID)]).first).id
    let version = try sample.session(bolat).newest(record)
    #expect(try sample.session(bolat).read(.testimony, of: record).allSatisfy { $0.opened != nil })
    #expect(try version.manifest().identityPolicy == .quorum(#require(sample.session(bolat).log.roster.policy).note))
  }

  /// An alone policy whose one custodian was suspended, and one of two whose second was.
  @Test func tooFewActiveCustodiansStopSealing() throws {
    let (sample, bolat, caseID) = try Self.office()
    try sample.confirmCustodians(on: bolat)
    let nura = try sample.admit("nura", [.custodian])
    let erke = try sample.admit("erke", [.custodian])
    try sample.quorum(2, of: [nura, erke])
    try sample.confirmCustodians(on: bolat)
    _ = try sample.session(bolat).suspend("erke", reason: "arrested")
    let before = try VerificationTests.objects(sample)
    #expect {
      _ = try sample.session(bolat).seal([RecordDraft(caseID: caseID)])
    } throws: { error in
      if case VaultError.quorum(.tooFew(1, need: 2, left: ["erke"])) = error { true } else { false }
    }
    #expect(try VerificationTests.objects(sample) == before)
    _ = try sample.founder().admit(erke.card(), roles: [.custodian], displayName: "erke")
    #expect(try sample.session(bolat).seal([RecordDraft(caseID: caseID)]).count == 1)

    let other = try SampleVault(.classic)
    let dana = try other.admit("dana", [.counsel])
    let id = try other.founder().openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    _ = try other.session(dana).suspend("aigul", reason: "arrested")
    #expect {
      _ = try other.session(dana).seal([RecordDraft(caseID: id)])
    } throws: { error in
      if case VaultError.quorum(.tooFew(0, need: 1, left: ["aigul"])) = error { true } else { false }
    }
  }
}
