import Age
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A custodian's run is killed between the lock files of a hand-over and the entry that names them.
struct UnannouncedLocksTests {
  /// A lock file by a custodian that no entry names.
  private func leave(_ office: QuorumOffice, _ locks: [LocksNote.Lock], by number: Int) throws {
    let session = try office.custodian(number)
    let manifest = try office.counsel().newest(office.record).note
    let members = try session.circle(CircleName.members)
    let note = LocksNote(
      vault: session.note.id, author: session.key.hash, subject: .record(office.record.hash, manifest: manifest),
      locks: locks)
    let file = try AgeFile.seal(note.signed(with: session.key.signing).encoded.span, to: [members.recipient])
    _ = try session.write { writing in try writing.objects.stage(.locks, file) }
  }

  private func shares(_ office: QuorumOffice) throws -> [LocksNote.Lock] {
    let session = try office.counsel()
    let found = try session.reader().locks.found(session.newest(office.record).note)
    return try #require(found.first).note.locks.filter { $0.carries == .layer(.identity) }
  }

  private func findings(_ office: QuorumOffice) throws -> [[Finding]] {
    try ([office.counsel(), office.sample.founder()] + (1...3).map { try office.custodian($0) }).map { session in
      var result = try Verification.withoutKey(office.sample.vault())
      try session.verify(into: &result)
      return result.findings
    }
  }

  @Test func oneOwnShareIsNoDamageAndAnotherRunHandsItOn() throws {
    let (office, next) = try HandingOnTests.office()
    let own = try #require(try shares(office).first)
    try leave(office, [own], by: 1)
    #expect(try findings(office).allSatisfy(\.isEmpty))
    #expect(try office.custodian(1).handOn(to: "c4").shares == 1)
    #expect(try findings(office).allSatisfy(\.isEmpty))
    #expect(try HandingOnTests.opens(office, by: next, office.custodians[1]) == ["c2", "c4"])
    _ = try office.counsel().relock([office.record], force: true)
    #expect(try findings(office).allSatisfy(\.isEmpty))
  }

  @Test(arguments: ["several", "another's", "a layer's key"])
  func anythingElseIs(what: String) throws {
    let (office, _) = try HandingOnTests.office()
    let all = try shares(office)
    let others = all.filter { if case .share(let share) = $0.to { share.number == 2 } else { false } }
    let session = try office.counsel()
    let members = try session.circle(CircleName.members)
    let key = LocksNote.Lock(
      carries: .layer(.identity), to: .circle(members.body.address),
      file: try LockedKey.seal(.generate(session.kind), to: members.recipient))
    try leave(office, ["several": all, "another's": others, "a layer's key": [key]][what] ?? [], by: 1)
    for found in try findings(office) {
      guard found.count == 1, case .lockSignature? = found.first?.meaning else {
        Issue.record("\(what): \(found)")
        continue
      }
    }
  }
}
