import Age
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Policies: who states them, who must accept them, and from when they count.
struct QuorumSettingTests {
  /// The vault's policy by name, or nil.
  private static func inForce(_ sample: SampleVault) throws -> [String]? {
    let roster = try sample.founder().log.roster
    return roster.policy?.body.custodians.compactMap { roster.members[$0]?.name }
  }

  @Test func nothingIsSealedBeforeAPolicyCounts() throws {
    let sample = try SampleVault(.classic, quorum: false)
    let nura = try sample.admit("nura", [.custodian])
    let erke = try sample.admit("erke", [.custodian])
    let caseID = try sample.founder().openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    func expectRefused() throws {
      let before = try VerificationTests.objects(sample)
      for draft in [SealingTests.draft(caseID), RecordDraft(caseID: caseID)] {
        #expect {
          _ = try sample.founder().seal([draft])
        } throws: { error in
          if case VaultError.quorum(.none) = error { true } else { false }
        }
      }
      #expect(try VerificationTests.objects(sample) == before)
    }
    try expectRefused()
    try sample.setQuorum(2, of: ["nura", "erke"])
    try expectRefused()
    _ = try sample.session(nura).acceptQuorum()
    try expectRefused()
    _ = try sample.session(erke).acceptQuorum()
    // The founder's device does not know the two yet.
    try sample.confirmCustodians(on: sample.founded.key)
    #expect(try sample.founder().seal([SealingTests.draft(caseID)]).count == 1)
    #expect(try Self.inForce(sample) == ["nura", "erke"])
    #expect(try RotatingTests.verify(sample.founder()).isEmpty)
  }

  /// Each of the new, and as many of the outgoing as open an identity; whoever is in both speaks once for both.
  @Test func aChangeNeedsTheOutgoingToo() throws {
    let sample = try SampleVault(.classic)
    let nura = try sample.admit("nura", [.custodian])
    let erke = try sample.admit("erke", [.custodian])
    let dana = try sample.admit("dana", [.custodian])
    // Aigul lets her own policy go as she states the next one.
    let first = try sample.quorum(2, of: [nura, erke])
    #expect(first.accepted == [sample.founded.key.hash, nura.hash, erke.hash])

    let second = try sample.setQuorum(2, of: ["erke", "dana"])
    #expect(second.body.previous == first.note)
    _ = try sample.session(dana).acceptQuorum()
    _ = try sample.session(erke).acceptQuorum()
    #expect(try Self.inForce(sample) == ["nura", "erke"])
    #expect {
      _ = try sample.founder().acceptQuorum()
    } throws: { error in
      if case VaultError.quorum(.nothingToAccept) = error { true } else { false }
    }
    _ = try sample.session(nura).acceptQuorum()
    #expect(try Self.inForce(sample) == ["erke", "dana"])
    #expect(throws: VaultError.self) { try sample.session(nura).acceptQuorum() }
  }

  @Test func whatCouldNotCountIsNotStated() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    for name in ["nura", "erke"] { _ = try sample.admit(name, [.custodian]) }
    _ = try sample.admit("nura-laptop", [.custodian], samePersonAs: "nura")
    _ = try sample.admit("gone", [.custodian])
    _ = try sample.founder().suspend("gone", reason: "arrested")
    let again = MemberKey.make(try PersonName("erke-two"), kind: .classic, vault: sample.founded.note.id)
    _ = try sample.founder().admit(again.card(), roles: [.custodian], displayName: "erke")
    // Whoever reads the two names takes them for one.
    let alike = MemberKey.make(try PersonName("erke-three"), kind: .classic, vault: sample.founded.note.id)
    _ = try sample.founder().admit(alike.card(), roles: [.custodian], displayName: "ÉRKE")
    let before = try VerificationTests.objects(sample)

    func refusal(_ threshold: Int, _ names: [String], alone: Bool = false, _ key: MemberKey? = nil) -> VaultError? {
      do {
        _ = try sample.session(key ?? sample.founded.key).quorumPlan(threshold, of: names, alone: alone)
        return nil
      } catch { return error as? VaultError }
    }
    if case .needsFounder = refusal(2, ["nura", "erke"], bolat) {} else { Issue.record("stated by bolat") }
    for names in [["nura", "gone"], ["nura", "nobody"]] {
      if case .noSuchMember(names[1]) = refusal(2, names) {} else { Issue.record("\(names)") }
    }
    if case .quorum(.notACustodian("bolat")) = refusal(2, ["nura", "bolat"]) {
    } else {
      Issue.record("bolat is no custodian")
    }
    for names in [["nura", "nura-laptop"], ["erke", "erke-two"], ["erke", "erke-three"], ["nura", "nura"]] {
      if case .quorum(.onePerson(names[0], names[1])) = refusal(2, names) {} else { Issue.record("\(names)") }
    }
    for (threshold, alone) in [(1, false), (3, false), (2, true), (0, false)] {
      if case .quorum(.numbers(threshold, of: 2)) = refusal(threshold, ["nura", "erke"], alone: alone) {
      } else {
        Issue.record("\(threshold) of 2")
      }
    }
    #expect(refusal(2, ["nura-laptop", "erke-two"]) == nil)
    #expect(try VerificationTests.objects(sample) == before)
  }
}
