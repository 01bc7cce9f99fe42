import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What a receipt brings: counsel's new key and the new policy, along the founder's signatures and never back.
struct ReceiptNewsTests {
  @Test func counselsNewKeyIsAdoptedAndNeverTheOldAgain() throws {
    let (field, kit) = try ReceiptReadingTests.filed()
    let old = try field.receipt()
    let first = try kit.counsel().text
    _ = try field.aigul().rotate(CircleName.founding)
    #expect(try field.bolat().sealsToOldKey(field.told()))
    let news = try kit.take(receipt: field.receipt(), at: "new")
    #expect(news.newCounsel && news.numbers == [1, 2] && !news.newPolicy)
    let now = try field.bolat().circle(CircleName.counsel).recipient.text
    #expect(now != first)
    #expect(try kit.counsel().text == now && field.open().counsel().text == now)
    #expect(try !kit.take(receipt: field.receipt(), at: "new").newCounsel)
    let fault = kitFault { _ = try field.open().take(receipt: old, at: "old") }
    #expect(fault == .receiptWentBack(Place("old")))
    #expect(try field.open().counsel().text == now)
    // A note to the new key, and one to the old from before, come in alike.
    let drop = try field.open().note("to the new key")
    try field.carry(kit, [drop], to: "more")
    let (intake, _) = try field.intake("more")
    #expect(intake.verdicts == [3: .good])
    let key = try #require(try field.bolat().counselKeys.first)
    let head = Array(try Data(contentsOf: field.url(field.outbox(drop.file))))
    #expect(throws: Never.self) { _ = try AgeFile.open(head.span, with: [key]) }
  }

  @Test func aNoteToTheOldKeyComesInAfterARotation() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    try kit.note()
    _ = try field.aigul().rotate(CircleName.founding)
    try kit.note()
    try field.carry(kit)
    #expect(try field.intake("out").intake.verdicts == [1: .good, 2: .good])
    let session = try field.bolat()
    for one in try field.told().notes {
      let record = ThingID(kind: .record, hash: one.record)
      #expect(try session.layers(of: session.newest(record)) == [.summary, .testimony])
    }
  }

  /// A policy of c1 and c2, which two of the outgoing accepted.
  private func change(_ field: FieldOffice, accepted: Bool = true) throws -> Policy {
    let policy = try field.sample.setQuorum(2, of: ["c1", "c2"])
    if accepted { for number in 1...2 { _ = try field.office.custodian(number).acceptQuorum() } }
    return policy
  }

  @Test func aNewPolicyIsAdoptedOnTheWordOfTheOutgoing() throws {
    let (field, kit) = try ReceiptReadingTests.filed()
    _ = try change(field, accepted: false)
    #expect(try !kit.take(receipt: field.receipt(), at: "r").newPolicy)
    #expect(kit.quorum.policy == field.office.policy)
    for number in 1...2 { _ = try field.office.custodian(number).acceptQuorum() }
    let policy = try #require(try field.bolat().log.roster.policy)
    #expect(policy.note != field.office.policy)
    #expect(try kit.take(receipt: field.receipt(), at: "r").newPolicy)
    #expect(kit.quorum.policy == policy.note && kit.quorum.threshold == 2 && kit.quorum.recipients.count == 2)
    #expect(try !kit.take(receipt: field.receipt(), at: "r").newPolicy)
    #expect(try field.open().quorum == kit.quorum)
    let drop = try kit.note("under the new one")
    try field.carry(kit, [drop], to: "more")
    let head = try #require(try field.intake("more").intake.arrivals.first).head
    #expect(head.policy == policy.note)
  }

  private static func opened(_ file: [UInt8], _ kit: FieldKit) throws -> ReceiptNote {
    let content = try AgeFile.open(file.span, with: [kit.key.identity])
    return try ReceiptNote(SealedNote(parsing: content.bytes, as: .receipt).body)
  }

  /// The same receipt with another roster, signed by bolat.
  private func take(_ good: ReceiptNote, _ roster: [EmbeddedNote], _ field: FieldOffice, _ kit: FieldKit) throws
    -> ReceiptOutcome
  {
    let note = ReceiptNote(
      vault: good.vault, kit: good.kit, publisher: good.publisher, drops: good.drops, keysNotes: good.keysNotes,
      covered: nil, roster: roster, time: good.time)
    let signed = try note.signed(with: field.office.bolat.publisher)
    return try kit.take(receipt: AgeFile.seal(signed.encoded.span, to: [kit.key.identity.recipient]), at: "r")
  }

  /// A counsel alone, who leaves out or makes up what he likes, changes no policy.
  @Test func aPolicyThatIsNotBorneOutIsNotAdopted() throws {
    let (field, kit) = try ReceiptReadingTests.filed()
    _ = try change(field)
    let file = try field.receipt()
    let good = try Self.opened(file, kit)
    #expect(!good.roster.isEmpty)
    let before = kit.quorum
    for type in [EntryType.accept, .quorum, .admit] {
      let some = try good.roster.filter { embedded in
        let bytes = try embedded.encoded
        return try Entry(SealedNote(parsing: bytes.span, as: .entry).body).type != type
      }
      #expect(some.count < good.roster.count)
      _ = try? take(good, some, field, kit)
      #expect(kit.quorum == before, "without \(type)")
    }
    #expect(kit.quorum == before)
    // Those of another vault.
    let elsewhere = try ReceiptReadingTests.filed()
    _ = try change(elsewhere.0)
    let theirs = try Self.opened(elsewhere.0.receipt(), elsewhere.1).roster
    _ = try? take(good, theirs, field, kit)
    #expect(kit.quorum == before)
    #expect(try take(good, good.roster, field, kit).newPolicy)
  }
}
