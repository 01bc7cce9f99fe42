import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Drops become records once, however they arrive.
struct TakingTests {
  @Test func aSecondIntakeChangesNothing() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    for number in 1...3 { try kit.note("note \(number)") }
    try field.carry(kit)
    _ = try kit.export(kit.held, packed: field.path("all.tar"))
    let inbox = try FieldOffice.files(below: field.url("out"))
    let first = try field.intake("out", "all.tar", "out")
    #expect(
      first.intake.verdicts == [1: .good, 2: .good, 3: .good]
        && first.taken.map(\.standing) == [.filed, .filed, .filed])
    #expect(first.intake.sources.torn == [] && first.intake.sources.refused == [] && first.intake.foreign == [])
    let before = try field.files()
    for key in [field.office.bolat, field.sample.founded.key] {
      let again = try field.intake("all.tar", "out", as: key)
      #expect(again.intake.verdicts == [1: .known, 2: .known, 3: .known] && again.taken.isEmpty)
    }
    #expect(try field.files() == before && FieldOffice.files(below: field.url("out")) == inbox)
    let session = try field.bolat()
    #expect(session.log.records.count == 4 && session.log.refused.isEmpty)
    for one in first.taken {
      let version = try session.newest(one.record)
      #expect(try session.layers(of: version) == [.summary, .testimony])
    }
    #expect(try RotatingTests.verify(session).isEmpty)
    #expect(try RotatingTests.verify(field.office.custodian(1)).isEmpty)
  }

  /// Another's rotation came ahead of the lock file that hands out its key.
  @Test func whatIsKnownNeedsNoKeyOfTheMembers() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    try kit.note()
    try field.carry(kit)
    #expect(try field.intake("out").taken.count == 1)
    let before = try field.files()
    _ = try field.aigul().rotate([CircleName.members])
    for file in try field.files().subtracting(before) where file.hasPrefix("locks/") {
      try field.remove("Vault/\(file)")
    }
    let again = try field.intake("out")
    #expect(again.intake.verdicts == [1: .known] && again.taken.isEmpty)
    try kit.note()
    try field.carry(kit)
    #expect {
      try field.intake("out")
    } throws: { error in
      if case VaultError.lacksKey(CircleName.members) = error { true } else { false }
    }
  }

  /// Both counsel take the same in, on copies of the vault that meet later.
  @Test func twoCounselWhoTakeTheSameInMakeOneRecord() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    try kit.note()
    try field.carry(kit)
    try field.copy("Vault", to: "Apart")
    let taken = try field.intake("out").taken
    let there = try Session(
      VaultFolder(opening: field.path("Apart")), keys: field.sample.keys(), key: field.sample.founded.key)
    let sources = try DropSources([field.path("out")])
    let other = try there.take(
      there.examine(sources).arrivals.map { ($0, Optional(field.office.caseID)) }, from: sources)
    #expect(other.map(\.record) == taken.map(\.record))
    try RotatingTests.merge(field.url("Apart"), into: field.url("Vault"))
    let session = try field.bolat()
    #expect(session.log.records.count == 2 && session.log.contested.isEmpty)
    #expect(try KitStatus(field.told()).forked == [] && KitStatus(field.told()).filed == [1])
    #expect(try session.open(.testimony, of: taken[0].record, session.newest(taken[0].record)).compartment.version == 1)
    #expect(try RotatingTests.verify(session).isEmpty)
  }

  @Test func numbersThatAreMissingAreListedExactly() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    for number in 1...8 { try kit.note("note \(number)") }
    let drops = kit.outbox.drops
    try field.carry(kit, [drops[6], drops[1]])
    _ = try field.intake("out")
    #expect(try KitStatus(field.told()).missing == [1, 3, 4, 5, 6])
    try field.carry(kit, [drops[0], drops[4]], to: "more")
    _ = try field.intake("more")
    let status = try KitStatus(field.told())
    #expect(status.missing == [3, 4, 6] && status.filed == [1, 2, 5, 7] && status.forked == [])
  }

  @Test func aTornDropWaitsForItsFiles() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    let drop = try kit.note(attaching: [field.sample.file("photo.jpg", Data(count: 70_000))])
    for (number, file) in drop.files.enumerated() {
      let name = "torn \(number)"
      try field.carry(kit, to: name)
      try field.cut("\(name)/\(file).age", to: 900)
      let before = try field.files()
      let (intake, taken) = try field.intake(name)
      #expect(intake.verdicts == [1: .incomplete(1)] && taken.isEmpty)
      #expect(intake.sources.torn == ["\(field.path(name))/\(file).age"])
      #expect(try field.files() == before)
    }
    // Its head is torn: nothing says whose the others are.
    try field.carry(kit, to: "headless")
    try field.cut("headless/\(drop.file).age", to: 900)
    let headless = try field.intake("headless")
    #expect(headless.intake.arrivals.isEmpty && headless.intake.foreign.count == drop.files.count - 1)
    // All that was torn, with a whole copy somewhere among it.
    let (intake, taken) = try field.intake("torn 0", "headless", "torn 1")
    #expect(intake.verdicts == [1: .good] && taken.count == 1)
    #expect(intake.sources.torn == [], "a whole copy was here")
  }

  @Test func filesMayHaveOtherNamesAndJunkLiesAmongThem() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    try kit.note("one")
    try kit.note("two")
    try field.carry(kit)
    let names = try FieldOffice.files(below: field.url("out")).sorted()
    let manager = FileManager.default
    try manager.createDirectory(at: field.url("out/DCIM/100"), withIntermediateDirectories: true)
    for (number, name) in names.enumerated() {
      let other = number % 2 == 0 ? name.uppercased() : "DCIM/100/IMG \(number).jpg"
      try manager.moveItem(at: field.url("out/\(name)"), to: field.url("out/\(other)"))
    }
    for number in 0..<50 { try Data("junk \(number)".utf8).write(to: field.url("out/DCIM/\(number).txt")) }
    try Data().write(to: field.url("out/empty"))
    try Data(count: 2000).write(to: field.url("out/zeros"))
    try manager.createSymbolicLink(at: field.url("out/link"), withDestinationURL: field.url("Vault"))
    let (intake, taken) = try field.intake("out")
    #expect(intake.verdicts == [1: .good, 2: .good] && taken.count == 2)
    #expect(intake.sources.junk == 53 && intake.sources.torn == [] && intake.foreign == [])
  }

  @Test func aFileOfAnotherSealedNameIsNotTakenForIt() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    let drop = try kit.note()
    try field.carry(kit)
    let (one, two) = (field.url("out/\(drop.files[1]).age"), field.url("out/\(drop.files[2]).age"))
    try FileManager.default.moveItem(at: one, to: field.url("out/aside"))
    try FileManager.default.moveItem(at: two, to: one)
    let (intake, taken) = try field.intake("out")
    // The one aside is found by its content; the other claims to be what it is not.
    #expect(intake.verdicts == [1: .incomplete(1)] && taken.isEmpty && intake.sources.torn == [])
    #expect(intake.sources.files[drop.files[1]]?.place == "\(field.path("out"))/aside")
  }
}
