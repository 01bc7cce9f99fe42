import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What a device remembers of its vault: that it went back in time, what was opened while nothing could be written, and
/// what an unreadable file must not make it believe.
struct MemoryTests {
  private func seal(_ sample: SampleVault, _ session: Session, in id: ThingID) throws -> ThingID {
    var draft = RecordDraft(caseID: id)
    draft.testimony = ["statement": "words"]
    return try session.seal([draft])[0].id
  }

  @Test func aVaultThatWentBackIsNamedAndNothingIsSealedToItsRoster() throws {
    let sample = try SampleVault(.classic)
    let before = sample.folder.appending(path: "before")
    let vault = sample.folder.appending(path: "Vault")
    try FileManager.default.copyItem(at: vault, to: before)
    _ = try sample.admit("dana", [.reviewer])
    let session = try sample.founder()
    let id = try session.openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    try FileManager.default.removeItem(at: vault)
    try FileManager.default.moveItem(at: before, to: vault)
    let back = try sample.founder()
    let lost = back.remarks.contains { if case .wentBack(_, was: 6, now: 5) = $0 { true } else { false } }
    #expect(lost)
    #expect(throws: VaultError.self) { try back.openCase(title: "b", fields: [:], reviewers: CircleName.reviewers) }
    var result = try Verification.withoutKey(sample.vault())
    try back.verify(into: &result)
    #expect(result.findings.contains { if case .wentBack = $0.meaning { $0.kind == .fork } else { false } })
    _ = id
  }

  @Test func keysNotesThatWentBackAreNamedAndNothingIsWritten() throws {
    let sample = try SampleVault(.classic)
    let folder = sample.folder.appending(path: "Vault/public/vault")
    let before = sample.folder.appending(path: "before")
    try FileManager.default.copyItem(at: folder, to: before)
    _ = try sample.admit("marat", [.counsel])
    #expect(try sample.founder().open.keys?.number == 2)
    _ = try sample.founder().openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    try FileManager.default.removeItem(at: folder)
    try FileManager.default.moveItem(at: before, to: folder)
    let back = try sample.founder()
    #expect(back.remarks.contains(.keysWentBack))
    #expect(throws: VaultError.self) { try back.openCase(title: "b", fields: [:], reviewers: CircleName.reviewers) }
    // People settled it: this is the way to follow.
    try back.followKeys()
    _ = try sample.founder().openCase(title: "b", fields: [:], reviewers: CircleName.reviewers)
  }

  /// An own entry of another circle that is gone is named too; writing goes on behind it.
  @Test func aLostCaseIsNamed() throws {
    let sample = try SampleVault(.classic)
    _ = try sample.founder().openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    let file = try #require(try sample.founder().log.entries.first { $0.entry.type == .case }).file
    try FileManager.default.removeItem(at: sample.path(ObjectPlace(.log, file)))
    let session = try sample.founder()
    #expect(session.remarks.contains { if case .wentBack(_, was: 1, now: 0) = $0 { true } else { false } })
    var result = try Verification.withoutKey(sample.vault())
    try session.verify(into: &result)
    #expect(result.findings.map(\.place.description) == [ObjectPlace(.log, file).description])
    _ = try session.openCase(title: "b", fields: [:], reviewers: CircleName.reviewers)
  }

  @Test func anUnreadableFileIsNotTakenForAMissingOne() throws {
    let vault = SHA256Hash(of: Array("vault".utf8))
    let author = SHA256Hash(of: Array("author".utf8))
    let link = Entry.Link(seq: 1, note: vault, file: vault)
    var memory = SeenMemory(vault: vault)
    memory.chains = [
      SeenMemory.Chain(author: author, chain: [UInt8](repeating: 1, count: 16), used: 0, last: nil, lastTo: [:])
    ]
    memory.intents = [
      SeenMemory.Intent(
        author: author, chain: [UInt8](repeating: 1, count: 16), link: link,
        to: Entry.Address(circle: "counsel", epoch: vault))
    ]
    #expect(throws: VaultError.self) {
      try memory.settle { _ throws(VaultError) in throw .busy }
    }
    #expect(memory.intents.count == 1 && memory.void.isEmpty)
    try memory.settle { _ throws(VaultError) in false }
    #expect(memory.intents.isEmpty && memory.void[author] == [vault])
  }

  @Test func whatIsOpenedIsRecordedFirst() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let counsel = try sample.founder()
    let id = try counsel.openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    let record = try seal(sample, counsel, in: id)
    let session = try sample.session(dana)
    #expect(try session.recordOpening(.summary, of: record, [session.newest(record)]))
    #expect(try counsel.recordOpening(.testimony, of: record, [counsel.newest(record)]))
    let lines = try sample.founder().log.lines().filter { $0.entry.entry.type == .open }
    #expect(lines.map(\.records) == [[record], [record]])
    #expect(Set(lines.map(\.entry.entry.to.circle)) == ["reviewers", "counsel"])
    // What counsel open of a testimony is not the reviewers' to know.
    #expect(try sample.session(dana).log.lines().filter { $0.entry.entry.type == .open }.count == 1)
  }

  /// As root nothing is read-only by its mode: `MediumTests` mounts for it.
  @Test(.enabled(if: getuid() != 0, "root writes whatever the mode says"))
  func onAReadOnlyVaultAnOpeningWaitsForTheNextWrite() throws {
    let sample = try SampleVault(.classic)
    let counsel = try sample.founder()
    let id = try counsel.openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    let record = try seal(sample, counsel, in: id)
    let vault = sample.folder.appending(path: "Vault").path
    #expect(try Self.run("/bin/chmod", ["-R", "a-w", vault]) == 0)
    #expect(try !counsel.recordOpening(.testimony, of: record, [counsel.newest(record)]))
    #expect(try Self.run("/bin/chmod", ["-R", "u+w", vault]) == 0)
    #expect(try sample.founder().log.lines().allSatisfy { $0.entry.entry.type != .open })
    _ = try sample.founder().openCase(title: "b", fields: [:], reviewers: CircleName.reviewers)
    let log = try sample.founder().log
    #expect(log.lines().filter { $0.entry.entry.type == .open }.map(\.records) == [[record]])
    #expect(log.chainFaults.isEmpty && log.refused.isEmpty)
    // Once, not at every write.
    _ = try sample.founder().openCase(title: "c", fields: [:], reviewers: CircleName.reviewers)
    #expect(try sample.founder().log.lines().filter { $0.entry.entry.type == .open }.count == 1)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
