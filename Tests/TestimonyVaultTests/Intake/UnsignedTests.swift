import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Plain age files to counsel's recipient, which nobody signed.
struct UnsignedTests {
  private func unsigned(_ field: FieldOffice, _ name: String) throws -> [Taken] {
    let session = try field.bolat()
    let intake = try session.examine(DropSources([field.path(name)]))
    #expect(intake.arrivals.isEmpty && intake.broken.isEmpty && intake.foreign.isEmpty)
    return try intake.unsigned.filter { !$0.isKnown }.compactMap {
      try session.take($0, named: "unsigned", in: field.office.caseID)
    }
  }

  private func testimony(_ field: FieldOffice, _ taken: Taken) throws -> Compartment {
    let session = try field.bolat()
    return try session.open(.testimony, of: taken.record, session.newest(taken.record)).compartment
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/age")))
  func aFileMadeWithAgeComesInOnce() throws {
    let field = try FieldOffice()
    _ = try field.sample.file("plain.txt", Data("I saw a truck.\n".utf8))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/age")
    let recipient = try field.bolat().circle(CircleName.counsel).recipient.text
    process.arguments = ["-r", recipient, "-o", field.url("plain.age").path, field.url("plain.txt").path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let taken = try unsigned(field, "plain.age")
    #expect(taken.map(\.standing) == [.filed] && taken.map(\.drop) == [nil])
    let read = try testimony(field, taken[0])
    #expect(read.fields["statement"] == "I saw a truck.\n")
    #expect(read.fields["source-signature"] == "none: a plain age file")
    let before = try field.files()
    #expect(try unsigned(field, "plain.age").isEmpty && field.files() == before)
    #expect(try RotatingTests.verify(field.bolat()).isEmpty)
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func whatIsNoTextIsADocument(kind: KeyKind) throws {
    let field = try FieldOffice(kind)
    let content: [UInt8] = [0xff, 0xd8, 0xff, 0, 1, 2]
    let counsel = try field.bolat().circle(CircleName.counsel).recipient
    try Data(AgeFile.seal(content.span, to: [counsel])).write(to: field.url("photo.age"))
    let taken = try unsigned(field, "photo.age")
    let read = try testimony(field, try #require(taken.first))
    #expect(read.fields["statement"] == nil && read.attachments.map(\.length) == [6])
    #expect(read.attachments.map(\.content) == [SHA256Hash(of: content)])
  }

  /// A drop's note without its kit's signature is not a statement either.
  @Test func aNoteOfAnotherVaultIsBrokenAndNotUnsigned() throws {
    let (field, other) = (try FieldOffice(), try FieldOffice())
    let kit = try other.kit()
    let drop = try kit.note()
    let key = try #require(try other.bolat().counselKeys.first)
    let file = Array(try Data(contentsOf: other.url(other.outbox(drop.file))))
    let content = try AgeFile.open(file.span, with: [key])
    let counsel = try field.bolat().circle(CircleName.counsel).recipient
    try Data(AgeFile.seal(content.bytes, to: [counsel])).write(to: field.url("replayed"))
    let (intake, taken) = try field.intake("replayed")
    #expect(intake.broken.count == 1 && intake.unsigned.isEmpty && intake.arrivals.isEmpty && taken.isEmpty)
  }
}
