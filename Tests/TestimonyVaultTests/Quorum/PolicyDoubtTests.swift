import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What a device does when it cannot tell whose the identities are.
struct PolicyDoubtTests {
  /// Two copies of one vault, in each of which the founder states a first policy: c1 and c2 here, c3 and c4 there.
  private func contested() throws -> (sample: SampleVault, custodians: [MemberKey], here: Policy, there: Policy) {
    let sample = try SampleVault(.classic, quorum: false)
    let custodians = try (1...4).map { try sample.admit("c\($0)", [.custodian]) }
    let other = sample.folder.appending(path: "Other")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    for name in ["Vault", "Keys"] {
      try FileManager.default.copyItem(at: sample.folder.appending(path: name), to: other.appending(path: name))
    }
    let here = try sample.quorum(2, of: Array(custodians[..<2]))
    func away(_ key: MemberKey) throws -> Session {
      try Session(
        VaultFolder(opening: PathBytes(other.appending(path: "Vault").path)),
        keys: KeyFolder(opening: PathBytes(other.appending(path: "Keys").path)), key: key)
    }
    let founder = try away(sample.founded.key)
    let there = try founder.setQuorum(founder.quorumPlan(2, of: ["c3", "c4"], alone: false))
    for key in custodians[2...] { try away(key).acceptQuorum() }
    let arrived = other.appending(path: "Vault/log")
    for case let file as String in FileManager.default.enumerator(atPath: arrived.path) ?? .init()
    where file.hasSuffix(".age") {
      let target = sample.folder.appending(path: "Vault/log").appending(path: file)
      if FileManager.default.fileExists(atPath: target.path) { continue }
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: arrived.appending(path: file), to: target)
    }
    return (sample, custodians, here, there)
  }

  @Test func policiesBesideEachOtherStopSealingUntilCustodiansSettleIt() throws {
    let (sample, custodians, here, there) = try contested()
    let founder = try sample.founder()
    #expect(Set(founder.log.roster.contestedPolicies) == [here.note, there.note])
    #expect {
      try founder.activeQuorum()
    } throws: { error in
      if case VaultError.quorum(.contested(2)) = error { true } else { false }
    }
    var found = try Verification.withoutKey(sample.vault())
    try founder.verify(into: &found)
    #expect(found.findings.filter { if case .quorumContested = $0.meaning { true } else { false } }.count == 1)
    // Without a name nobody is asked to guess.
    #expect(throws: VaultError.self) { try sample.session(custodians[0]).acceptQuorum() }
    #expect(throws: VaultError.self) { try sample.session(custodians[0]).acceptQuorum("12345678") }
    #expect(throws: VaultError.self) { try sample.session(custodians[0]).acceptQuorum(here.note.description) }
    for key in custodians[..<2] { try sample.session(key).acceptQuorum(String(there.note.description.prefix(12))) }
    let settled = try sample.founder()
    #expect(settled.log.roster.contestedPolicies.isEmpty)
    #expect(settled.log.roster.policy?.note == there.note)
  }

  @Test func aDeviceThatSawAnotherQuorumInForceSealsNothing() throws {
    let office = try QuorumOffice()
    _ = try office.ask()
    let session = try office.counsel()
    #expect(session.seen.policy == office.policy)
    // As if the founder had rewritten what the roster says of the policy.
    var memory = session.seen
    memory.policy = office.record.hash
    try session.remember(memory)
    let after = try office.counsel()
    #expect {
      try after.sealingQuorum()
    } throws: { error in
      if case VaultError.quorum(.wentBack) = error { true } else { false }
    }
    var found = try Verification.withoutKey(office.sample.vault())
    try after.verify(into: &found)
    #expect(found.findings.contains { if case .quorumWentBack = $0.meaning { true } else { false } })
    // Another write does not make it forget.
    _ = try office.ask()
    #expect(try office.counsel().seen.policy == office.record.hash)
    try office.counsel().acceptLoss([], checkpoint: false)
    try office.counsel().sealingQuorum()
  }

  @Test func whoseLeavingMakesThemTooFewIsSaid() throws {
    let office = try QuorumOffice()
    func told(_ name: String) throws -> (left: Int, need: Int)? {
      let founder = try office.sample.founder()
      return founder.quorumWithout(try #require(founder.log.roster.member(named: name)))
    }
    #expect(try told("c1") == nil && told("bolat") == nil)
    _ = try office.sample.founder().remove("c1", reason: "left")
    let short = try #require(try told("c2"))
    #expect(short.left == 1 && short.need == 2)
  }
}
