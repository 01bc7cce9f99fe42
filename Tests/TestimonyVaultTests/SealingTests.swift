import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A record sealed and read back, by those who may and those who may not.
struct SealingTests {
  static func draft(_ caseID: ThingID) -> RecordDraft {
    var draft = RecordDraft(caseID: caseID)
    draft.summary = ["abstract": "a summary"]
    draft.testimony = ["statement": "what was said", "source": "S-1"]
    draft.identity = ["name": "an invented name"]
    return draft
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func whatIsSealedIsReadByThoseItIsSealedTo(kind: KeyKind) throws {
    let sample = try SampleVault(kind)
    let dana = try sample.admit("dana", [.reviewer])
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    let record = try #require(try founder.seal([Self.draft(caseID)]).first).id

    let counsel = try sample.founder()
    let version = try counsel.newest(record)
    #expect(try counsel.layers(of: version) == [.summary, .testimony])
    #expect(try counsel.open(.testimony, of: record, version).compartment.fields["statement"] == "what was said")
    let identity = try sample.identity(of: record, version, by: [sample.founded.key])
    #expect(identity.compartment.fields["name"] == "an invented name")

    let reviewer = try sample.session(dana)
    let seen = try reviewer.newest(record)
    #expect(try reviewer.layers(of: seen) == [.summary])
    #expect(try reviewer.open(.summary, of: record, seen).compartment.fields["abstract"] == "a summary")
    #expect {
      _ = try reviewer.open(.testimony, of: record, seen)
    } throws: { error in
      guard case VaultError.notThisLayer(record, .testimony, [.summary], "dana") = error else { return false }
      return true
    }
    #expect {
      _ = try reviewer.open(.identity, of: record, seen)
    } throws: { error in
      if case VaultError.opensByQuorum(record) = error { true } else { false }
    }
    // Not even its custodian reads an identity without a request.
    #expect {
      _ = try counsel.open(.identity, of: record, version)
    } throws: { error in
      if case VaultError.opensByQuorum(record) = error {
        true
      } else {
        false
      }
    }
  }

  @Test func aStrangersKeyOpensNothing() throws {
    let sample = try SampleVault(.classic)
    let stranger = MemberKey.make(try PersonName("stranger"), kind: .classic, vault: nil)
    #expect {
      _ = try sample.session(stranger)
    } throws: { error in
      if case VaultError.noneOfYourKeys = error { true } else { false }
    }
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000, 5_000_001])
  func attachmentsComeBackAsTheyWere(size: Int) throws {
    let sample = try SampleVault(.classic)
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    let content = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
    var draft = Self.draft(caseID)
    draft.attachments = [try AttachmentSource(sample.file("interview.m4a", content))]
    draft.identityAttachments = [try AttachmentSource(sample.file("passport.png", content))]
    let record = try #require(try founder.seal([draft]).first).id
    let version = try founder.newest(record)
    for layer in [Layer.testimony, .identity] {
      let opened =
        try layer == .identity
        ? sample.identity(of: record, version, by: [founder.key]) : founder.open(layer, of: record, version)
      let attachment = try #require(opened.compartment.attachments.first)
      #expect(attachment.length == UInt64(size))
      #expect(attachment.content == SHA256Hash(of: Array(content)))
      let output = sample.folder.appending(path: "out-\(layer.rawValue)")
      try founder.write(attachment, of: opened, to: PathBytes(output.path))
      #expect(try Data(contentsOf: output) == content)
      // Nothing that is there is replaced.
      #expect(throws: VaultError.self) { try founder.write(attachment, of: opened, to: PathBytes(output.path)) }
    }
  }

  @Test func aRecordWithoutAnythingLooksLikeOneWithAll() throws {
    let sample = try SampleVault(.hybrid)
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    func sizes(_ draft: RecordDraft) throws -> [[UInt64]] {
      let before = try ObjectKind.allCases.map { Set(try sample.vault().list($0).objects) }
      _ = try founder.seal([draft])
      return try ObjectKind.allCases.enumerated().map { index, kind in
        let new = Set(try sample.vault().list(kind).objects).subtracting(before[index])
        return try new.map { try FileSystem.status(PathBytes(sample.path($0).path)).size }.sorted()
      }
    }
    var full = Self.draft(caseID)
    full.identityAttachments = [try AttachmentSource(sample.file("passport.png", Data(count: 50_000)))]
    let empty = RecordDraft(caseID: caseID)
    let one = try sizes(full)
    #expect(one == [[18_043], [34_427], [18_043, 67_195, 67_195, 67_195]])
    #expect(try sizes(empty) == one)
  }

  @Test func identitiesAreOfOneSizeOrRefused() throws {
    let sample = try SampleVault(.classic)
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    var draft = RecordDraft(caseID: caseID)
    draft.identity = ["notes": .string(String(repeating: "x", count: 17_000))]
    #expect {
      _ = try founder.seal([draft])
    } throws: { error in
      if case VaultError.identityTooLong = error { true } else { false }
    }
    // Nothing of it is left: no object, no temporary file, no seq that was lost.
    #expect(try sample.vault().list(.sealed).objects.isEmpty)
    #expect(try sample.vault().list(.sealed).temporary.isEmpty)
    draft.identity = [:]
    _ = try founder.seal([draft])
    let seqs = founder.log.entries.filter { $0.entry.author == founder.key.hash }.map(\.entry.seq).sorted()
    #expect(seqs == [1, 2, 3])
  }
}
