import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Kits that ended, were revoked, copied, or that nobody made.
struct KitCountingTests {
  /// A kit with one note and a copy of it, each of which writes a second.
  private static func fork(_ field: FieldOffice) throws -> (
    here: FieldKit, there: FieldKit, mine: Outbox.Drop, theirs: Outbox.Drop
  ) {
    try field.kit().note("one")
    try field.copy("Kit-dana", to: "Copy")
    let (here, there) = (try field.open(), try field.open(at: "Copy"))
    return (here, there, try here.note("mine"), try there.note("theirs"))
  }

  @Test func aCopiedKitsNotesAreAllKeptAndTheForkIsTold() throws {
    let field = try FieldOffice()
    let (here, there, mine, theirs) = try Self.fork(field)
    #expect(mine.number == 2 && theirs.number == 2 && mine.head != theirs.head)
    try field.carry(here)
    _ = try there.export(there.held, into: field.path("out"))
    let (intake, taken) = try field.intake("out")
    #expect(intake.arrivals.map(\.head.number) == [1, 2, 2] && taken.count == 3)
    let status = try KitStatus(field.told())
    #expect(status.forked == [2] && status.missing == [] && status.filed == [1, 2])
    let codes = [mine.head, theirs.head].sorted().map { ReceiptCode(of: $0) }
    #expect(status.codes == [2: codes])
    // Each device hears of the other's.
    let receipt = try field.receipt()
    let outcome = try here.take(receipt: receipt, at: "r")
    #expect(outcome.numbers == [1, 2] && outcome.others == [2])
    #expect(try there.take(receipt: receipt, at: "r").others == [2])
    #expect(try RotatingTests.verify(field.bolat()).isEmpty)
  }

  /// A fork is told also while only one of the two is whole.
  @Test func aForkIsToldBeforeBothAreFiled() throws {
    let field = try FieldOffice()
    _ = try field.kit()
    try field.copy("Kit-dana", to: "Copy")
    let (here, there) = (try field.open(), try field.open(at: "Copy"))
    try here.note("mine")
    let torn = try there.note("theirs")
    try field.carry(here)
    _ = try there.export(there.held, into: field.path("out"))
    try field.remove("out/\(torn.files[0]).age")
    let (intake, taken) = try field.intake("out")
    #expect(taken.count == 1)
    #expect(try KitStatus(field.told(), arriving: intake.arrivals.map(\.drop)).forked == [1])
  }

  @Test func aKitThatNobodyNamedIsLeftWhereItIs() throws {
    let field = try FieldOffice()
    try field.copy("Vault", to: "Before")
    let kit = try field.kit()
    try kit.note()
    try field.carry(kit)
    try field.remove("Vault")
    try field.copy("Before", to: "Vault")
    // Its device knows more of the log than is here now; what it is worth is not this test's.
    let session = try Session(
      VaultFolder(opening: field.path("Before")), keys: field.sample.keys(), key: field.sample.founded.key)
    let before = try field.files()
    let intake = try session.examine(DropSources([field.path("out")]))
    #expect(intake.arrivals.isEmpty && intake.strangers.map(\.kit) == [kit.key.hash])
    #expect(intake.strangers.map(\.number) == [1] && intake.unsigned.isEmpty && intake.broken.isEmpty)
    #expect(try field.files() == before)
  }

  @Test func aHeadThatTheKitDidNotSignIsBroken() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    let drop = try kit.note()
    try field.carry(kit)
    let sealed = try Data(contentsOf: field.url("out/\(drop.file).age"))
    let key = try #require(try field.bolat().counselKeys.first)
    let content = try AgeFile.open(Array(sealed).span, with: [key])
    let head = try DropHead(SealedNote(parsing: content.bytes, as: .drop).body)
    let forged = try AgeFile.seal(head.signed(with: .generate()).encoded.span, to: [key.recipient])
    try FileManager.default.createDirectory(at: field.url("forged"), withIntermediateDirectories: true)
    try Data(forged).write(to: field.url("forged/\(SHA256Hash(of: forged)).age"))
    let (intake, taken) = try field.intake("forged")
    #expect(intake.arrivals.isEmpty && intake.broken.count == 1 && taken.isEmpty)
  }

  @Test func whatArrivesAfterTheKitsEndIsKeptApartUntilACounselFilesIt() async throws {
    let field = try FieldOffice()
    let kit = try field.kit(for: 2)
    try kit.note()
    try field.carry(kit)
    try await Task.sleep(for: .seconds(3.1))
    #expect(kit.isOver)
    let first = try field.intake("out")
    #expect(first.intake.verdicts == [1: .quarantine(.afterEnd)] && first.taken.map(\.standing) == [.quarantined])
    let status = try KitStatus(field.told())
    #expect(status.quarantined == [1] && status.filed == [] && status.missing == [])
    let before = try field.files()
    let second = try field.intake("out")
    #expect(second.intake.verdicts == [1: .keptApart] && second.taken.isEmpty)
    #expect(try field.files() == before)
    // No receipt is signed for what is only kept.
    #expect(try kit.take(receipt: field.receipt(), at: "r").numbers == [])
    let filed = try field.intake("out", accepting: "dana was ill")
    #expect(filed.taken.map(\.standing) == [.filed])
    let told = try field.told()
    #expect(Set(told.notes.map(\.reason)) == ["arrived after the kit's end", "dana was ill"])
    #expect(KitStatus(told).quarantined == [] && KitStatus(told).filed == [1])
    #expect(try field.intake("out", accepting: "again").taken.isEmpty)
    #expect(try RotatingTests.verify(field.bolat()).isEmpty)
  }

  /// The chain from the last that counts says what was written before; a number or a time does not.
  @Test func afterARevocationTheChainCounts() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    for number in 1...3 { try kit.note("note \(number)") }
    try field.copy("Kit-dana", to: "Stolen")
    let drops = kit.outbox.drops
    try field.carry(kit, [drops[2]], to: "third")
    _ = try field.intake("third")
    #expect(kitFault { _ = try field.bolat().revokeKit("dana", last: "2") } == .noFiled("dana", "2"))
    let revoked = try field.bolat().revokeKit("dana", last: nil)
    #expect(revoked.last == .init(number: 3, head: drops[2].head))

    // Later, and back-dated by a list that was set back: both are signed by the kit.
    let stolen = try field.open(at: "Stolen")
    try stolen.note("later")
    var list = stolen.outbox
    (list.drops, list.next) = ([], 1)
    try stolen.folder.write(Outbox.fileName(stolen.key.name), list.sealed(for: stolen.key), replacing: true)
    let backDated = try field.open(at: "Stolen").note("back-dated")
    #expect(backDated.number == 1)
    _ = try field.open(at: "Stolen").export([backDated], into: field.path("late"))
    _ = try stolen.export([stolen.outbox.drops.last { $0.number == 4 } ?? backDated], into: field.path("late"))
    let late = try field.intake("late")
    #expect(late.intake.arrivals.map(\.verdict) == late.intake.arrivals.map { _ in .quarantine(.afterRevocation) })
    #expect(Set(late.taken.map(\.standing)) == [.quarantined])

    // The second leads on from the third, and the first from it, whichever comes first.
    try field.carry(kit, [drops[0], drops[1]], to: "earlier")
    let earlier = try field.intake("earlier")
    #expect(earlier.intake.verdicts == [1: .good, 2: .good] && earlier.taken.map(\.standing) == [.filed, .filed])
    #expect(try KitStatus(field.told()).forked == [1])
  }

  /// Of two notes under one number, the worker's own by the code on her card.
  @Test func ofAForkOneSideIsNamedByItsCode() throws {
    let field = try FieldOffice()
    let (here, there, mine, theirs) = try Self.fork(field)
    try field.carry(here)
    _ = try there.export([theirs], into: field.path("out"))
    _ = try field.intake("out")
    for last in [nil, "2", "3", "", "2 "] {
      #expect(kitFault { _ = try field.bolat().revokeKit("dana", last: last) } == .noFiled("dana", last ?? "2"))
    }
    let code = ReceiptCode(of: mine.head).description
    #expect(try field.bolat().kitRevocation("dana", last: code.lowercased()).last == .init(number: 2, head: mine.head))
    #expect(try field.told().isRevoked == false)
    #expect(try field.bolat().revokeKit("dana", last: code).last == .init(number: 2, head: mine.head))
    try field.carry(here, [here.note("mine too")], to: "mine")
    _ = try there.export([there.note("theirs too")], into: field.path("theirs"))
    #expect(try field.intake("mine").intake.arrivals.map(\.verdict) == [.quarantine(.afterRevocation)])
    #expect(try field.intake("theirs").intake.arrivals.map(\.verdict) == [.quarantine(.afterRevocation)])
  }

  @Test func theLastThatCountsMayBeNamed() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    for number in 1...3 { try kit.note("note \(number)") }
    try field.carry(kit, Array(kit.outbox.drops[1...2]))
    _ = try field.intake("out")
    #expect(try field.bolat().revokeKit("dana", last: "2").last?.number == 2)
    // A second one may only narrow it.
    _ = try field.bolat().revokeKit("dana", last: "3")
    #expect(try field.told().end?.last?.number == 2)
    let fourth = try kit.note("four")
    try field.carry(kit, [kit.outbox.drops[0], fourth], to: "more")
    let verdicts = try field.intake("more").intake.verdicts
    #expect(verdicts == [1: .good, 4: .quarantine(.afterRevocation)])
  }
}
