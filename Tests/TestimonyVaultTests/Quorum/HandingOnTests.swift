import Age
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A custodian seals own shares to somebody else.
struct HandingOnTests {
  @Test func theSuccessorApprovesAndRelockLeavesTheirLockAlone() throws {
    let office = try QuorumOffice()
    let next = try office.sample.admit("c4", [.custodian])
    let done = try office.custodian(1).handOn(to: "c4")
    #expect(done.shares == 1 && done.records == 1 && done.damaged == 0)
    let asked = try office.ask()
    _ = try office.sample.session(next).approve([asked.id])
    try office.approve(asked, by: 2)
    #expect(try office.open(asked).approvers == ["c2", "c4"])

    // One share is one share, though two people hold it: old copies still count.
    let again = try office.ask()
    try office.approve(again, by: 1)
    _ = try office.sample.session(next).approve([again.id])
    #expect(throws: VaultError.self) { try office.open(again) }

    _ = try office.counsel().relock([office.record])
    let session = try office.counsel()
    let found = try session.reader().locks.found(try session.newest(office.record).note)
    #expect(found.count == 1)
    let opened = try #require(found.first).note.locks.filter { lock in
      (try? AgeFile.open(lock.file.span, with: [office.custodians[0].identity])) != nil
    }
    #expect(opened.isEmpty)
    let third = try office.ask()
    #expect(throws: VaultError.self) { try office.approve(third, by: 1) }
    _ = try office.sample.session(next).approve([third.id])
    try office.approve(third, by: 3)
    #expect(try office.open(third).approvers == ["c3", "c4"])
  }

  @Test func nobodyHoldsTwoSharesOfASet() throws {
    let office = try QuorumOffice()
    #expect(try office.custodian(1).handOn(to: "c2").shares == 0)
    #expect(throws: VaultError.self) { _ = try office.custodian(1).handOn(to: "bolat") }
    #expect(throws: VaultError.self) { _ = try office.custodian(1).handOn(to: "c1") }
    let stranger = try office.sample.admit("dana", [.reviewer])
    #expect(throws: VaultError.self) { _ = try office.sample.session(stranger).handOn(to: "c1") }
  }

  @Test func aLockFileOfACustodianCountsForSharesAlone() throws {
    let office = try QuorumOffice()
    _ = try office.sample.admit("c4", [.custodian])
    // A custodian names, as handed on, a lock file with more than shares: it takes no part.
    let session = try office.custodian(1)
    let record = office.record
    let manifest = try office.counsel().newest(record).note
    let forged = try session.write { writing in
      let members = try session.circle(CircleName.members)
      let lock = LocksNote.Lock(
        carries: .layer(.testimony), to: .circle(members.body.address),
        file: try LockedKey.seal(.generate(session.kind), to: members.recipient))
      let note = LocksNote(
        vault: session.note.id, author: session.key.hash, subject: .record(record.hash, manifest: manifest),
        locks: [lock])
      let file = try AgeFile.seal(note.signed(with: session.key.signing).encoded.span, to: [members.recipient])
      let place = try writing.objects.stage(.locks, file)
      let successor = try #require(session.log.roster.member(named: "c4"))
      let body = ReplaceBody(policy: office.policy, number: 1, successor: successor.key, locks: [place.hash])
      try writing.stage(
        writing.chain.entry(.replace, by: session.key.signing, to: members.body, members.recipient, body: body.json))
      return place.hash
    }
    let found = try office.counsel().reader().locks.found(manifest)
    #expect(!found.isEmpty && !found.contains { $0.file == forged })
  }
}
