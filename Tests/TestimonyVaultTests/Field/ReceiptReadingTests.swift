import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Receipts: which count, and what may go after them.
struct ReceiptReadingTests {
  static func filed(_ notes: Int = 2, rule: SafetyRule = .twoCounsel) throws -> (FieldOffice, FieldKit) {
    let field = try FieldOffice()
    let kit = try field.kit(rule: rule)
    for number in 1...notes { try kit.note("note \(number)") }
    try field.carry(kit)
    _ = try field.intake("out")
    return (field, kit)
  }

  @Test func twoCounselMustSignAndOnlyThenItGoes() throws {
    let (field, kit) = try Self.filed()
    let mine = try field.receipt()
    #expect(kit.isForThisKit(mine))
    let one = try kit.take(receipt: mine, at: "r")
    #expect(one.numbers == [1, 2] && one.others == [] && !one.newCounsel && !one.newPolicy)
    // The same counsel again, and twice, is one counsel.
    _ = try kit.take(receipt: field.receipt(), at: "r")
    _ = try kit.take(receipt: mine, at: "r")
    #expect(kit.unsafeDrops.count == 2)
    #expect(try kit.clean().removed.isEmpty && kit.held.count == 2)
    let late = try kit.note("three")
    _ = try kit.take(receipt: field.receipt(by: field.sample.founded.key), at: "r")
    #expect(kit.unsafeDrops == [late])
    let (removed, left, _) = try field.open().clean()
    #expect(removed.map(\.number) == [1, 2] && left == 0)
    let here = try FieldOffice.files(below: field.url("Kit-dana/outbox"))
    #expect(here == Set(([late.file] + late.files).map { ObjectPlace(.sealed, $0).description }))
    let after = try field.open()
    #expect(after.held.map(\.number) == [3] && after.outbox.drops.count == 3)
    #expect(try after.proveBlindness().missing == [] && after.clean().removed.isEmpty)
    // They are here, whole, and known by their codes still.
    #expect(try after.drop(named: "1").isCleaned)
  }

  @Test func oneCounselAndACheckpointThatCoversIt() throws {
    let (field, kit) = try Self.filed(rule: .checkpoint)
    _ = try kit.take(receipt: field.receipt(), at: "r")
    _ = try kit.take(receipt: field.receipt(by: field.sample.founded.key), at: "r")
    #expect(kit.unsafeDrops.count == 2, "no checkpoint covers them")
    _ = try field.aigul().checkpoint()
    try kit.note("three")
    try field.carry(kit, [kit.outbox.drops[2]], to: "more")
    _ = try field.intake("more")
    _ = try kit.take(receipt: field.receipt(), at: "r")
    #expect(kit.unsafeDrops.map(\.number) == [3])
    #expect(try kit.clean().removed.map(\.number) == [1, 2])
    _ = try field.aigul().checkpoint()
    _ = try kit.take(receipt: field.receipt(), at: "r")
    #expect(try kit.clean().removed.map(\.number) == [3])
  }

  @Test func nothingIsSignedForThatIsNotInThisCopyOfTheVault() throws {
    let (field, kit) = try Self.filed()
    let gone = kit.outbox.drops[0].files[3]
    try field.remove("Vault/\(ObjectPlace(.sealed, gone))")
    #expect(try kit.take(receipt: field.receipt(), at: "r").numbers == [2])
  }

  // What is forged, by whoever could try.
  private func forged(
    _ field: FieldOffice, _ kit: FieldKit, by key: SigningKey? = nil, publisher: Int = 2, vault: SHA256Hash? = nil,
    kit other: SHA256Hash? = nil, drops: [ReceiptNote.Drop]? = nil, keysNotes: [String]? = nil,
    covered: ReceiptNote.Covered? = nil, roster: [EmbeddedNote] = []
  ) throws -> [UInt8] {
    let own = kit.outbox.drops.map {
      ReceiptNote.Drop(number: $0.number, head: $0.head, object: $0.files.last ?? $0.file)
    }
    let note = ReceiptNote(
      vault: vault ?? kit.vault.id, kit: other ?? kit.key.hash, publisher: publisher, drops: drops ?? own,
      keysNotes: try keysNotes ?? field.bolat().keysTexts, covered: covered, roster: roster,
      time: QuorumOffice.now(plus: 0))
    let signed = try note.signed(with: key ?? field.office.bolat.publisher)
    return try AgeFile.seal(signed.encoded.span, to: [kit.key.identity.recipient])
  }

  @Test func forgedReceiptsAreRefused() throws {
    let (field, kit) = try Self.filed()
    let other = try field.kit("erke")
    let elsewhere = try FieldOffice()
    let foreign = KitFault.foreignReceipt(Place("r"))
    #expect(try kit.take(receipt: forged(field, kit), at: "r").numbers == [1, 2])
    let texts = try field.bolat().keysTexts
    let wrong = [
      try forged(field, kit, by: .generate()), try forged(field, kit, by: field.office.bolat.signing),
      try forged(field, kit, publisher: 1), try forged(field, kit, publisher: 7),
      try forged(field, kit, by: kit.key.signing),
      try forged(field, kit, vault: elsewhere.bolat().note.id), try forged(field, kit, kit: other.key.hash),
      try forged(elsewhere, kit, by: elsewhere.office.bolat.publisher),
      try forged(field, kit, keysNotes: texts + elsewhere.bolat().keysTexts),
      try forged(field, kit, keysNotes: []), try forged(field, kit, keysNotes: ["no note\n"]),
      try forged(field, kit, keysNotes: texts + [texts[texts.count - 1]]),
      try field.receipt(for: "erke"), [], Array("age-encryption.org/v1\n".utf8),
      Array(try Data(contentsOf: field.url("Kit-dana/dana.drops"))),
    ]
    let before = kit.outbox.drops
    for (number, file) in wrong.enumerated() {
      #expect(kitFault { _ = try kit.take(receipt: file, at: "r") } == foreign, "\(number)")
    }
    #expect(try field.open().outbox.drops == before)
  }

  @Test func whatAReceiptSaysOfOtherDropsCountsForNothing() throws {
    let (field, kit) = try Self.filed()
    let own = kit.outbox.drops
    let drops = [
      ReceiptNote.Drop(number: 2, head: own[0].head, object: own[0].file),
      ReceiptNote.Drop(number: 1, head: SHA256Hash(of: [1]), object: own[0].file),
    ]
    let outcome = try kit.take(receipt: forged(field, kit, drops: drops), at: "r")
    #expect(outcome.numbers == [] && outcome.others == [2, 1])
    #expect(kit.outbox.drops.allSatisfy { $0.receipts.isEmpty })
  }

  /// A checkpoint over one drop's file, said to be another's.
  @Test func aProofOfAnotherFileCoversNothing() throws {
    let (field, kit) = try Self.filed(rule: .checkpoint)
    _ = try field.aigul().checkpoint()
    let listing = try CheckpointingTests.listing(field.sample).record
    let checkpoint = String(decoding: try #require(listing.newest).encoded, as: UTF8.self)
    let drops = kit.outbox.drops
    let one = drops[0].files[1]
    let proof = try #require(listing.tree.proof(of: TreeName(.sealed, one)))
    func proven(_ object: SHA256Hash, _ index: Int, text: String? = nil) throws {
      let named = [ReceiptNote.Drop(number: 2, head: drops[1].head, object: object)]
      let covered = ReceiptNote.Covered(
        checkpoint: text ?? checkpoint, proofs: [(head: drops[1].head, index: index, path: proof.path)])
      _ = try kit.take(receipt: forged(field, kit, drops: named, covered: covered), at: "r")
    }
    try proven(one, proof.index)
    try proven(drops[1].files[1], proof.index)
    try proven(drops[1].files[1], .max)
    try proven(drops[1].files[1], proof.index, text: "no checkpoint")
    #expect(!kit.outbox.drops[1].isCovered && kit.outbox.drops[1].receipts == [2])
    let named = [ReceiptNote.Drop(number: 1, head: drops[0].head, object: one)]
    let covered = ReceiptNote.Covered(
      checkpoint: checkpoint, proofs: [(head: drops[0].head, index: proof.index, path: proof.path)])
    _ = try kit.take(receipt: forged(field, kit, drops: named, covered: covered), at: "r")
    #expect(kit.outbox.drops[0].isCovered)
  }
}
