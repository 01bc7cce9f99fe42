import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// One compartment for one person.
struct GrantingTests {
  @Test(arguments: [KeyKind.classic, .hybrid])
  func aGrantOpensOneCompartmentForOnePerson(kind: KeyKind) throws {
    let sample = try SampleVault(kind)
    let (dana, erlan) = (try sample.admit("dana", [.reviewer]), try sample.admit("erlan", [.reviewer]))
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    var draft = SealingTests.draft(caseID)
    draft.attachments = [try AttachmentSource(sample.file("scan.pdf", Data("a scan".utf8)))]
    let record = try #require(try founder.seal([draft]).first).id
    let other = try #require(try founder.seal([draft]).first).id

    #expect(try sample.founder().grant(.testimony, of: record, to: "dana").versions == ["1"])
    let reader = try sample.session(dana)
    let opened = try #require(try reader.read(.testimony, of: record).first?.opened)
    #expect(opened.compartment.fields["statement"] == "what was said")
    let output = sample.folder.appending(path: "out")
    try reader.write(opened.compartment.attachments[0], of: opened, to: PathBytes(output.path))
    #expect(try Data(contentsOf: output) == Data("a scan".utf8))
    for (key, record, layer) in [
      (erlan, record, Layer.testimony), (dana, other, .testimony), (dana, record, .identity),
    ] {
      #expect(throws: VaultError.self) { try sample.session(key).read(layer, of: record) }
    }
    // The entry names the lock file, so that it can be destroyed with the others.
    let session = try sample.founder()
    let grant = try #require(StandingGrants(session.log).of(try session.newest(record).note).first)
    #expect(grant.member == dana.hash && session.isHere(ObjectPlace(.locks, grant.lock)))
    #expect(try VerificationTests.verify(sample, withKey: true).findings.isEmpty)
    #expect(reader.log.refused.isEmpty)

    // Once is enough; what is added later needs a grant of its own.
    #expect(try sample.founder().grant(.testimony, of: record, to: "dana").before == ["1"])
    try AmendingTests.amend(sample.founder(), record, "later")
    #expect(try sample.session(dana).read(.testimony, of: record).map { $0.opened != nil } == [true, false])
    let again = try sample.founder().grant(.testimony, of: record, to: "dana")
    #expect(again.versions == ["2"] && again.before == ["1"])
    #expect(try sample.session(dana).read(.testimony, of: record).allSatisfy { $0.opened != nil })
  }

  @Test func whatMustNotBeGrantedIsRefused() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    _ = try sample.admit("dana", [.reviewer])
    _ = try sample.admit("kuanysh", [.custodian])
    let before = try VerificationTests.objects(sample)
    func refusal(_ layer: Layer, _ name: String) -> VaultError? {
      do {
        _ = try sample.founder().grant(layer, of: record, to: name)
        return nil
      } catch { return error as? VaultError }
    }
    if case .needsQuorum = refusal(.identity, "dana") {} else { Issue.record("an identity was granted") }
    if case .couldNotSee = refusal(.testimony, "kuanysh") {} else { Issue.record("a custodian was granted") }
    if case .noSuchMember = refusal(.testimony, "nobody") {} else { Issue.record("nobody was granted") }
    #expect(try VerificationTests.objects(sample) == before)
  }

  /// A lock file in a counsel's name that is sealed to one more key is refused before its locks are looked at.
  @Test func aSecondStanzaIsDamage() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let session = try sample.founder()
    let version = try session.newest(record)
    let found = try #require(try session.reader().locks.found(version.note).first)
    let members = try session.circle(CircleName.members)
    let stranger = NativeIdentity.generate(.classic)
    let note = try found.note.signed(with: session.key.signing)
    let file = try AgeFile.seal(note.encoded.span, to: [members.recipient, stranger.recipient])
    let commit = Commit(in: try sample.vault(), tag: "a", durability: .each)
    let place = try commit.stage(.locks, file)
    try commit.place(inOrder: true)
    try FileManager.default.removeItem(at: sample.path(ObjectPlace(.locks, found.file)))
    let again = try sample.founder()
    #expect(try again.reader().locks.damaged.map(\.damage) == [.stanzas])
    #expect(try again.reader().locks.damaged.map(\.place.description) == [place.description])
    #expect(throws: VaultError.self) { try again.read(.testimony, of: record) }
  }

  /// An attachment's object that is sealed to one more key is not written out.
  @Test func aSecondStanzaOfAnAttachmentIsDamage() throws {
    let sample = try SampleVault(.classic)
    let founder = try sample.founder()
    let layer = NativeIdentity.generate(.classic)
    let stranger = NativeIdentity.generate(.classic)
    let content = Data(count: 65_536)
    let file = try AgeFile.seal(Array(content).span, to: [layer.recipient, stranger.recipient])
    let commit = Commit(in: try sample.vault(), tag: "a", durability: .each)
    let place = try commit.stage(.sealed, file)
    try commit.place(inOrder: true)
    let caseID = try founder.openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    let record = try #require(try founder.seal([SealingTests.draft(caseID)]).first).id
    let opened = try founder.open(.testimony, of: record, try founder.newest(record))
    let forged = OpenedLayer(
      record: record, version: opened.version, manifest: opened.manifest, layer: .testimony,
      compartment: opened.compartment, identity: layer)
    let attachment = Attachment(
      name: "a", rawName: nil, mediaType: "a", length: 65_536, content: SHA256Hash(of: Array(content)),
      parts: [place.hash])
    #expect {
      try founder.write(attachment, of: forged, to: PathBytes(sample.folder.appending(path: "out").path))
    } throws: { error in
      if case VaultError.damaged(_, .stanzas) = error { true } else { false }
    }
  }
}
