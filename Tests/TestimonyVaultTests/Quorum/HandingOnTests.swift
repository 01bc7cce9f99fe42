import Age
import Foundation
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// A custodian seals own shares to somebody else.
struct HandingOnTests {
  /// The office with one more custodian, c4, whom all know.
  static func office() throws -> (office: QuorumOffice, next: MemberKey) {
    let office = try QuorumOffice()
    let next = try office.sample.admit("c4", [.custodian])
    for key in office.custodians { try QuorumOffice.confirm([next], by: office.sample.session(key)) }
    return (office, next)
  }

  /// Whether these open the record's identity now.
  static func opens(_ office: QuorumOffice, by keys: MemberKey...) throws -> [String]? {
    let asked = try office.ask()
    for key in keys { _ = try? office.sample.session(key).approve([asked.id]) }
    return try? office.open(asked).approvers
  }

  @Test func theSuccessorApprovesBeforeAndAfterARelock() throws {
    let (office, next) = try Self.office()
    let done = try office.custodian(1).handOn(to: "c4")
    #expect(done.shares == 1 && done.records == 1 && done.damaged == 0)
    for _ in 1...3 {
      #expect(try Self.opens(office, by: next, office.custodians[1]) == ["c2", "c4"])
      // One share is one share, though two people hold it: old copies still count.
      #expect(try Self.opens(office, by: next, office.custodians[0]) == nil)
      #expect(try Self.opens(office, by: office.custodians[0], office.custodians[2]) == ["c1", "c3"])
      _ = try office.counsel().relock([office.record], force: true)
      let session = try office.counsel()
      #expect(try session.reader().locks.found(try session.newest(office.record).note).count == 1)
    }
    _ = try office.counsel().reseal(office.record)
    #expect(try Self.opens(office, by: next, office.custodians[2]) == ["c3", "c4"])
  }

  @Test func nobodyHoldsTwoSharesOfASet() throws {
    let (office, next) = try Self.office()
    for key in office.custodians { try QuorumOffice.confirm(office.custodians, by: office.sample.session(key)) }
    func refusal(_ number: Int, _ name: String) -> QuorumRefusal? {
      do { _ = try office.custodian(number).handOn(to: name) } catch {
        if case .quorum(let refusal)? = error as? VaultError { return refusal }
      }
      return nil
    }
    guard case .nothingToHandOn("c2") = refusal(1, "c2") else { throw Unexpected() }
    guard case .notACustodian("bolat") = refusal(1, "bolat") else { throw Unexpected() }
    guard case .onePerson = refusal(1, "c1") else { throw Unexpected() }
    // A second who hands on to the same person is refused, and nothing is written.
    _ = try office.custodian(1).handOn(to: "c4")
    let before = try office.sample.vault().list(.locks).objects.count
    guard case .nothingToHandOn("c4") = refusal(2, "c4") else { throw Unexpected() }
    #expect(try office.sample.vault().list(.locks).objects.count == before)
    // Whoever handed on goes on handing what came since to the same, and to nobody else.
    #expect(try office.custodian(1).handOn(to: "c4").shares == 1)
    _ = try office.sample.admit("c5", [.custodian])
    let fifth = try #require(try office.sample.founder().log.roster.member(named: "c5"))
    _ = try office.custodian(1).confirm(custodian: "c5", words: CheckWords.of(fifth.admission.card.hash))
    guard case .nothingToHandOn("c5") = refusal(1, "c5") else { throw Unexpected() }
    #expect(try Self.opens(office, by: next, office.custodians[1]) == ["c2", "c4"])
  }

  @Test func whoIsNotConfirmedIsGivenNothing() throws {
    let office = try QuorumOffice()
    _ = try office.sample.admit("c4", [.custodian])
    #expect {
      try office.custodian(1).handOn(to: "c4")
    } throws: { error in
      if case VaultError.quorum(.unconfirmed(["c4"])) = error { true } else { false }
    }
  }

  /// What a custodian claims to have handed on, by a hand of their own.
  private func claim(
    _ office: QuorumOffice, _ number: Int, to name: String, _ files: [[LocksNote.Lock]],
    naming others: [SHA256Hash] = []
  ) throws {
    let session = try office.custodian(number)
    let manifest = try office.counsel().newest(office.record).note
    try session.write { writing in
      let members = try session.circle(CircleName.members)
      let names = try files.map { locks in
        let note = LocksNote(
          vault: session.note.id, author: session.key.hash, subject: .record(office.record.hash, manifest: manifest),
          locks: locks)
        let file = try AgeFile.seal(note.signed(with: session.key.signing).encoded.span, to: [members.recipient])
        return try writing.objects.stage(.locks, file).hash
      }
      let successor = try #require(session.log.roster.member(named: name))
      let body = ReplaceBody(
        policy: office.policy, number: number, successor: successor.key, locks: names + others)
      try writing.stage(
        writing.chain.entry(.replace, by: session.key.signing, to: members.body, members.recipient, body: body.json))
    }
  }

  private func junk(_ office: QuorumOffice, under number: Int) throws -> LocksNote.Lock {
    let session = try office.counsel()
    let found = try session.reader().locks.found(try session.newest(office.record).note)
    let address = try #require(
      found.flatMap(\.note.locks).compactMap { lock -> ShareAddress? in
        if case .share(let share) = lock.to, share.number == number { share } else { nil }
      }.first)
    return LocksNote.Lock(
      carries: .layer(.identity), to: .share(address),
      file: try LockedKey.seal(.generate(session.kind), to: office.custodians[0].identity.recipient))
  }

  /// Nothing is lost on a custodian's word: whatever c1 claims to have handed on, c2 and c3 open, and so does c1.
  @Test(arguments: ["all in one file", "each in a file", "the record's own file", "to oneself", "again and again"])
  func aCustodiansWordDestroysNothing(what: String) throws {
    let (office, next) = try Self.office()
    let own = try #require(
      try office.counsel().reader().locks.found(try office.counsel().newest(office.record).note).first)
    switch what {
    case "all in one file": try claim(office, 1, to: "c4", [(1...3).map { try junk(office, under: $0) }])
    case "each in a file": try claim(office, 1, to: "c4", (1...3).map { [try junk(office, under: $0)] })
    case "the record's own file": try claim(office, 1, to: "c4", [], naming: [own.file])
    case "to oneself": try claim(office, 1, to: "c1", (1...3).map { [try junk(office, under: $0)] })
    default:
      _ = try office.custodian(1).handOn(to: "c4")
      for _ in 1...6 { try claim(office, 1, to: "c4", [[try junk(office, under: 1)]]) }
    }
    for force in [false, true, true] {
      let outcome = try office.sample.founder().relock(nil, force: force)
      #expect(outcome.failed.isEmpty)
      #expect(outcome.ending.unproven.isEmpty)
      #expect(try Self.opens(office, by: office.custodians[1], office.custodians[2]) == ["c2", "c3"])
      #expect(try Self.opens(office, by: office.custodians[0], office.custodians[2]) == ["c1", "c3"])
    }
    _ = next
  }

  /// One custodian names the file by which another handed on: that one stays good.
  @Test func anothersFileIsNotTaken() throws {
    let (office, next) = try Self.office()
    _ = try office.sample.admit("c5", [.custodian])
    _ = try office.custodian(2).handOn(to: "c4")
    let files = try office.counsel().log.entries.filter { $0.entry.type == .replace }.map { one in
      try ReplaceBody(one.entry.body).locks
    }
    try claim(office, 1, to: "c5", [], naming: files.flatMap { $0 })
    #expect(try Self.opens(office, by: next, office.custodians[2]) == ["c3", "c4"])
    _ = try office.counsel().relock([office.record], force: true)
    #expect(try Self.opens(office, by: next, office.custodians[2]) == ["c3", "c4"])
  }

  /// A counsel plants a share of his own under the true place: the one that is handed on is the true one all the same.
  @Test func aPlantedShareTakesNobodysPlace() throws {
    let (office, next) = try Self.office()
    let mallory = try office.sample.admit("mallory", [.counsel])
    let session = try office.sample.session(mallory)
    let version = try session.newest(office.record)
    let known = try #require(try session.reader().locks.found(version.note).first)
    try QuorumOffice.confirm(office.custodians, by: session)
    let object = try #require(try version.checkedManifest().layers[.identity]?.object)
    for _ in 1...4 {
      let rogue = try office.sample.session(mallory)
      let members = try rogue.circle(CircleName.members)
      let planted = try IdentitySplitting(rogue).locks(
        of: .generate(rogue.kind), record: office.record.hash, version: 1, object: object)
      let note = LocksNote(
        vault: rogue.note.id, author: mallory.hash, subject: known.note.subject,
        locks: known.note.locks.filter { if case .share = $0.to { false } else { true } } + planted)
      let file = try AgeFile.seal(note.signed(with: mallory.signing).encoded.span, to: [members.recipient])
      try rogue.write { writing in
        let place = try writing.objects.stage(.locks, file)
        let reviewers = try rogue.circle(CircleName.reviewers)
        let relock = RelockBody(
          record: office.record.hash, manifest: version.note, old: [], new: [place.hash])
        try writing.stage(
          writing.chain.entry(
            .relock, by: mallory.signing, to: reviewers.body, reviewers.recipient, body: relock.json))
      }
    }
    // Requests are answered with the sealer's shares, and what is handed on holds them too.
    #expect(try Self.opens(office, by: office.custodians[0], office.custodians[1]) == ["c1", "c2"])
    _ = try office.custodian(1).handOn(to: "c4")
    _ = try office.counsel().relock([office.record], force: true)
    #expect(try Self.opens(office, by: next, office.custodians[2]) == ["c3", "c4"])
    _ = try office.sample.founder().remove("mallory", reason: "turned")
    _ = try office.sample.founder().relock(nil)
    #expect(try Self.opens(office, by: office.custodians[0], office.custodians[1]) == ["c1", "c2"])
  }

  /// Whoever handed on, or waits for what was handed on, is not told that somebody did wrong.
  @Test func honestPeopleAreNotAccused() throws {
    let (office, next) = try Self.office()
    _ = try office.custodian(1).handOn(to: "c4")
    let handed = try office.counsel().log.entries.filter { $0.entry.type == .replace }.flatMap { one in
      try ReplaceBody(one.entry.body).locks
    }
    let asked = try office.ask()
    let file = office.sample.path(ObjectPlace(.locks, try #require(handed.first)))
    let content = try Data(contentsOf: file)
    try FileManager.default.removeItem(at: file)
    let waiting = try office.sample.session(next)
    let own = try OwnShare.find(
      of: try #require(asked.body.identities.first), in: waiting.findRequest(asked.id.hash.description).history, waiting
    )
    guard case .unhanded("c1") = own else { throw Unexpected() }
    try content.write(to: file)
    for number in 1...3 {
      var found = try Verification.withoutKey(office.sample.vault())
      try office.custodian(number).verify(into: &found)
      #expect(found.findings.isEmpty)
    }
  }

  struct Unexpected: Error {}
}
