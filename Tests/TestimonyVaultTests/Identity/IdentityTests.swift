import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// The workflow: asked, approved or denied, opened once, and told in the log.
struct IdentityTests {
  @Test(arguments: [KeyKind.classic, .hybrid])
  func aQuorumOpensWhatWasAskedForOnce(kind: KeyKind) throws {
    let office = try QuorumOffice(2, of: 3, kind)
    #expect {
      _ = try office.counsel().read(.identity, of: office.record)
    } throws: { error in
      if case VaultError.opensByQuorum = error { true } else { false }
    }
    let asked = try office.ask()
    #expect(asked.need == 2 && asked.custodians == ["c1", "c2", "c3"] && asked.ended.isEmpty)
    // The key was there before the request was.
    #expect(try office.counsel().seen.requests.map(\.note) == [asked.note])
    let pending = try #require(try office.custodian(1).requestStandings().first)
    #expect(pending.state == .open && pending.requester == "bolat" && pending.missing == ["c1", "c2", "c3"])
    guard case .good = pending.own else { return fault("the own share is not good") }
    #expect(try office.counsel().findRequest(asked.id.shown()).missing.count == 3)

    try office.approve(asked, by: 1)
    #expect(try office.custodian(1).approve([asked.id]).map(\.isNew) == [false])
    let short = try #require(failure { _ = try office.open(asked) }?.shortfall)
    #expect(short.have == 1 && short.need == 2 && short.missing == ["c2", "c3"] && short.accused.isEmpty)
    try office.approve(asked, by: 3)
    #expect(try office.counsel().findRequest(asked.id.shown()).state == .approved)

    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    #expect(opened.approvers == ["c1", "c3"] && opened.accused.isEmpty && opened.later.isEmpty)
    let layer = try #require(opened.versions.first?.opened)
    #expect(layer.compartment.fields["name"] == "an invented name")
    // Nothing is recorded yet, and the key is still here.
    #expect(try office.counsel().seen.requests.count == 1)
    #expect(try session.recordOpening(of: opened))
    #expect(try office.counsel().seen.requests.isEmpty)
    let output = office.sample.folder.appending(path: "out")
    try session.write(layer.compartment.attachments[0], of: layer, to: PathBytes(output.path))
    #expect(try Data(contentsOf: output) == Data("a passport".utf8))

    guard case .request(_, .opened) = failure({ _ = try office.open(asked) }) else {
      return fault("it was opened twice")
    }
    let lines = try office.counsel().log.lines().filter { $0.request == asked.note }
    // All of it within a second or two: an opening, which counsel alone read, names no answer as known to its author.
    #expect(lines.first?.entry.entry.type == .request && lines.count == 4)
    #expect(lines.count { $0.entry.entry.type == .approve } == 2)
    let opening = try #require(lines.first { $0.entry.entry.type == .open })
    #expect(opening.layer == .identity && opening.records == [office.record])
    #expect(try office.counsel().log.refused.isEmpty)
    #expect(try VerificationTests.verify(office.sample, withKey: true).findings.isEmpty)
  }

  @Test func aDummyOpensToNothing() throws {
    let office = try QuorumOffice()
    var draft = SealingTests.draft(office.caseID)
    draft.identity = [:]
    let record = try #require(try office.counsel().seal([draft]).first).id
    let asked = try office.ask(of: record)
    try office.approve(asked, by: 1, 2)
    #expect(try office.open(asked).versions.map(\.isEmpty) == [true])
  }

  @Test func aRunThatWasCutBehindItsEntryShowedNothing() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let before = try Data(contentsOf: office.sample.folder.appending(path: "Keys/bolat.seen"))
    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    _ = try session.recordOpening(of: opened)
    try before.write(to: office.sample.folder.appending(path: "Keys/bolat.seen"))
    #expect(try office.open(asked).versions.count == 1)
  }

  @Test func whoeverAskedAloneReadsAndTakesBack() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let founder = try office.sample.founder()
    let standing = try founder.findRequest(asked.id.shown())
    for attempt in [
      { _ = try founder.openIdentities(of: standing) }, { try founder.cancel(asked.id) },
    ] as [() throws -> Void] {
      guard case .request(_, .othersRequest("bolat")) = failure(attempt) else {
        Issue.record("another's request")
        continue
      }
    }
    try office.counsel().cancel(asked.id)
    #expect(try office.counsel().seen.requests.isEmpty)
    guard case .request(_, .cancelled) = failure({ _ = try office.open(asked) }) else {
      return fault("it was taken back")
    }
    guard case .request(_, .cancelled) = failure({ try office.approve(asked, by: 3) }) else {
      return fault("it was taken back")
    }
    // With the memory lost nothing opens it.
    let other = try office.ask()
    try office.approve(other, by: 1, 2)
    try FileManager.default.removeItem(at: office.sample.folder.appending(path: "Keys/bolat.seen"))
    guard case .request(_, .noFreshKey) = failure({ _ = try office.open(other) }) else {
      return fault("the key was gone")
    }
  }

  @Test func aDenialIsReadByWhoeverAsked() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.custodian(2).deny(asked.id, reason: "not without an order")
    let standing = try office.counsel().findRequest(asked.id.shown())
    #expect(standing.denied.map(\.name) == ["c2"] && standing.denied.map(\.reason) == ["not without an order"])
    #expect(standing.missing == ["c1", "c3"])
    // It ends nothing by itself.
    try office.approve(asked, by: 1, 3)
    #expect(try office.open(asked).versions.count == 1)
    guard case .needsRole(.custodian) = failure({ try office.counsel().deny(asked.id, reason: "x") }) else {
      return fault("counsel denied")
    }
  }

  @Test func whatHasExpiredIsRefusedAndItsKeyDestroyed() throws {
    let office = try QuorumOffice()
    let asked = try office.ask(until: QuorumOffice.now(plus: 2))
    try office.approve(asked, by: 1, 2)
    sleep(3)
    guard case .request(_, .expired) = failure({ try office.approve(asked, by: 3) }) else {
      return fault("it was approved late")
    }
    let session = try office.counsel()
    #expect(session.seen.requests.count == 1)
    guard case .request(_, .expired) = failure({ _ = try office.open(asked) }) else {
      return fault("it was opened late")
    }
    // Looking whether it can be opened, as a rehearsal does, destroys nothing.
    let again = try office.counsel()
    #expect(throws: VaultError.self) { try again.checkOpening(of: again.findRequest(asked.id.shown())) }
    #expect(try office.counsel().seen.requests.count == 1)
    #expect(try office.counsel().dropEndedFreshKeys() == [asked.id])
    #expect(try office.counsel().seen.requests.isEmpty)
    // The next run that may write its memory does it, too.
    let other = try office.ask(until: QuorumOffice.now(plus: -1))
    #expect(try office.counsel().dropEndedFreshKeys() == [other.id])
    #expect(try office.counsel().seen.requests.isEmpty)
  }

  @Test func whatIsAddedLaterNeedsANewRequest() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    var draft = RecordDraft(caseID: office.caseID, amends: office.record)
    draft.identity = ["name": "a second name"]
    _ = try office.counsel().seal([draft])
    let opened = try office.open(asked)
    #expect(opened.versions.map(\.label) == ["1"] && opened.later == ["2"])
    let again = try office.ask()
    #expect(again.body.identities.map(\.version) == [1, 2])
    try office.approve(again, by: 2, 3)
    let both = try office.open(again)
    #expect(both.versions.map { $0.opened?.compartment.fields["name"] } == ["an invented name", "a second name"])
    #expect(both.later.isEmpty)
  }

  @Test func anOrderIsReadByTheCustodians() throws {
    let office = try QuorumOffice()
    var draft = RequestDraft(record: office.record, purpose: "a court", until: QuorumOffice.now())
    draft.order = try AttachmentSource(office.sample.file("order.pdf", Data("an order".utf8)))
    let asked = try office.counsel().request(draft)
    let session = try office.custodian(1)
    let output = office.sample.folder.appending(path: "order")
    try session.writeOrder(of: session.findRequest(asked.id.shown()).history, to: PathBytes(output.path))
    #expect(try Data(contentsOf: output) == Data("an order".utf8))
    #expect(asked.body.order?.name == "order.pdf" && asked.body.order?.length == 8)
    draft.order = try AttachmentSource(
      office.sample.file("large.pdf", Data(count: Int(RequestBody.Order.largest) + 1)))
    guard case .orderTooLarge = failure({ _ = try office.counsel().request(draft) }) else {
      return fault("it is too large")
    }
    guard
      case .request(_, .noOrder) = failure({
        let other = try office.ask()
        let session = try office.custodian(1)
        try session.writeOrder(
          of: session.findRequest(other.id.shown()).history,
          to: PathBytes(office.sample.folder.appending(path: "none").path))
      })
    else { return fault("there is no order") }
  }

  @Test func aDrillIsToldToAll() throws {
    let office = try QuorumOffice()
    #expect(try office.counsel().lastDrill == nil)
    let asked = try office.counsel().drill(until: QuorumOffice.now())
    try office.approve(asked, by: 1, 2)
    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    #expect(Drill.isCanary(opened))
    _ = try session.recordOpening(of: opened)
    for key in [office.bolat, office.custodians[2]] {
      let drill = try #require(try office.sample.session(key).lastDrill)
      #expect(
        drill.approvers == ["c1", "c2"] && drill.custodians == 3 && drill.isCurrent && drill.requester == "bolat")
    }
    // The next one lies in the same case.
    _ = try office.counsel().drill(until: QuorumOffice.now())
    #expect(try office.counsel().log.cases.count == 2)
    // A request that was none is no drill, whatever somebody says.
    let other = try office.ask()
    let members = try office.counsel()
    try members.write { writing in
      let circle = try members.circle(CircleName.members)
      try writing.stage(
        writing.chain.entry(
          .drill, by: office.bolat.signing, to: circle.body, circle.recipient,
          body: DrillBody(policy: office.policy, request: other.note, approvers: []).json))
    }
    #expect(try office.counsel().lastDrill?.approvers == ["c1", "c2"])
  }

  /// A request that says of itself that it is a drill, for a record that is no canary.
  @Test func onlyACanaryThatWasOpenedIsADrill() throws {
    let office = try QuorumOffice()
    var draft = RequestDraft(record: office.record, purpose: "a drill", until: QuorumOffice.now())
    draft.isDrill = true
    let asked = try office.counsel().request(draft)
    try office.approve(asked, by: 1, 2)
    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    #expect(!Drill.isCanary(opened))
    #expect(try session.recordOpening(of: opened))
    #expect(try office.counsel().log.entries.allSatisfy { $0.entry.type != .drill })
    #expect(try office.counsel().lastDrill == nil)
  }

  /// The openings of who cannot write the vault wait in `Keys/`, and the key goes all the same.
  @Test func anOpeningThatWaitsDestroysTheKeyToo() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    // A member in doubt: nothing is sealed, and reading goes on.
    session.seen.keysNote = SHA256Hash(of: [1])
    var memory = session.seen
    memory.keysNote = SHA256Hash(of: [1])
    try session.remember(memory)
    #expect(try !session.recordOpening(of: opened))
    #expect(session.seen.requests.isEmpty && session.seen.waiting.count == 1)
    #expect(try office.counsel().seen.requests.isEmpty)
  }
}
