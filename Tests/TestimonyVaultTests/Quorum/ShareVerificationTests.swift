import Age
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// A custodian's `verify` looks at own shares: nobody else can.
struct ShareVerificationTests {
  private func findings(_ office: QuorumOffice, _ number: Int) throws -> [Finding] {
    var result = try Verification.withoutKey(office.sample.vault())
    try office.custodian(number).verify(into: &result)
    return result.findings
  }

  @Test func goodSharesAreNoFindingAndFalseOnesAre() throws {
    let office = try QuorumOffice()
    for number in 1...3 { #expect(try findings(office, number).isEmpty) }
    // A counsel relocks with shares of an invented key for c1, and c2's under c3's number.
    let session = try office.counsel()
    let version = try session.newest(office.record)
    let known = try #require(try session.reader().locks.found(version.note).first)
    let shares = known.note.locks.filter { $0.carries == .layer(.identity) }
    guard case .share(let address) = shares[0].to else { throw NoShare() }
    let recipient = try NativeRecipient(parsing: office.custodians[0].card().recipient)
    let note = try #require(try office.notes(office.ask(), of: 2).first ?? nil)
    let lies = LocksNote.Lock(
      carries: .layer(.identity), to: .share(address),
      file: try IdentitySplitting.seal(note.encoded.secret, to: recipient))
    let forged = LocksNote(
      vault: session.note.id, author: session.key.hash, subject: known.note.subject,
      locks: known.note.locks.filter { $0.to != shares[0].to } + [lies])
    let members = try session.circle(CircleName.members)
    let file = try AgeFile.seal(forged.signed(with: session.key.signing).encoded.span, to: [members.recipient])
    let place = try session.write { writing in try writing.objects.stage(.locks, file) }
    let found = try findings(office, 1)
    #expect(found.map(\.place.description) == [place.description])
    guard case .falseShare(by: "bolat")? = found.first?.meaning else { throw NoShare() }
    #expect(try findings(office, 2).isEmpty)
  }

  @Test func whoHandedSharesOnIsNotToldThatTheyAreGone() throws {
    let office = try QuorumOffice()
    let next = try office.sample.admit("c4", [.custodian])
    try QuorumOffice.confirm([next], by: office.custodian(1))
    _ = try office.custodian(1).handOn(to: "c4")
    _ = try office.counsel().relock([office.record])
    #expect(try findings(office, 1).isEmpty)
  }

  struct NoShare: Error {}
}
