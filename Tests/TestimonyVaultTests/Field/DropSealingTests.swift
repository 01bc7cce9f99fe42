import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A note on a device that cannot read it back.
struct DropSealingTests {
  @Test(arguments: [KeyKind.classic, .hybrid])
  func theDeviceOpensNothingThatItSealed(kind: KeyKind) throws {
    let field = try FieldOffice(kind)
    let kit = try field.kit()
    var draft = try FieldOffice.draft(attaching: [field.sample.file("photo.jpg", Data(count: 100_000))])
    draft.identity = ["name": "an invented name"]
    draft.identityAttachments = [try AttachmentSource(field.sample.file("passport.png", Data("a passport".utf8)))]
    let sealed = try kit.seal(draft)
    try kit.note()
    let files = kit.outbox.drops.flatMap { [$0.file] + $0.files }
    #expect(
      files.count == Set(files).count && sealed.drop.files.count == 6 && kit.outbox.drops.map(\.number) == [1, 2])
    for file in files {
      let bytes = Array(try Data(contentsOf: field.url(field.outbox(file))))
      #expect(throws: AgeError.noMatch) { _ = try AgeFile.open(bytes.span, with: [kit.key.identity]) }
    }
    let proof = try field.open().proveBlindness()
    #expect(proof.tried == files.count && proof.opened == 0 && proof.missing == [])
    // What it keeps beside them opens to it, and holds no key.
    try field.carry(kit)
    let (intake, taken) = try field.intake("out")
    #expect(intake.verdicts == [1: .good, 2: .good] && taken.count == 2)
    let session = try field.bolat()
    let record = taken[0].record
    let read = try session.open(.testimony, of: record, session.newest(record))
    #expect(read.compartment.fields["statement"] == "a note" && read.compartment.attachments.count == 1)
  }

  @Test func whatIsMissingInTheOutboxIsTold() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    let drop = try kit.note()
    try field.remove(field.outbox(drop.files[0]))
    #expect(try field.open().proveBlindness().missing == [ObjectPlace(.sealed, drop.files[0]).description])
  }

  /// As the device's memory and files are after a cut between the intent and the head.
  private func cut(_ field: FieldOffice, _ kit: FieldKit, headInPlace: Bool, void: [Int] = []) throws -> Outbox.Drop {
    let drop = try kit.note()
    var list = kit.outbox
    list.drops.removeLast()
    (list.next, list.intent, list.void) = (drop.number, drop, void)
    try kit.folder.write(Outbox.fileName(kit.key.name), list.sealed(for: kit.key), replacing: true)
    if !headInPlace { try field.remove(field.outbox(drop.file)) }
    return drop
  }

  @Test func aDropIsWholeWhenItsHeadIsThere() throws {
    let field = try FieldOffice()
    try field.kit().note()
    let drop = try cut(field, field.open(), headInPlace: true)
    let next = try field.open().note()
    let kit = try field.open()
    #expect(next.number == 3 && kit.outbox.drops.map(\.head).contains(drop.head) && kit.outbox.void == [])
    #expect(try kit.proveBlindness().missing == [])
  }

  @Test func aNumberIsNeverUsedTwiceAndIsToldAsVoid() throws {
    let field = try FieldOffice()
    try field.kit().note("one")
    let lost = [
      try cut(field, field.open(), headInPlace: false),
      try cut(field, field.open(), headInPlace: false, void: [2]),
    ]
    #expect(lost.map(\.number) == [2, 3])
    let next = try field.open().note("four")
    let kit = try field.open()
    #expect(next.number == 4 && kit.outbox.drops.map(\.number) == [1, 4] && kit.outbox.intent == nil)
    let here = try FieldOffice.files(below: field.url("Kit-dana/outbox"))
    #expect(here.count == kit.outbox.drops.flatMap { [$0.file] + $0.files }.count)
    try kit.note("five")
    try field.carry(kit)
    let heads = try field.intake("out").intake.arrivals.map(\.head)
    #expect(heads.map(\.number) == [1, 4, 5] && heads.map(\.void) == [[], [2, 3], []])
    #expect(try KitStatus(field.told()).missing == [] && KitStatus(field.told()).filed == [1, 4, 5])
  }

  @Test func anInterruptedSealingLeavesNothing() throws {
    struct Stop: Error {}
    let field = try FieldOffice()
    let kit = try field.kit()
    let photo = try field.sample.file("photo.jpg", Data(count: 3_000_000))
    let draft = try FieldOffice.draft(attaching: [photo, photo])
    #expect(throws: (any Error).self) {
      _ = try kit.seal(draft) { _, _ in throw Stop() }
    }
    try field.remove("photo.jpg")
    #expect(throws: VaultError.self) { _ = try field.open().seal(draft) }
    #expect(try FieldOffice.files(below: field.url("Kit-dana/outbox")) == [])
    #expect(try field.open().outbox.drops == [] && field.open().outbox.intent == nil)
    #expect(try field.open().note().number == 1)
  }

  @Test func whatAKilledRunLeftIsRemovedByTheNext() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    try kit.note()
    let before = try FieldOffice.files(below: field.url("Kit-dana/outbox"))
    let tag = "0123456789abcdef"
    try Data(tag.utf8).write(to: field.url("Kit-dana/dana.lock"))
    let prefix = String(decoding: VaultFolder.temporaryPrefix, as: UTF8.self)
    try Data(count: 9).write(to: field.url("Kit-dana/outbox/sealed/\(prefix)\(tag)-1"))
    let drop = try field.open().note()
    let after = try FieldOffice.files(below: field.url("Kit-dana/outbox"))
    #expect(after.subtracting(before).count == 1 + drop.files.count && after.isSuperset(of: before))
  }

  @Test func anEarlierNoteIsNamedByItsCodeOrNumber() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    let first = try kit.note("wrong")
    #expect(try kit.drop(named: "1") == first && kit.drop(named: first.code.description) == first)
    for text in ["2", "01", "+1", "", "ABCDEF", "1 "] {
      #expect(kitFault { _ = try kit.drop(named: text) } == .noDrop(text))
    }
    var draft = try FieldOffice.draft("right")
    draft.corrects = first
    _ = try kit.seal(draft)
    try field.carry(kit)
    #expect(try field.intake("out").intake.arrivals.map(\.head.corrects) == [nil, first.head])
  }
}
