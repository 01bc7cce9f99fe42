import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// One device's chain: no seq twice, whatever is lost, restored, or cut short.
struct ChainTests {
  /// All own entries, as (chain, seq).
  static func positions(_ session: Session) -> [String] {
    (session.log.positions[session.key.hash] ?? []).map { "\(Hex.encode($0.chain)) \($0.seq)" }
  }

  static func open(_ sample: SampleVault, _ title: String) throws {
    _ = try sample.founder().openCase(title: title, fields: [:], reviewers: CircleName.reviewers)
  }

  static func seen(_ sample: SampleVault) -> URL { sample.folder.appending(path: "Keys/aigul.seen") }

  @Test func oneChainGoesOnFromRunToRun() throws {
    let sample = try SampleVault(.classic, quorum: false)
    for title in ["a", "b", "c"] { try Self.open(sample, title) }
    let session = try sample.founder()
    let positions = Self.positions(session)
    #expect(Set(positions).count == 3 && Set(positions.map { $0.prefix(32) }).count == 1)
    #expect(!session.remarks.contains(.newChain))
  }

  @Test func aLostMemoryBeginsANewChainThatNamesTheOld() throws {
    let sample = try SampleVault(.classic, quorum: false)
    try Self.open(sample, "a")
    try FileManager.default.removeItem(at: Self.seen(sample))
    #expect(try sample.founder().remarks.contains(.newChain))
    try Self.open(sample, "b")
    let session = try sample.founder()
    let entries = session.log.entries.filter { $0.entry.author == session.key.hash }
    #expect(Set(entries.map { Hex.encode($0.entry.chain) }).count == 2)
    let second = try #require(entries.first { (try? $0.entry.body["title"]) == "b" })
    let first = try #require(entries.first { (try? $0.entry.body["title"]) == "a" })
    #expect(second.entry.seen.contains(first.note))
    // The founder stays who she was, whichever chain sorts first.
    _ = try sample.admit("dana", [.reviewer])
    #expect(try sample.founder().log.roster.founderMember?.name == "aigul")
  }

  @Test func aRestoredBackupBeginsANewChain() throws {
    let sample = try SampleVault(.classic, quorum: false)
    try Self.open(sample, "a")
    let backup = try Data(contentsOf: Self.seen(sample))
    try Self.open(sample, "b")
    try backup.write(to: Self.seen(sample))
    try Self.open(sample, "c")
    let positions = Self.positions(try sample.founder())
    #expect(positions.count == 3 && Set(positions).count == 3)
    #expect(Set(positions.map { $0.prefix(32) }).count == 2)
  }

  @Test func aDamagedMemoryIsSetAsideAndSaid() throws {
    let sample = try SampleVault(.classic, quorum: false)
    try Self.open(sample, "a")
    try Data("not a memory".utf8).write(to: Self.seen(sample))
    let session = try sample.founder()
    #expect(session.remarks.contains(.damagedMemory))
    #expect(session.log.cases.count == 1)
    try Self.open(sample, "b")
    let aside = sample.folder.appending(path: "Keys/aigul.seen.damaged")
    #expect(try Data(contentsOf: aside) == Data("not a memory".utf8))
    #expect(try !sample.founder().remarks.contains(.damagedMemory))
  }

  /// Cut between the memory and the entry: its seq is void, the next entry takes the next and says so.
  @Test func anIntentThatNeverCameToBeIsVoid() throws {
    let sample = try SampleVault(.classic, quorum: false)
    let before = try Data(contentsOf: Self.seen(sample))
    try Self.open(sample, "a")
    let key = sample.founded.key
    let vault = sample.founded.note.id
    // The memory as it stood before the entry was put in place.
    var memory = try SeenMemory(opening: Array(before), for: key, vault: vault, place: "")
    let written = try #require(try sample.founder().log.entries.first { $0.entry.author == key.hash })
    let link = Entry.Link(seq: 1, note: written.note, file: written.file)
    memory.chains.append(
      SeenMemory.Chain(author: key.hash, chain: written.entry.chain, used: 0, last: nil, lastTo: [:]))
    memory.intents = [SeenMemory.Intent(author: key.hash, chain: written.entry.chain, link: link, to: written.entry.to)]
    let cut = Data(try memory.sealed(for: key))

    // The entry came to be: it is adopted, and the chain goes on behind it.
    try cut.write(to: Self.seen(sample))
    try Self.open(sample, "b")
    #expect(try Self.positions(sample.founder()).map { $0.suffix(1) }.sorted() == ["1", "2"])

    // It did not: the next entry takes the next seq, and names it.
    for one in try sample.founder().log.entries where one.entry.author == key.hash {
      try FileManager.default.removeItem(at: sample.path(ObjectPlace(.log, one.file)))
    }
    try cut.write(to: Self.seen(sample))
    try Self.open(sample, "c")
    let session = try sample.founder()
    let entry = try #require(session.log.entries.first { (try? $0.entry.body["title"]) == "c" }).entry
    #expect(entry.seq == 2 && entry.prev == nil && entry.void == [written.note])
    #expect(session.log.refused.isEmpty && session.log.cases.count == 1)
  }

  /// A run that was killed leaves its tag in the lock file and its half-written files: the next write removes them.
  @Test func leftoversOfAKilledRunGo() throws {
    let sample = try SampleVault(.classic, quorum: false)
    let tag = "0123456789abcdef"
    try Data(tag.utf8).write(to: sample.folder.appending(path: "Keys/aigul.lock"))
    let mine = sample.folder.appending(path: "Vault/log/.testimony-\(tag)-aabbccddeeff-1")
    let other = sample.folder.appending(path: "Vault/log/.testimony-ffffffffffffffff-aabbccddeeff-1")
    for file in [mine, other] { try Data("half".utf8).write(to: file) }
    #expect(try Verification.withoutKey(sample.vault()).findings.isEmpty)
    try Self.open(sample, "a")
    #expect(!FileManager.default.fileExists(atPath: mine.path))
    #expect(FileManager.default.fileExists(atPath: other.path))
    #expect(try Data(contentsOf: sample.folder.appending(path: "Keys/aigul.lock")).isEmpty)
  }
}
