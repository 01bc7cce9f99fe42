import Age
import Foundation
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// A counsel splits keys anew, with what a quorum gave for that.
struct SplittingAnewTests {
  /// The quorum c1, c2, c3 has become c2, c3, c4.
  static func changed() throws -> (office: QuorumOffice, next: MemberKey) {
    let office = try QuorumOffice()
    let next = try office.sample.admit("c4", [.custodian])
    let policy = try office.sample.founder().setQuorum(
      office.sample.founder().quorumPlan(2, of: ["c2", "c3", "c4"], alone: false))
    for key in Array(office.custodians[1...]) + [next] { _ = try office.sample.session(key).acceptQuorum() }
    #expect(try office.sample.founder().log.roster.policy?.note == policy.note)
    for key in [office.sample.founded.key, office.bolat] {
      try QuorumOffice.confirm([next], by: office.sample.session(key))
    }
    return (office, next)
  }

  @Test func theNewCustodiansOpenItAndTheOldOneNoMore() throws {
    let (office, next) = try Self.changed()
    let asked = try office.counsel().splitAnew(from: "c1", to: "c4")
    #expect(asked.all.count == 1 && asked.failed.isEmpty)
    guard case .requested = asked.all[0].state else { throw Unexpected() }
    let request = asked.all[0].request
    _ = try office.custodian(2).approve([request])
    let waiting = try office.counsel().splitAnew(from: "c1", to: "c4")
    guard case .waiting(let approved, let need) = waiting.all[0].state else { throw Unexpected() }
    #expect(approved == ["c2"] && need == 2)
    _ = try office.custodian(3).approve([request])
    // What was given to be split is not shown.
    #expect(throws: VaultError.self) {
      let session = try office.counsel()
      _ = try session.openIdentities(of: session.findRequest(request.hash.description))
    }
    let before = Set(try office.sample.vault().list(.locks).objects.map(\.hash))
    let done = try office.counsel().splitAnew(from: "c1", to: "c4")
    #expect(done.failed.isEmpty)
    guard case .split = done.all.first?.state else { throw Unexpected() }
    #expect(try office.counsel().splitAnew(from: "c1", to: "c4").all.isEmpty)

    // The old lock file is gone, and the log has the opening.
    let session = try office.counsel()
    let version = try session.newest(office.record)
    let found = try session.reader().locks.found(version.note)
    #expect(found.count == 1 && !before.contains(found[0].file))
    let requests = session.log.requests()
    #expect(requests.first { $0.id == request }?.openings.count == 1)
    #expect(session.seen.requests.isEmpty)
    var findings = try Verification.withoutKey(office.sample.vault())
    try session.verify(into: &findings)
    #expect(findings.findings.isEmpty)

    // c1 holds nothing of it; c2 and c4 open it.
    let reading = try office.ask()
    #expect(throws: VaultError.self) { try office.approve(reading, by: 1) }
    try office.approve(reading, by: 2)
    _ = try office.sample.session(next).approve([reading.id])
    #expect(try office.open(reading).approvers == ["c2", "c4"])
  }

  @Test func aCounselWhomNobodyApprovedSplitsNothing() throws {
    let (office, _) = try Self.changed()
    let session = try office.counsel()
    let version = try session.newest(office.record)
    let known = try #require(try session.reader().locks.found(version.note).first)
    // A rogue counsel writes a lock file with shares of an invented key, and a relock that says it was split anew.
    let policy = try #require(session.log.roster.policy).note
    let rogue = try session.write { writing in
      let renewal = try LockRenewal(session, of: office.record)
      let reader = try session.reader()
      let splitting = try IdentitySplitting(session)
      let locks = try splitting.locks(
        of: .generate(session.kind), record: office.record.hash, version: 1,
        object: try version.checkedManifest().layers[.identity]?.object ?? version.note)
      let file = try renewal.lockFile(
        manifest: version.note, summary: try reader.layerKey(.summary, of: office.record, version),
        testimony: try reader.layerKey(.testimony, of: office.record, version), identity: locks)
      let place = try writing.objects.stage(.locks, file)
      let body = RelockBody(
        record: office.record.hash, manifest: version.note, old: [known.file], new: [place.hash], policy: policy)
      try writing.stage(
        writing.chain.entry(
          .relock, by: session.key.signing, to: renewal.reviewers.body, renewal.reviewers.recipient, body: body.json))
      return place.hash
    }
    // Nobody destroys the true locks on its word, and requests name the true set.
    _ = try? office.sample.founder().relock(nil)
    _ = try? office.counsel().relock(nil)
    let asked = try office.ask()
    #expect(asked.body.identities.first?.policy == office.policy)
    #expect(asked.body.identities.first?.lock != rogue)
    try office.approve(asked, by: 1, 3)
    #expect(try office.open(asked).approvers == ["c1", "c3"])
  }

  /// Approvals that were not the custodians' who held the shares do not let anybody replace them.
  @Test(arguments: [true, false]) func othersApprovalsGiveNobodyTheRight(byOthers: Bool) throws {
    let office = try QuorumOffice()
    let others = try ["x1", "x2"].map { try office.sample.admit($0, [.custodian]) }
    let founder = try office.sample.founder()
    let plan = try founder.quorumPlan(2, of: ["c2", "c3", "x1"], alone: false)
    let next = try founder.setQuorum(plan)
    for key in Array(office.custodians[1...]) + [others[0]] { try office.sample.session(key).acceptQuorum() }
    // The founder states one more, which counts for nothing, of people of his own.
    let own = try office.sample.founder().setQuorum(
      office.sample.founder().quorumPlan(2, of: ["x1", "x2"], alone: false))
    let session = try office.counsel()
    let version = try session.newest(office.record)
    let stood = try #require(try IdentitySets(session).identities(of: office.record).first)
    let body = RequestBody(
      origin: Origin(author: session.key.hash, nonce: .random()), record: office.record.hash,
      identities: [
        RequestBody.Identity(
          manifest: stood.manifest, version: 1, object: stood.object, recipient: stood.recipient,
          policy: byOthers ? stood.policy : own.note, sealer: stood.sealer, set: stood.set, lock: stood.lock)
      ], purpose: "a trick", order: nil, recipient: NativeIdentity.generate(.classic).recipient.text,
      until: QuorumOffice.now(), split: next.note)
    let note = try session.write { writing in
      let circle = try session.circle(CircleName.custodians)
      let written = try writing.chain.entry(
        .request, by: session.key.signing, to: circle.body, circle.recipient, body: body.json(vault: session.note.id))
      try writing.stage(written)
      return written.note
    }
    for key in others { try office.forge(note, by: key, file: [1, 2, 3]) }
    #expect(try office.counsel().log.requests().first { $0.note == note }?.approvers.count == 2)
    let counsel = try office.counsel()
    try counsel.write { writing in
      let reviewers = try counsel.circle(CircleName.reviewers)
      let relock = RelockBody(
        record: office.record.hash, manifest: version.note, old: [], new: [stood.lock], policy: next.note)
      try writing.stage(
        writing.chain.entry(
          .relock, by: counsel.key.signing, to: reviewers.body, reviewers.recipient, body: relock.json))
    }
    let after = try office.counsel()
    #expect(try LockTrust(after).policy(of: after.newest(office.record)) == .quorum(office.policy))
  }

  @Test func refusals() throws {
    let (office, _) = try Self.changed()
    // Not in the policy that is in force, or still in it.
    #expect(throws: VaultError.self) { _ = try office.counsel().splitAnew(from: "c1", to: "bolat") }
    #expect(throws: VaultError.self) { _ = try office.counsel().splitAnew(from: "c2", to: "c4") }
    #expect(throws: VaultError.self) { _ = try office.custodian(2).splitAnew(from: "c1", to: "c4") }
  }

  struct Unexpected: Error {}
}
