import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A session that goes on after writing knows what it wrote without opening it, and what a new one reads.
struct SameSessionTests {
  /// Every well-signed entry and every record, in one line each.
  private static func told(_ session: Session) throws -> [String] {
    let entries = try session.log.verified.sorted { $0.file < $1.file }.map { one in
      let text = String(decoding: try one.entry.json().printed(), as: UTF8.self)
      return "\(one.file) \(one.note) \(one.signer) \(one.indexed.isBorneOut) \(text) "
        + "\(String(describing: one.manifest))"
    }
    let records = session.log.records.sorted { $0.key < $1.key }.map { id, history in
      "\(id) \(history.versions.map(\.note)) \(history.newest.map(\.note))"
    }
    let kits = session.kits.map { kit in "\(kit.body.kit) \(KitStatus(kit))" }
    return entries + records + kits + session.log.accepted
  }

  private static func reading(_ key: MemberKey, of field: FieldOffice) throws -> Session {
    try Session(field.sample.vault(), keys: field.sample.keys(), key: key, rereading: true)
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func itTellsWhatANewOneReads(kind: KeyKind) throws {
    let field = try FieldOffice(kind)
    let kit = try field.kit()
    for number in 1...3 { try kit.note("note \(number)") }
    try field.carry(kit)
    let session = try field.bolat()
    let opened = session.state.opened
    let caseID = try session.openCase(title: "a second case", fields: [:], reviewers: CircleName.reviewers)
    let record = try #require(try session.seal([SealingTests.draft(caseID)]).first).id
    let sources = try DropSources([field.path("out")])
    let arrivals = try session.examine(sources).arrivals
    #expect(try session.take(arrivals.map { ($0, Optional(caseID)) }, from: sources).count == 3)
    _ = try session.signReceipt(for: session.kit(named: "dana"))
    #expect(try Self.told(session) == Self.told(Self.reading(field.office.bolat, of: field)))
    #expect(session.log.records[record] != nil && session.state.opened == opened)

    // What another writes meanwhile is opened, and nothing else.
    let aigul = try field.aigul()
    _ = try aigul.openCase(title: "a third case", fields: [:], reviewers: CircleName.reviewers)
    _ = try session.openCase(title: "a fourth case", fields: [:], reviewers: CircleName.reviewers)
    #expect(try Self.told(session) == Self.told(Self.reading(field.office.bolat, of: field)))
    #expect(session.state.opened == opened + 1)

    // With a new key all is read anew.
    _ = try aigul.rotate(CircleName.founding)
    _ = try aigul.openCase(title: "a fifth case", fields: [:], reviewers: CircleName.reviewers)
    #expect(try Self.told(aigul) == Self.told(Self.reading(field.sample.founded.key, of: field)))
  }

  /// An entry that went away is not kept by who knew it.
  @Test func whatIsGoneIsGone() throws {
    let field = try FieldOffice()
    let session = try field.bolat()
    _ = try session.openCase(title: "a second case", fields: [:], reviewers: CircleName.reviewers)
    let author = field.office.bolat.hash
    let last = try #require(session.log.verified.first { $0.entry.author == author && $0.entry.type == .case })
    try FileManager.default.removeItem(at: field.sample.path(ObjectPlace(.log, last.file)))
    try session.reload()
    #expect(!session.log.verified.contains { $0.file == last.file })
    #expect(try Self.told(session) == Self.told(Self.reading(field.office.bolat, of: field)))
  }
}

extension CustodyLog {
  fileprivate var accepted: [String] {
    entries.map { "accepted \($0.file)" }.sorted() + refused.map { "refused \($0.file) \($0.fault)" }.sorted()
      + late.map { "late \($0.file)" }.sorted()
  }
}
