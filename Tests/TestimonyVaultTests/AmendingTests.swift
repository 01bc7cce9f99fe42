import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Further versions of a record: what they add, what they name, and that nothing earlier changes.
struct AmendingTests {
  static func amendment(_ session: Session, _ record: ThingID) throws -> RecordDraft {
    RecordDraft(caseID: try session.history(of: record).caseID, amends: record)
  }

  static func amend(_ session: Session, _ record: ThingID, _ text: JSON) throws {
    var draft = try amendment(session, record)
    draft.testimony = Addition.correction.mark(["correction": text])
    _ = try session.seal([draft])
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func aTranslationStandsBesideTheStatement(kind: KeyKind) throws {
    let sample = try SampleVault(kind)
    let dana = try sample.admit("dana", [.reviewer])
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    let record = try #require(try founder.seal([SealingTests.draft(caseID)]).first).id
    var draft = RecordDraft(caseID: caseID, amends: record)
    draft.testimony = Addition.translation.mark(["translation": "in English", "translated-from": "kk"])
    draft.attachments = [try AttachmentSource(sample.file("scan.pdf", Data("a scan".utf8)))]
    let amended = try #require(try founder.seal([draft]).first)
    #expect(amended.id == record && amended.version == 2)

    let versions = try sample.founder().read(.testimony, of: record)
    #expect(versions.map(\.label) == ["1", "2"])
    #expect(versions.map(\.author) == ["aigul", "aigul"])
    #expect(versions.map(\.addition) == [nil, .translation])
    let fields = versions.compactMap(\.opened?.compartment.fields)
    #expect(fields[0]["statement"] == "what was said")
    #expect(fields[1]["translation"] == "in English" && fields[1]["translated-from"] == "kk")
    #expect(try sample.founder().read(.testimony, of: record, only: "2").map(\.label) == ["2"])
    // In the layers to which nothing was added there are dummies.
    #expect(try sample.founder().read(.summary, of: record).map(\.isEmpty) == [false, true])
    let identities = try sample.identities(of: record).map(\.compartment)
    #expect(identities.map(\.fields) == [["name": "an invented name"], [:]])
    #expect(identities.allSatisfy { $0.attachments.isEmpty })
    #expect(try sample.session(dana).read(.summary, of: record).map(\.label) == ["1", "2"])
    #expect {
      _ = try sample.session(dana).read(.testimony, of: record)
    } throws: { error in
      if case VaultError.notThisLayer(record, .testimony, [.summary], "dana") = error { true } else { false }
    }
    #expect {
      _ = try sample.founder().read(.testimony, of: record, only: "3")
    } throws: { error in
      if case VaultError.noVersion(record, "3") = error { true } else { false }
    }
    let output = sample.folder.appending(path: "out")
    let opened = try #require(versions[1].opened)
    try sample.founder().write(opened.compartment.attachments[0], of: opened, to: PathBytes(output.path))
    #expect(try Data(contentsOf: output) == Data("a scan".utf8))
    #expect(try VerificationTests.verify(sample, withKey: true).findings.isEmpty)
  }

  /// Each version has keys of its own: whoever obtains those of one opens no other.
  @Test func everyVersionHasKeysOfItsOwn() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let founder = try sample.founder()
    try Self.amend(founder, record, "a")
    let layers = try founder.history(of: record).versions.map { try $0.manifest().layers }
    for layer in Layer.allCases {
      #expect(layers[0][layer]?.recipient != layers[1][layer]?.recipient)
      #expect(layers[0][layer]?.object != layers[1][layer]?.object)
    }
  }

  /// What a version shows from outside is the same, whatever it adds.
  @Test func anEmptyVersionLooksLikeAFullOne() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let founder = try sample.founder()
    func sizes(_ draft: RecordDraft) throws -> [UInt64] {
      let before = try Set(VerificationTests.objects(sample))
      _ = try founder.seal([draft])
      let new = try Set(VerificationTests.objects(sample)).subtracting(before)
      return try new.map { try FileSystem.status(PathBytes(sample.path($0).path)).size }.sorted()
    }
    var full = try Self.amendment(founder, record)
    full.summary = ["abstract": "more"]
    full.identity = ["name": "another name"]
    full.identityAttachments = [try AttachmentSource(sample.file("passport.png", Data(count: 50_000)))]
    #expect(try sizes(full) == sizes(Self.amendment(founder, record)))
  }

  /// Two devices offline for a while, each with its own copy; then their files lie together again.
  @Test func twoAmendmentsMadeApartAreBothNamedByTheNext() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let bolat = try sample.admit("bolat", [.counsel])
    let away = sample.folder.appending(path: "Away")
    try FileManager.default.copyItem(at: sample.folder.appending(path: "Vault"), to: away)
    let there = try VaultFolder(opening: PathBytes(away.path))
    try Self.amend(Session(there, keys: sample.keys(), key: bolat), record, "by bolat")
    try Self.amend(sample.founder(), record, "by aigul")
    try Self.merge(away, into: sample.folder.appending(path: "Vault"))

    let both = try sample.founder().read(.testimony, of: record)
    #expect(both.map(\.label) == ["1", "2a", "2b"])
    #expect(
      Set(both.dropFirst().map { $0.opened?.compartment.fields["correction"]?.text }) == ["by bolat", "by aigul"])
    try Self.amend(sample.founder(), record, "last")
    let session = try sample.founder()
    let history = try session.history(of: record)
    let last = try #require(history.versions.last)
    #expect(history.versions.map { history.label($0) } == ["1", "2a", "2b", "3"])
    #expect(Set(last.head.previous) == Set(both.dropFirst().map(\.version.note)))
    #expect(history.newest.map(\.note) == [last.note])
    #expect(try VerificationTests.verify(sample, withKey: true).findings.isEmpty)
  }

  static func merge(_ from: URL, into vault: URL) throws {
    for kind in ObjectKind.allCases {
      let folder = from.appending(path: kind.rawValue)
      for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where name.hasSuffix(".age") {
        let target = vault.appending(path: kind.rawValue).appending(path: name)
        if FileManager.default.fileExists(atPath: target.path) { continue }
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: folder.appending(path: name), to: target)
      }
    }
  }

  @Test func onlyCounselAmends() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let dana = try sample.session(sample.admit("dana", [.reviewer]))
    #expect {
      try Self.amend(dana, record, "x")
    } throws: { error in
      if case VaultError.needsRole(.counsel) = error { true } else { false }
    }
  }
}
