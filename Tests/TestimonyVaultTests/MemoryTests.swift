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

  /// Has the member's index answer by itself: its own entry about the first one comes behind it.
  private func index(_ sample: SampleVault, _ key: MemberKey) throws {
    for _ in 1...2 {
      let session = try sample.session(key)
      session.keepMemory()
      _ = try session.indexTexts()
    }
  }

  @Test func aVaultThatWentBackIsNamedAndNothingIsSealedToItsRoster() throws {
    let sample = try SampleVault(.classic, quorum: false)
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
    let sample = try SampleVault(.classic, quorum: false)
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

  /// What is gone for good stands in nobody's way once a person has accepted it; what was lost is not linked to again.
  @Test func anAcceptedLossIsNotMissedAnyMore() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let file = try #require(try sample.founder().log.entries.first { $0.entry.type == .admit && $0.entry.seq > 1 }).file
    let kept = sample.path(ObjectPlace(.log, file))
    let before = sample.folder.appending(path: "before")
    let vault = sample.folder.appending(path: "Vault")
    try FileManager.default.copyItem(at: vault, to: before)
    _ = try sample.admit("erke", [.reviewer])
    try FileManager.default.removeItem(at: vault)
    try FileManager.default.moveItem(at: before, to: vault)
    #expect(FileManager.default.fileExists(atPath: kept.path))
    let back = try sample.founder()
    #expect(throws: VaultError.self) { try back.openCase(title: "a", fields: [:], reviewers: CircleName.reviewers) }
    #expect(back.lostHeads.count == 1)
    try back.acceptLoss(back.lostHeads, checkpoint: false)
    let session = try sample.founder()
    #expect(session.lostHeads.isEmpty && session.rosterDoubts.isEmpty)
    // Erke's keys were given twice: the second admission is no fork of the first.
    let other = MemberKey.make(try PersonName("erke"), kind: .classic, vault: nil)
    _ = try session.admit(other.card(), roles: [.reviewer], displayName: "erke")
    let id = try sample.founder().openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    let log = try sample.session(dana).log
    #expect(log.cases[id] != nil && !log.lacksRoster && log.chainFaults.isEmpty)
  }

  /// A member who signs no checkpoints remembers the newest that was here, and hears when it is gone; reading goes on.
  @Test func checkpointsThatWentBackAreNamed() throws {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let tree = sample.folder.appending(path: "Vault/tree")
    let before = sample.folder.appending(path: "before")
    #expect(try sample.founder().checkpoint().checkpoint?.number == 1)
    try FileManager.default.copyItem(at: tree, to: before)
    _ = try RotatingTests.open(sample.founder(), "a")
    #expect(try sample.founder().checkpoint().checkpoint?.number == 2)
    let id = try RotatingTests.open(sample.founder(), "b")
    _ = try seal(sample, sample.founder(), in: id)
    try index(sample, dana)
    #expect(try sample.session(dana).seen.checkpoint?.number == 2)
    #expect(try sample.session(dana).newerCheckpoint == nil)
    let (vault, keys) = try (sample.vault(), sample.keys())
    #expect(QuickReading(vault, keys: keys, key: dana) != nil)
    for place in [tree, nil] {
      try FileManager.default.removeItem(at: tree)
      if place != nil { try FileManager.default.copyItem(at: before, to: tree) }
      let back = try sample.session(dana)
      #expect(back.remarks.contains(.checkpointsWentBack(was: 2, now: place == nil ? 0 : 1)))
      back.keepMemory()
      #expect(try sample.session(dana).seen.checkpoint?.number == 2)
      #expect(QuickReading(vault, keys: keys, key: dana) == nil)
    }
    let back = try sample.session(dana)
    try back.acceptLoss([], checkpoint: true)
    #expect(try sample.session(dana).remarks.isEmpty)
  }

  /// Where the founder's public notes went back, what is opened waits; reading goes on.
  @Test func whereKeysNotesWentBackReadingGoesOn() throws {
    let sample = try SampleVault(.classic)
    let counsel = try sample.founder()
    let id = try counsel.openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    let record = try seal(sample, counsel, in: id)
    let folder = sample.folder.appending(path: "Vault/public/vault")
    let before = sample.folder.appending(path: "before")
    try FileManager.default.copyItem(at: folder, to: before)
    _ = try sample.admit("marat", [.counsel])
    try index(sample, sample.founded.key)
    let (vault, keys) = try (sample.vault(), sample.keys())
    #expect(QuickReading(vault, keys: keys, key: sample.founded.key) != nil)
    try FileManager.default.removeItem(at: folder)
    try FileManager.default.moveItem(at: before, to: folder)
    #expect(QuickReading(vault, keys: keys, key: sample.founded.key) == nil)
    let back = try sample.founder()
    #expect(try !back.recordOpening(.testimony, of: record, [back.newest(record)]))
    #expect(try sample.founder().seen.waiting.count == 1)
  }

  /// A damaged memory is evidence: nothing overwrites it.
  @Test func aDamagedMemoryIsSetAside() throws {
    let sample = try SampleVault(.classic)
    let session = try sample.founder()
    session.keepMemory()
    let file = sample.folder.appending(path: "Keys/aigul.seen")
    for write in [{ try session.followKeys() }, { try session.acceptLoss([], checkpoint: false) }] {
      try Data("junk".utf8).write(to: file)
      try write()
      #expect(try Data(contentsOf: sample.folder.appending(path: "Keys/aigul.seen.damaged")) == Data("junk".utf8))
      #expect(try sample.founder().remarks.allSatisfy { $0 != .damagedMemory })
      try FileManager.default.removeItem(at: sample.folder.appending(path: "Keys/aigul.seen.damaged"))
    }
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
