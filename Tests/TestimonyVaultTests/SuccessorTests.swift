import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What a hostile counsel, active or removed, cannot have others destroy: nothing goes whose successor is not proven.
struct SuccessorTests {
  typealias Office = RelockingTests.Office

  /// Puts a lock file into the vault that `author` signs.
  @discardableResult
  static func forge(
    by author: MemberKey, _ session: Session, _ record: ThingID, _ manifest: SHA256Hash, _ locks: [LocksNote.Lock]
  ) throws -> ObjectPlace {
    let note = LocksNote(
      vault: session.note.id, author: author.hash, subject: .record(record.hash, manifest: manifest), locks: locks)
    let members = try session.circle(CircleName.members)
    let commit = Commit(in: session.vault, tag: "a", durability: .each)
    let place = try commit.stage(
      .locks, AgeFile.seal(note.signed(with: author.signing).encoded.span, to: [members.recipient]))
    try commit.place(inOrder: true)
    return place
  }

  /// Locks to the circles' current epochs, with keys that nobody needs.
  ///
  /// - Parameter isShare: what would be the identity's lock claims to hold a share; else, to be a draft's lock to the founder.
  static func junk(_ session: Session, _ record: ThingID, isShare: Bool = true) throws -> [LocksNote.Lock] {
    let renewal = try LockRenewal(session, of: record)
    let key = NativeIdentity.generate(session.kind)
    let founder = try #require(session.log.roster.founderMember)
    let policy = try #require(session.log.roster.policy)
    let recipient = try NativeRecipient(parsing: founder.admission.card.recipient)
    return [
      LocksNote.Lock(
        carries: .layer(.summary), to: .circle(renewal.reviewers.body.address),
        file: try LockedKey.seal(key, to: renewal.reviewers.recipient)),
      LocksNote.Lock(
        carries: .layer(.testimony), to: .circle(renewal.counsel.body.address),
        file: try LockedKey.seal(key, to: renewal.counsel.recipient)),
      LocksNote.Lock(
        carries: .layer(.identity),
        to: isShare ? .share(ShareAddress(number: 1, policy: policy.note, set: 7)) : .member(founder.key),
        file: try LockedKey.seal(key, to: recipient)),
    ]
  }

  /// Everything that was sealed opens for the founder.
  static func expectWhole(_ office: Office, _ content: [[JSON]]) throws {
    #expect(try ResealingTests.content(office.sample, office.record) == content)
  }

  static func write(_ key: MemberKey, _ office: Office, _ body: RelockBody) throws {
    let session = try office.sample.session(key)
    let renewal = try LockRenewal(session, of: office.record)
    try session.write { writing in
      try writing.stage(
        writing.chain.entry(
          .relock, by: key.signing, to: renewal.reviewers.body, renewal.reviewers.recipient, body: body.json))
    }
  }

  /// A publisher says alone what is gone.
  static func sayGone(_ session: Session, _ reason: GoneNote.Reason, _ names: [(ObjectPlace, ObjectPlace)]) throws {
    let gone = try GoneNote(reason, names.map { GoneNote.Name($0.0.treeName, replacedBy: $0.1.treeName) })
    let number = try #require(session.publisherNumber)
    try session.write { writing in
      let bytes = try gone.signed(for: session.note.id, publisher: number, with: session.key.publisher).encoded
      try writing.objects.stage(path: [TreeFile.folder], name: TreeFile.gone(bytes: bytes), bytes)
    }
  }

  @Test(arguments: [false, true], [false, true])
  func whatARemovedCounselSignsTakesNoPlace(opensSummaryAndTestimony: Bool, isShare: Bool) throws {
    let office = try Office(.classic)
    let content = try ResealingTests.content(office.sample, office.record)
    let identity = try RelockingTests.identityLocks(office.sample.founder(), office.record)
    _ = try office.sample.founder().remove("bolat", reason: "left")
    let founder = try office.sample.founder()
    var forged: Set<String> = []
    for version in try founder.history(of: office.record).versions {
      var locks = try Self.junk(founder, office.record, isShare: isShare)
      if opensSummaryAndTestimony {
        let (reader, renewal) = (try founder.reader(), try LockRenewal(founder, of: office.record))
        let summary = try reader.layerKey(.summary, of: office.record, version)
        let testimony = try reader.layerKey(.testimony, of: office.record, version)
        locks[0] = LocksNote.Lock(
          carries: .layer(.summary), to: locks[0].to,
          file: try LockedKey.seal(summary, to: renewal.reviewers.recipient))
        locks[1] = LocksNote.Lock(
          carries: .layer(.testimony), to: locks[1].to,
          file: try LockedKey.seal(testimony, to: renewal.counsel.recipient))
      }
      forged.insert(try Self.forge(by: office.bolat, founder, office.record, version.note, locks).description)
    }
    // A share is looked into by its custodian's program: here the founder holds the one share.
    #expect(try Set(office.findings()) == forged)
    let outcome = try office.sample.founder().relock(nil)
    #expect(outcome.relocked.count == 2 && outcome.failed.isEmpty && outcome.ending.unproven.isEmpty)
    try Self.expectWhole(office, content)
    #expect(try RelockingTests.identityLocks(office.sample.founder(), office.record) == identity)
    #expect(try office.findings().isEmpty)
  }

  @Test func aRelockEndsNothingThatIsNotOfItsVersion() throws {
    let office = try Office(.classic)
    let content = try ResealingTests.content(office.sample, office.record)
    let session = try office.sample.session(office.bolat)
    let versions = try session.history(of: office.record).versions
    let kept = try #require(session.reader().locks.found(versions[0].note).first { $0.epoch != nil }).file
    let others = try office.names(.locks).subtracting([kept]).sorted()
    try Self.write(
      office.bolat, office,
      RelockBody(record: office.record.hash, manifest: versions[0].note, old: others, new: [kept]))
    try Self.sayGone(
      office.sample.session(office.bolat), .replace,
      others.map { (ObjectPlace(.locks, $0), ObjectPlace(.locks, kept)) })
    let granted = Set(StandingGrants(session.log).of(versions[0].note).map(\.lock))
    _ = try RelockingTests.relockForOthers(office.sample.founder(), office.record)
    #expect(try office.names(.locks).isSuperset(of: Set(others).subtracting(granted)))
    try Self.expectWhole(office, content)
    for key in [office.bolat, office.dana, office.erlan] { _ = try office.sample.session(key) }
  }

  /// A `reseal` by bolat of the first version.
  static func reseal(_ office: Office, changing fields: JSON? = nil, identity: [LocksNote.Lock]? = nil) throws {
    let session = try office.sample.session(office.bolat)
    let record = office.record
    try session.write { writing in
      let version = try session.history(of: record).versions[0]
      let (reader, renewal) = (try session.reader(), try LockRenewal(session, of: record))
      let sealing = RecordParts(
        vault: session.note.id, kind: session.kind, commit: writing.objects, workers: 1, progress: { _, _ in })
      let old = try version.checkedManifest()
      var (layers, five) = (old.layers, old.commitments.five)
      let key = NativeIdentity.generate(session.kind)
      let opened = try reader.open(.summary, of: record, version)
      let compartment = sealing.compartment(
        record.hash, 1, .summary, fields ?? opened.compartment.fields, [], [])
      let (object, commitment) = try sealing.seal(compartment, to: LayerSealing(key))
      layers[.summary] = Manifest.LayerObject(object: object, recipient: KeyHash.ofRecipient(key.recipient.text))
      five[0] = commitment
      let manifest = Manifest(
        origin: old.origin, caseID: old.caseID, previous: old.previous, version: old.version, layers: layers,
        identityPolicy: old.identityPolicy, commitments: try Commitments(five: five))
      let written = try writing.chain.entry(
        .reseal, by: session.key.signing, to: renewal.reviewers.body, renewal.reviewers.recipient,
        body: ResealBody(manifest: manifest, replaces: version.note).json(vault: session.note.id))
      let found = reader.locks.found(version.note).filter { $0.epoch != nil }
      let file = try renewal.lockFile(
        manifest: written.note, summary: key, testimony: reader.layerKey(.testimony, of: record, version),
        identity: identity ?? renewal.identityLocks(of: version, in: found))
      _ = try writing.objects.stage(.locks, file)
      try writing.stage(written)
    }
  }

  @Test func aResealThatSaysSomethingElseIsNeitherSignedNorFollowed() throws {
    let office = try Office(.classic)
    try Self.reseal(office, changing: ["summary": "Something else."])
    let before = try VerificationTests.objects(office.sample)
    let ending = try RelockingTests.relockForOthers(office.sample.founder(), office.record).ending
    #expect(ending.destroyed == 0 && ending.unproven.map(\.record) == [office.record])
    #expect(try Set(VerificationTests.objects(office.sample)).isSuperset(of: before))
    #expect(!FileManager.default.fileExists(atPath: office.sample.folder.appending(path: "Vault/tree").path))
  }

  @Test func aResealThatLosesTheIdentityIsNotFollowed() throws {
    let office = try Office(.classic)
    let junk = try Self.junk(office.sample.founder(), office.record)[2]
    try Self.reseal(office, identity: [junk])
    let before = try office.names(.locks)
    let ending = try ResealingTests.resealForOthers(office.sample.founder(), office.record).ending
    #expect(ending.destroyed == 0 && ending.unproven.count == 1)
    #expect(try office.names(.locks).isSuperset(of: before))
  }

  @Test func nothingIsSignedForAnotherWithoutAWord() throws {
    let office = try Office(.classic)
    try Self.reseal(office)
    let before = try VerificationTests.objects(office.sample)
    let founder = try office.sample.founder()
    let others = try founder.replacedByOthers(of: [office.record])
    #expect(others.map(\.author) == ["bolat"] && others.allSatisfy { $0.isReseal && $0.isUnsigned })
    let left = try founder.relock([office.record]).ending
    #expect(left.destroyed == 0 && left.others.map(\.entry) == others.map(\.entry))
    #expect(try VerificationTests.objects(office.sample) == before)
    let ending = try RelockingTests.relockForOthers(office.sample.founder(), office.record).ending
    // The testimony stays where it is: it was not sealed anew.
    #expect(ending.destroyed == 4 && ending.others.isEmpty && ending.unproven.isEmpty)
  }

  @Test func aSuccessorIsReadBeforeTheOldGoes() throws {
    let office = try Office(.classic)
    let content = try ResealingTests.content(office.sample, office.record)
    try RelockingTests.setThresholds(office.sample, replace: 2, erase: 2)
    let before = try office.names(.locks)
    _ = try office.sample.founder().relock([office.record], force: true)
    for file in try office.names(.locks).subtracting(before) {
      try Data().write(to: office.sample.path(ObjectPlace(.locks, file)))
    }
    let ending = try RelockingTests.relockForOthers(office.sample.session(office.bolat), office.record).ending
    #expect(ending.destroyed == 0)
    #expect(try office.names(.locks).isSuperset(of: before))
    try Self.expectWhole(office, content)
  }

  @Test func aResealedObjectIsReadBeforeTheOldGoes() throws {
    let office = try Office(.classic)
    try RelockingTests.setThresholds(office.sample, replace: 2, erase: 2)
    let before = try VerificationTests.objects(office.sample)
    _ = try office.sample.founder().reseal(office.record)
    let founder = try office.sample.founder()
    let version = try founder.history(of: office.record).versions[0]
    let part = try #require(founder.open(.testimony, of: office.record, version).compartment.attachments.first).parts[0]
    let url = office.sample.path(ObjectPlace(.sealed, part))
    var bytes = try Data(contentsOf: url)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: url)
    let ending = try ResealingTests.resealForOthers(office.sample.session(office.bolat), office.record).ending
    #expect(ending.destroyed == 0 && ending.unproven.count == 1)
    #expect(try Set(VerificationTests.objects(office.sample)).isSuperset(of: before))
  }

  @Test func whatSomebodyElsePilesUpIsNotCarriedOn() throws {
    let office = try Office(.classic)
    let content = try ResealingTests.content(office.sample, office.record)
    let identity = try RelockingTests.identityLocks(office.sample.founder(), office.record)
    _ = try office.sample.founder().remove("bolat", reason: "left")
    let founder = try office.sample.founder()
    let lock = try Self.junk(founder, office.record)[2]
    for version in try founder.history(of: office.record).versions {
      for _ in 0..<3 {
        try Self.forge(
          by: office.bolat, founder, office.record, version.note,
          [LocksNote.Lock(carries: lock.carries, to: lock.to, file: Random.bytes(300_000))])
      }
    }
    _ = try office.sample.founder().relock(nil)
    try Self.expectWhole(office, content)
    #expect(try RelockingTests.identityLocks(office.sample.founder(), office.record) == identity)
  }

  @Test func whatNoLockFileCanHoldIsRefused() throws {
    let office = try Office(.classic)
    let founder = try office.sample.founder()
    let version = try founder.history(of: office.record).versions[0]
    let policy = try #require(founder.log.roster.policy)
    let recipient = office.sample.founded.key.identity.recipient
    var locks: [LocksNote.Lock] = []
    while locks.reduce(0, { $0 + $1.file.count }) <= VaultFolder.lockLimit / 4 {
      locks.append(
        LocksNote.Lock(
          carries: .layer(.identity), to: .share(ShareAddress(number: 1, policy: policy.note, set: 7)),
          file: try LockedKey.seal(NativeIdentity.generate(.classic), to: recipient)))
    }
    let place = try Self.forge(by: office.sample.founded.key, founder, office.record, version.note, locks)
    let before = try VerificationTests.objects(office.sample)
    // Shares are for their custodians' eyes: not even the founder, who sealed them, tells the good ones from the bad here.
    for key in [office.bolat, office.sample.founded.key] {
      #expect {
        _ = try office.sample.session(key).relock([office.record], force: true)
      } throws: { error in
        if case VaultError.damaged(_, .tooLarge) = error { true } else { false }
      }
      #expect(try VerificationTests.objects(office.sample) == before)
    }
    // What says that it is a draft's lock to one person is not of this policy, however much there is: it is left out.
    try FileManager.default.removeItem(at: office.sample.path(place))
    let member = locks.map {
      LocksNote.Lock(carries: $0.carries, to: .member(office.sample.founded.key.hash), file: $0.file)
    }
    try Self.forge(by: office.sample.founded.key, founder, office.record, version.note, member)
    #expect(try office.sample.session(office.bolat).relock([office.record], force: true).relocked.count == 2)
    #expect(try office.sample.founder().newest(office.record).head.version == 2)
    #expect(try office.sample.identities(of: office.record).count == 2)
  }

  @Test func whatLeadsBackToItselfEndsNothing() throws {
    let office = try Office(.classic)
    let content = try ResealingTests.content(office.sample, office.record)
    try RelockingTests.setThresholds(office.sample, replace: 2, erase: 2)
    let founder = try office.sample.founder()
    let version = try founder.history(of: office.record).versions[0]
    func files() throws -> [SHA256Hash] {
      try office.sample.founder().reader().locks.found(version.note).filter { $0.epoch != nil }.map(\.file)
    }
    let old = try #require(try files().first)
    _ = try founder.relock([office.record], force: true)
    let new = try #require(try files().first { $0 != old })
    try Self.write(
      office.bolat, office, RelockBody(record: office.record.hash, manifest: version.note, old: [new], new: [old]))
    try RelockingTests.setThresholds(office.sample, replace: 1, erase: 1)
    _ = try RelockingTests.relockForOthers(office.sample.founder(), office.record)
    try Self.expectWhole(office, content)
    let left = try files()
    #expect(left.count == 1 && !left.contains(old) && !left.contains(new))
  }

  @Test func aLingeringNoteDestroysNothingOfAnotherRecord() throws {
    let office = try Office(.classic)
    let founder = try office.sample.founder()
    let caseID = try founder.history(of: office.record).caseID
    let other = try #require(try founder.seal([SealingTests.draft(caseID)]).first).id
    let copy = try office.copy(to: "Before")
    let victim = try #require(try ResealingTests.keys(office.sample.founder(), other)[0][.testimony]).object
    _ = try office.sample.founder().reseal(office.record)
    let session = try office.sample.session(office.bolat)
    let version = try session.history(of: office.record).versions[0]
    let part = try #require(session.open(.testimony, of: office.record, version).compartment.attachments.first).parts[0]
    try Self.sayGone(session, .erase, [(ObjectPlace(.sealed, victim), ObjectPlace(.sealed, part))])
    // The old lock files come back with a copy, and with them the end of what was resealed.
    let vault = office.sample.folder.appending(path: "Vault")
    let sealed = copy.appending(path: "sealed")
    try FileManager.default.removeItem(at: sealed)
    try FileManager.default.createDirectory(at: sealed, withIntermediateDirectories: true)
    try AmendingTests.merge(copy, into: vault)
    #expect(try office.sample.founder().reseal(office.record).ending.destroyed == 6)
    #expect(try office.sample.founder().read(.testimony, of: other).allSatisfy { $0.opened != nil })
  }

  @Test func oneBadRecordDoesNotStopTheOthers() throws {
    let office = try Office(.classic)
    let founder = try office.sample.founder()
    let caseID = try founder.history(of: office.record).caseID
    let other = try #require(try founder.seal([SealingTests.draft(caseID)]).first).id
    let session = try office.sample.founder()
    let version = try session.newest(other)
    let good = try #require(session.reader().locks.found(version.note).first)
    try Self.forge(by: session.key, session, other, version.note, Self.junk(session, other))
    try FileManager.default.removeItem(at: office.sample.path(ObjectPlace(.locks, good.file)))
    let outcome = try office.sample.founder().relock(nil, force: true)
    #expect(outcome.failed.map(\.record) == [other])
    #expect(outcome.relocked.map(\.record) == [office.record, office.record])
  }

  @Test func aCaseThatItsAuthorSentElsewhereIsLeftAlone() throws {
    let office = try Office(.classic)
    let caseID = try office.sample.session(office.bolat).openCase(
      title: "A case", fields: [:], reviewers: CircleName.reviewers)
    let record = try #require(try office.sample.founder().seal([SealingTests.draft(caseID)]).first).id
    let session = try office.sample.session(office.bolat)
    let body = try #require(session.log.cases[caseID])
    let circle = try session.circle(CircleName.reviewers)
    try session.write { writing in
      let other = CaseBody(origin: body.origin, title: "Another", reviewers: CircleName.reviewers, fields: [:])
      try writing.stage(
        writing.chain.entry(.case, by: office.bolat.signing, to: circle.body, circle.recipient, body: other.json))
    }
    let attempts: [() throws -> Void] = [
      { _ = try office.sample.founder().relock([record], force: true) },
      { _ = try office.sample.founder().reseal(record) },
      { _ = try office.sample.founder().grant(.testimony, of: record, to: "dana") },
      { try office.sample.session(office.dana).assess(record, fields: ["assessment": "x"]) },
    ]
    for attempt in attempts {
      #expect {
        try attempt()
      } throws: { error in
        if case VaultError.contested(caseID) = error { true } else { false }
      }
    }
  }
}
