import Age
import Foundation
import Platform
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// An identity's key in pieces: who gets one, what any of them open, and what does not show.
struct IdentitySplittingTests {
  /// Two of three custodians: nura, erke, dana.
  private struct Quorum {
    let sample: SampleVault
    let custodians: [MemberKey]
    let policy: Policy
    let caseID: ThingID

    init(_ kind: KeyKind) throws {
      let sample = try SampleVault(kind)
      self.sample = sample
      custodians = try ["nura", "erke", "dana"].map { try sample.admit($0, [.custodian]) }
      policy = try sample.quorum(2, of: custodians)
      try sample.confirmCustodians(on: sample.founded.key)
      caseID = try sample.founder().openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    }

    func seal(_ draft: RecordDraft? = nil) throws -> ThingID {
      try #require(try sample.founder().seal([draft ?? SealingTests.draft(caseID)]).first).id
    }

    /// The locks of the only version's identity, in the order of their lock file.
    func locks(of record: ThingID) throws -> [LocksNote.Lock] {
      let session = try sample.founder()
      let found = try session.reader().locks.found(session.newest(record).note)
      return found.flatMap(\.note.locks).filter { $0.carries == .layer(.identity) }
    }
  }

  private static func number(_ lock: LocksNote.Lock) -> Int? {
    if case .share(let address) = lock.to { address.number } else { nil }
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func anyTwoOfThreeOpenItAndOneDoesNot(kind: KeyKind) throws {
    let quorum = try Quorum(kind)
    let (sample, keys) = (quorum.sample, quorum.custodians)
    let record = try quorum.seal()
    let version = try sample.founder().newest(record)
    #expect(try version.manifest().identityPolicy == .quorum(quorum.policy.note))
    #expect(try quorum.locks(of: record).map(Self.number) == [1, 2, 3])
    for pair in [[0, 1], [1, 2], [2, 0]] {
      let opened = try sample.identity(of: record, version, by: pair.map { keys[$0] })
      #expect(opened.compartment.fields["name"] == "an invented name")
    }
    for key in keys {
      #expect(try sample.shares(of: record, version, by: [key]).count == 1)
      #expect(throws: ShareError.self) { try sample.identity(of: record, version, by: [key]) }
    }
    // Neither the founder, who sealed it, nor the circles' keys open any of the locks.
    let held = try sample.founder().circles.identities.map(\.identity) + [sample.founded.key.identity]
    let opened = try quorum.locks(of: record).filter { try SealedReader.open($0.file, with: held) != nil }
    #expect(opened.isEmpty)
  }

  /// Each version is a set of its own: shares of two versions are of two keys.
  @Test func everyVersionIsSplitAnew() throws {
    let quorum = try Quorum(.classic)
    let record = try quorum.seal()
    try AmendingTests.amend(quorum.sample.founder(), record, "later")
    let versions = try quorum.sample.founder().history(of: record).versions
    let claims = try versions.map {
      try #require(quorum.sample.shares(of: record, $0, by: [quorum.custodians[0]]).first).claims
    }
    #expect(claims.map(\.version) == [1, 2])
    #expect(claims[0].salt != claims[1].salt && Set(claims[0].hashes).isDisjoint(with: claims[1].hashes))
    let mixed = try [0, 1].map { place in
      let note = try #require(
        quorum.sample.shares(of: record, versions[place], by: [quorum.custodians[place]]).first)
      return try SampleVault.mnemonic(note.words.secret)
    }
    #expect(throws: ShareError.self) { _ = try SecretSharing.combine(mixed) }
  }

  @Test func aSuspendedCustodianGetsNoShare() throws {
    let quorum = try Quorum(.classic)
    let (sample, keys) = (quorum.sample, quorum.custodians)
    let before = try quorum.seal()
    _ = try sample.founder().suspend("erke", reason: "arrested")
    let record = try quorum.seal()
    #expect(try quorum.locks(of: record).map(Self.number) == [1, 3])
    let version = try sample.founder().newest(record)
    #expect(try sample.shares(of: record, version, by: [keys[1]]).isEmpty)
    #expect(try sample.shares(of: record, version, by: [keys[0]]).first?.claims.hashes.count == 3)
    let opened = try sample.identity(of: record, version, by: [keys[0], keys[2]])
    #expect(opened.compartment.fields["name"] == "an invented name")
    // What she held before, she holds: nothing is retroactive.
    #expect(try sample.shares(of: before, sample.founder().newest(before), by: [keys[1]]).count == 1)
  }

  /// Nothing tells a record with an identity from one without: not the lock file's size, not the locks in it, not theirs.
  @Test(arguments: [KeyKind.classic, .hybrid])
  func aDummyIsSplitAsAnIdentityIs(kind: KeyKind) throws {
    let quorum = try Quorum(kind)
    let sample = quorum.sample
    func shape(_ draft: RecordDraft) throws -> [[Int]] {
      let before = Set(try sample.vault().list(.locks).objects)
      let record = try quorum.seal(draft)
      let files = Set(try sample.vault().list(.locks).objects).subtracting(before)
      let sizes = try files.map { Int(try FileSystem.status(PathBytes(sample.path($0).path)).size) }
      let locks = try quorum.locks(of: record)
      let stanzas = try locks.map { try Header.parse($0.file.span).header.stanzas.count }
      return [sizes, locks.map(\.file.count), stanzas, locks.compactMap(Self.number)]
    }
    var full = SealingTests.draft(quorum.caseID)
    full.identity = ["name": .string(String(repeating: "n", count: 9_000))]
    full.identityAttachments = [try AttachmentSource(sample.file("passport.png", Data(count: 50_000)))]
    let shapes = try [full, SealingTests.draft(quorum.caseID), RecordDraft(caseID: quorum.caseID)].map(shape)
    #expect(shapes[0][0].count == 1 && Set(shapes[0][1]).count == 1)
    #expect(shapes[0][2] == [1, 1, 1] && shapes[0][3] == [1, 2, 3])
    #expect(shapes.allSatisfy { $0 == shapes[0] })
    // As large as the program says before it states such a policy, at most: in the smallest class.
    #expect(IdentitySplitting.lockFileSize(shares: 3, kind) == SizeClass.lockFile.rawValue)
    #expect(shapes[0][0][0] < SizeClass.lockFile.rawValue + 2_048)
  }

  /// Shares are carried over byte for byte, under the policy that they were split under, whoever makes the lock file anew.
  @Test func aRelockCarriesSharesOver() throws {
    let quorum = try Quorum(.classic)
    let (sample, keys) = (quorum.sample, quorum.custodians)
    let bolat = try sample.admit("bolat", [.counsel])
    let record = try quorum.seal()
    let locks = try quorum.locks(of: record)
    let files = try sample.founder().reader().locks.files
    let alone = try sample.setQuorum(1, of: ["aigul"], alone: true)
    for key in keys.prefix(2) { _ = try sample.session(key).acceptQuorum() }
    #expect(try sample.founder().log.roster.policy?.note == alone.note)
    _ = try sample.founder().suspend("nura", reason: "arrested")

    for key in [bolat, sample.founded.key] {
      #expect(try sample.session(key).relock([record], force: true).relocked.count == 1)
      #expect(try quorum.locks(of: record) == locks)
    }
    #expect(try Set(sample.founder().reader().locks.files).isDisjoint(with: files))
    _ = try sample.founder().reseal(record)
    #expect(try quorum.locks(of: record) == locks)
    let version = try sample.founder().newest(record)
    #expect(try version.manifest().identityPolicy == .quorum(quorum.policy.note))
    let opened = try sample.identity(of: record, version, by: [keys[1], keys[2]])
    #expect(opened.compartment.fields["name"] == "an invented name")
    #expect(try RotatingTests.verify(sample.founder()).isEmpty)
  }
}
