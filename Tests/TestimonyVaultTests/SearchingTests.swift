import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Lists and searches by the index, and without it: the same answers, and nothing of it outlasts what made it void.
struct SearchingTests {
  private func sampleWithRecords(_ count: Int) throws -> (SampleVault, MemberKey, [ThingID]) {
    let sample = try SampleVault(.classic)
    let dana = try sample.admit("dana", [.reviewer])
    let founder = try sample.founder()
    let id = try founder.openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    let drafts = (0..<count).map { number in
      var draft = RecordDraft(caseID: id)
      draft.summary = ["abstract": .string("summary \(number) of a river")]
      draft.testimony = ["statement": .string("Statement \(number): қыс, зима, 冬天, ئۆي"), "place": ["name": "Arqatal"]]
      draft.identity = ["name": .string("secretname\(number)")]
      return draft
    }
    return (sample, dana, try founder.seal(drafts).map(\.id))
  }

  private func quick(_ sample: SampleVault, _ key: MemberKey) throws -> QuickReading? {
    QuickReading(try sample.vault(), keys: try sample.keys(), key: key)
  }

  private func index(_ sample: SampleVault, _ name: String) -> String {
    sample.folder.appending(path: "Keys/\(name).index").path
  }

  private func found(_ search: TextSearch, _ words: String...) throws -> [Layer] {
    try search.hits(#require(SearchQuery(words))).map(\.layer)
  }

  @Test func everyLanguageIsFoundAndNoIdentityIs() throws {
    let (sample, dana, records) = try sampleWithRecords(3)
    let founder = try sample.founder()
    founder.keepMemory()
    let (search, unreadable, isRecorded) = try founder.indexTexts()
    #expect(unreadable.isEmpty && isRecorded)
    for words in ["ҚЫС", "Зима", "冬天", "ئۆي", "ARQATAL"] { #expect(try found(search, words).count == 3) }
    // All words in one version, the summary's and the testimony's together.
    #expect(try Set(search.hits(#require(SearchQuery(["statement", "2"]))).map(\.record)) == [records[2]])
    #expect(try search.hits(#require(SearchQuery(["statement 2"]))).map(\.record) == [records[2]])
    #expect(try found(search, "secretname1").isEmpty)
    // A reviewer finds summaries only.
    let reviewer = try sample.session(dana)
    reviewer.keepMemory()
    let theirs = try reviewer.indexTexts().search
    #expect(try found(theirs, "river").count == 3 && found(theirs, "statement").isEmpty)
    // That all was read stands in the log, once for each reader.
    let openings = try sample.founder().log.lines().filter { $0.entry.entry.type == .open }
    #expect(openings.map(\.entry.entry.to.circle).sorted() == ["counsel", "reviewers"])
    _ = try sample.founder().indexTexts()
    #expect(try sample.founder().log.lines().filter { $0.entry.entry.type == .open }.count == 2)
  }

  @Test func theIndexAnswersLikeTheVaultAndOnlyWhileNothingChanged() throws {
    let (sample, _, _) = try sampleWithRecords(4)
    let key = sample.founded.key
    let founder = try sample.founder()
    founder.keepMemory()
    #expect(try quick(sample, key) == nil)
    _ = try founder.indexTexts()
    // Its own entry about it came behind it.
    _ = try sample.founder().indexTexts()
    let answer = try #require(try quick(sample, key))
    #expect(try answer.rows == Session(sample.vault(), keys: sample.keys(), key: key, rereading: true).rows())
    #expect(try found(#require(answer.search), "river").count == 4)
    // The index and a rereading judge the same.
    let (indexed, reread) = (
      try sample.founder().log, try Session(sample.vault(), keys: sample.keys(), key: key, rereading: true).log
    )
    #expect(indexed.entries.map(\.note).sorted() == reread.entries.map(\.note).sorted())
    #expect(indexed.lines().map(\.reason) == reread.lines().map(\.reason))
    // Something came.
    let id = try #require(try sample.founder().log.cases.keys.first)
    var draft = RecordDraft(caseID: id)
    draft.summary = ["abstract": "another river"]
    _ = try sample.founder().seal([draft])
    #expect(try quick(sample, key) == nil)
    #expect(try found(sample.founder().indexTexts().search, "river").count == 5)
    // Something went.
    let file = try #require(try sample.founder().log.entries.first { $0.entry.type == .seal }).file
    _ = try sample.founder().indexTexts()
    #expect(try quick(sample, key) != nil)
    try FileManager.default.removeItem(at: sample.path(ObjectPlace(.log, file)))
    #expect(try quick(sample, key) == nil)
    #expect(try sample.founder().log.records.count == 4)
  }

  @Test func aLostOrDamagedIndexLosesNothing() throws {
    let (sample, _, _) = try sampleWithRecords(2)
    let founder = try sample.founder()
    founder.keepMemory()
    _ = try founder.indexTexts()
    let file = index(sample, "aigul")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    bytes[bytes.count / 2] ^= 1
    for content in [bytes, Data(), Data("junk".utf8), bytes.prefix(70_000)] {
      try content.write(to: URL(fileURLWithPath: file))
      #expect(try sample.founder().log.records.count == 2)
      #expect(try found(sample.founder().indexTexts().search, "river").count == 2)
    }
    try FileManager.default.removeItem(atPath: file)
    #expect(try found(sample.founder().indexTexts().search, "river").count == 2)
  }

  @Test func aRotationDropsTheIndex() throws {
    let (sample, dana, _) = try sampleWithRecords(2)
    for key in [sample.founded.key, dana] {
      let session = try sample.session(key)
      session.keepMemory()
      _ = try session.indexTexts()
    }
    #expect(FileManager.default.fileExists(atPath: index(sample, "dana")))
    _ = try sample.founder().rotate([CircleName.reviewers])
    // At once on the device that rotated, and elsewhere before anything is shown.
    #expect(!FileManager.default.fileExists(atPath: index(sample, "aigul")))
    let session = try sample.session(dana)
    #expect(!FileManager.default.fileExists(atPath: index(sample, "dana")))
    #expect(try found(session.indexTexts().search, "river").count == 2)
  }
}
