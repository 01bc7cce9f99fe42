import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A kit is opened only as counsel made it.
struct FieldKitTests {
  @Test func aKitSaysWhatCounselMade() throws {
    let field = try FieldOffice()
    let kit = try field.kit(rule: .checkpoint)
    let session = try field.bolat()
    #expect(kit.vault.id == session.note.id && kit.note.worker == "dana" && kit.note.rule == .checkpoint)
    #expect(try kit.counsel().text == session.circle(CircleName.counsel).recipient.text)
    #expect(kit.quorum.policy == field.office.policy && kit.quorum.threshold == 2 && kit.quorum.recipients.count == 3)
    let files = try FieldOffice.files(below: field.url("Kit-dana"))
    #expect(files.isSubset(of: ["dana.key", "dana.kit", "dana.drops", "dana.lock"]))
    #expect(try FieldKit.names(in: kit.folder) == ["dana"] && !kit.isOver)
  }

  @Test func aNameIsTakenOnce() throws {
    let field = try FieldOffice()
    _ = try field.kit()
    try field.remove("Kit-dana")
    #expect(kitFault { _ = try field.kit() } == .kitExists("dana"))
    #expect(throws: Never.self) { _ = try field.kit("dana-2") }
    #expect(kitFault { _ = try field.kit("erke", for: -5) } == .endsInThePast)
  }

  @Test func aListThatIsGoneOrAnothersStopsAll() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    _ = try field.kit("erke")
    try kit.note()
    let list = try Data(contentsOf: field.url("Kit-dana/dana.drops"))
    let lost = KitFault.lostList(Place("\(kit.folder.path)/dana.drops"))
    for wrong in [nil, list.prefix(100), Data(), try Data(contentsOf: field.url("Kit-erke/erke.drops"))] {
      try field.remove("Kit-dana/dana.drops")
      try wrong?.write(to: field.url("Kit-dana/dana.drops"))
      #expect(kitFault { _ = try field.open() } == lost)
      // Neither does a device that was open already.
      #expect(kitFault { try kit.note() } == lost)
      if wrong == nil { try list.write(to: field.url("Kit-dana/dana.drops")) }
    }
  }

  @Test func papersThatNoCounselSignedAreRefused() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    let place = Place("\(kit.folder.path)/dana.kit")
    func put(_ note: KitNote, by key: SigningKey) throws {
      let signed = try note.signed(in: kit.vault.id, with: key)
      try Data(AgeFile.seal(signed.encoded.span, to: [kit.key.identity.recipient]))
        .write(to: field.url("Kit-dana/dana.kit"))
    }
    func note(kit hash: SHA256Hash? = nil, publisher: Int? = nil) throws -> KitNote {
      KitNote(
        vaultNote: kit.note.vaultNote, keysNotes: kit.note.keysNotes, publisher: publisher ?? kit.note.publisher,
        kit: hash ?? kit.key.hash, worker: try PersonName("dana"), until: kit.note.until, rule: .checkpoint,
        quorum: kit.note.quorum, language: "en", form: [], time: kit.note.time)
    }
    try put(note(), by: field.office.bolat.publisher)
    #expect(throws: Never.self) { _ = try field.open() }
    for wrong in [
      { try put(note(), by: .generate()) }, { try put(note(), by: field.office.bolat.signing) },
      { try put(note(publisher: 1), by: field.office.bolat.publisher) },
      { try put(note(publisher: 9), by: field.office.bolat.publisher) },
      { try put(note(kit: field.office.bolat.hash), by: field.office.bolat.publisher) },
    ] {
      try wrong()
      #expect(kitFault { _ = try field.open() } == .notVouchedFor(place))
    }
  }

  @Test func notAKitIsSaid() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    try field.remove("Kit-dana/dana.kit")
    #expect(kitFault { _ = try field.open() } == .notAKit(Place(kit.folder.path.description)))
    #expect(try FieldKit.names(in: kit.folder) == [])
    #expect(try FieldKit.names(in: field.sample.keys()) == [])
  }
}
