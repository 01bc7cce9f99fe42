import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// The founder can be lost: a stated number of publishers put a new one in place, and the members follow.
struct SuccessionTests {
  /// A vault with two more counsel and a reviewer, and the rule that two of the counsel put a new founder in place.
  static func vault() throws -> (sample: SampleVault, bolat: MemberKey, nura: MemberKey, dana: MemberKey) {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    let nura = try sample.admit("nura", [.counsel])
    let dana = try sample.admit("dana", [.reviewer])
    try sample.founder().setSuccession(2, ["bolat", "nura"])
    return (sample, bolat, nura, dana)
  }

  static func copy(_ sample: SampleVault) throws -> URL {
    let other = sample.folder.appending(path: "Other/Vault")
    try FileManager.default.createDirectory(at: other.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: sample.folder.appending(path: "Vault"), to: other)
    return other
  }

  @Test func twoPublishersPutANewFounderInPlace() throws {
    let (sample, bolat, nura, dana) = try Self.vault()
    let old = try Self.copy(sample)
    let record = try RotatingTests.seal(sample.founder(), try RotatingTests.open(sample.founder(), "a"))
    // The founder's key is destroyed here; what the rest of this test does with it, a thief does with a copy.
    let proposal = try #require(try sample.session(bolat).propose(founder: "nura"))
    #expect(proposal.need == 2 && proposal.signed == [2])
    #expect(throws: VaultError.self) { try sample.session(nura).takeVault() }
    #expect(throws: VaultError.self) { try sample.session(bolat).countersign(proposal) }
    #expect(try sample.session(nura).countersign(sample.session(nura).awaiting(proposal.handle)).isEnough)
    // In public it holds; until the new founder's first entry nothing is sealed.
    #expect(throws: VaultError.self) { try RotatingTests.open(sample.session(bolat), "b") }
    #expect(try sample.session(bolat).succession().awaited == "nura")
    #expect(throws: VaultError.self) { try sample.session(bolat).takeVault() }
    try sample.session(nura).takeVault()
    let founder = try sample.session(nura)
    #expect(founder.isFounder && founder.log.roster.founderMember?.name == "nura" && founder.log.refused.isEmpty)
    #expect(try !sample.founder().isFounder)

    // The thief, on a copy from before: an admission, a keys note, and in the vault itself nothing at all.
    let mallory = MemberKey.make(try PersonName("mallory"), kind: .classic, vault: nil)
    let thief = try Session(VaultFolder(opening: PathBytes(old.path)), keys: sample.keys(), key: sample.founded.key)
    _ = try thief.admit(mallory.card(), roles: [.counsel], displayName: "mallory")
    try RotatingTests.merge(old, into: sample.folder.appending(path: "Vault"))
    #expect(throws: VaultError.self) {
      _ = try sample.founder().admit(mallory.card(), roles: [.reviewer], displayName: "mallory")
    }

    // The members follow.
    for key in [bolat, nura, dana] {
      let session = try sample.session(key)
      #expect(session.log.roster.founderMember?.name == "nura")
      #expect(session.log.roster.members[mallory.hash] == nil)
      #expect(session.log.late.count == 1 && session.open.keys?.publishers.count == 3)
      #expect(try session.layers(of: session.newest(record)).contains(.summary))
    }
    _ = try sample.session(nura).remove("aigul", reason: "her key was taken")
    let erke = MemberKey.make(try PersonName("erke"), kind: .classic, vault: nil)
    _ = try sample.session(nura).admit(erke.card(), roles: [.counsel], displayName: "erke")
    let late = try RotatingTests.open(sample.session(erke), "after")
    #expect(try sample.session(bolat).log.cases[late] != nil)
    #expect(try sample.session(erke).publisherNumber == 4)
  }

  /// The thief who holds the founder's key takes the rule away, in public: that does not help.
  @Test func theRuleHoldsBehindTheNoteThatMadeIt() throws {
    let (sample, bolat, nura, _) = try Self.vault()
    try sample.founder().setSuccession(0, [])
    #expect(try sample.founder().succession().threshold == 0)
    let proposal = try #require(try sample.session(bolat).propose(founder: "bolat"))
    _ = try sample.session(nura).countersign(proposal)
    let open = try sample.vault().publicListing(of: sample.founded.note).record
    #expect(open.founder == bolat.founder.verifyingKey)
    // Whoever followed the note that is set aside writes nothing before people have settled it.
    #expect {
      try sample.session(bolat).takeVault()
    } throws: { error in
      if case VaultError.keysWentBack = error { true } else { false }
    }
    let session = try sample.session(bolat)
    #expect(try session.checkFollowing().founder == "bolat")
    try session.followKeys()
    #expect(throws: VaultError.self) { try sample.session(bolat).checkFollowing() }
    try sample.session(bolat).takeVault()
    #expect(try sample.session(bolat).isFounder)
  }

  @Test func theFounderHandsTheVaultOnAlone() throws {
    let (sample, bolat, _, _) = try Self.vault()
    #expect(try sample.founder().propose(founder: "bolat") == nil)
    try sample.session(bolat).takeVault()
    #expect(try sample.session(bolat).isFounder)
    #expect(try RotatingTests.verify(sample.session(bolat)).isEmpty)
    _ = try sample.session(bolat).remove("aigul", reason: "left")
  }

  @Test func whatCannotBeIsRefused() throws {
    let (sample, bolat, nura, dana) = try Self.vault()
    let attempts: [() throws -> Void] = [
      { try sample.founder().setSuccession(3, ["bolat", "nura"]) },
      { try sample.founder().setSuccession(1, ["dana"]) },
      { try sample.session(bolat).setSuccession(1, ["bolat"]) },
      { _ = try sample.session(dana).propose(founder: "dana") },
      { _ = try sample.session(bolat).propose(founder: "dana") },
      { _ = try sample.session(bolat).propose(founder: "aigul") },
      { try sample.session(nura).takeVault() },
      // Two are left who must be two.
      { _ = try sample.founder().remove("bolat", reason: "left") },
    ]
    for attempt in attempts { #expect(throws: VaultError.self, performing: attempt) }
    #expect(try sample.founder().succession().threshold == 2)
  }

  /// A founder who was put in place and never takes the vault stops nobody: another one is put in place behind.
  @Test func anotherIsPutInPlaceOfOneWhoNeverTookTheVault() throws {
    let (sample, bolat, nura, dana) = try Self.vault()
    let erke = try sample.admit("erke", [.counsel])
    try sample.founder().setSuccession(2, ["bolat", "nura", "erke"])
    let first = try #require(try sample.session(bolat).propose(founder: "nura"))
    _ = try sample.session(erke).countersign(first)
    // Arrested before she could.
    #expect {
      _ = try RotatingTests.open(sample.session(bolat), "a")
    } throws: { error in
      if case VaultError.awaitsSuccession("nura") = error { true } else { false }
    }
    _ = try sample.session(bolat).suspend("nura", reason: "arrested")
    let second = try #require(try sample.session(bolat).propose(founder: "erke"))
    #expect(try sample.session(erke).countersign(second).isEnough)
    try sample.session(erke).takeVault()
    #expect(try sample.session(erke).isFounder)
    let id = try RotatingTests.open(sample.session(bolat), "a")
    #expect(try sample.session(dana).log.cases[id] != nil && sample.session(nura).log.cases[id] == nil)
  }
}
