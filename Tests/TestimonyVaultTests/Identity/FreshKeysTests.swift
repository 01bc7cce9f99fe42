import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// The key of a request: nowhere longer than it has to be, and never for two.
struct FreshKeysTests {
  private static func memory(_ office: QuorumOffice) -> URL { office.sample.folder.appending(path: "Keys/bolat.seen") }

  /// Opens, and has the device forget it: the entry is written, and the memory is as it was before.
  private static func cut(_ office: QuorumOffice) throws -> Requested {
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let before = try Data(contentsOf: memory(office))
    let session = try office.counsel()
    _ = try session.recordOpening(of: session.openIdentities(of: session.findRequest(asked.id.shown())))
    try before.write(to: memory(office))
    #expect(try office.counsel().isHeld(asked.note))
    return asked
  }

  @Test func theNextWriteDestroysTheKeyOfWhatWasOpened() throws {
    let office = try QuorumOffice()
    let asked = try Self.cut(office)
    // Whoever only reads destroys nothing: the same command may go on.
    #expect(try office.counsel().dropEndedFreshKeys().isEmpty)
    _ = try office.counsel().openCase(title: "Another", fields: [:], reviewers: CircleName.reviewers)
    #expect(try office.counsel().seen.requests.isEmpty)
    guard case .request(_, .opened) = failure({ _ = try office.open(asked) }) else { return fault("opened again") }
  }

  @Test func whoeverAskedCanTakeBackWhileTheKeyIsHere() throws {
    let office = try QuorumOffice()
    let asked = try Self.cut(office)
    #expect(try !office.counsel().cancel(asked.id))
    #expect(try office.counsel().seen.requests.isEmpty)
    guard case .request(_, .opened) = failure({ try office.counsel().cancel(asked.id) }) else {
      return fault("taken back twice")
    }
  }

  @Test func theKeyOfASplitGoesToo() throws {
    let (office, _) = try SplittingAnewTests.changed()
    let asked = try #require(try office.counsel().splitAnew(from: "c1", to: "c4").all.first)
    for number in [2, 3] { _ = try office.custodian(number).approve([asked.request]) }
    let before = try Data(contentsOf: Self.memory(office))
    #expect(try office.counsel().splitAnew(from: "c1", to: "c4").all.count == 1)
    #expect(try office.counsel().seen.requests.isEmpty)
    try before.write(to: Self.memory(office))
    #expect(try office.counsel().seen.requests.count == 1)
    let standing = try office.counsel().findRequest(asked.request.shown())
    guard case .opened = standing.state else { return fault("not opened") }
    _ = try office.counsel().openCase(title: "Another", fields: [:], reviewers: CircleName.reviewers)
    #expect(try office.counsel().seen.requests.isEmpty)
  }

  /// The memory was written, and the entry was not: the request never came to be.
  @Test func theKeyOfARequestThatNeverCameToBeGoes() throws {
    let office = try QuorumOffice()
    let before = try office.counsel().seen
    let asked = try office.ask()
    let session = try office.counsel()
    let after = session.seen
    let last = try #require(after.chain(of: office.bolat.hash)?.last)
    let chain = try #require(after.chain(of: office.bolat.hash))
    var memory = before
    memory.requests = after.requests
    memory.intents = [SeenMemory.Intent(author: office.bolat.hash, chain: chain.chain, link: last.link, to: last.to)]
    try session.remember(memory)
    try FileManager.default.removeItem(at: office.sample.path(ObjectPlace(.log, last.link.file)))
    // Another run of the same person could be about to put it there: whoever only reads leaves it alone.
    let reading = try office.counsel()
    #expect(try reading.dropEndedFreshKeys().isEmpty && reading.isHeld(asked.note))
    let next = try office.ask()
    #expect(try office.counsel().seen.requests.map(\.note) == [next.note])
  }

  @Test func aSecondRunThatHasItInMemoryRecordsNothing() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let runs = [try office.counsel(), try office.counsel()]
    let opened = try runs.map { try $0.openIdentities(of: $0.findRequest(asked.id.shown())) }
    #expect(try runs[0].recordOpening(of: opened[0]))
    guard case .request(_, .opened) = failure({ _ = try runs[1].recordOpening(of: opened[1]) }) else {
      return fault("both opened it")
    }
    #expect(try office.counsel().log.requests().first?.openings.count == 1)
  }

  /// The same where neither can write the vault.
  @Test func ofTwoRunsThatWaitOnlyOneGoesOn() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let runs = [try office.counsel(), try office.counsel()]
    let opened = try runs.map { try $0.openIdentities(of: $0.findRequest(asked.id.shown())) }
    var memory = runs[0].seen
    memory.keysNote = SHA256Hash(of: [1])
    try runs[0].remember(memory)
    #expect(try !runs[0].recordOpening(of: opened[0]))
    guard case .request(_, .opened) = failure({ _ = try runs[1].recordOpening(of: opened[1]) }) else {
      return fault("both opened it")
    }
    #expect(try office.counsel().seen.waiting.count == 1)
  }

  @Test func whatWasTakenBackMeanwhileIsNotOpened() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2)
    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    #expect(try office.counsel().cancel(asked.id))
    guard case .request(_, .cancelled) = failure({ _ = try session.recordOpening(of: opened) }) else {
      return fault("it was opened")
    }
    #expect(try office.counsel().log.requests().first?.openings.isEmpty == true)
  }

  @Test func whatWasTakenBackMeanwhileIsNotSplit() throws {
    let (office, _) = try SplittingAnewTests.changed()
    let asked = try #require(try office.counsel().splitAnew(from: "c1", to: "c4").all.first)
    for number in [2, 3] { _ = try office.custodian(number).approve([asked.request]) }
    let session = try office.counsel()
    let own = try session.findRequest(asked.request.shown())
    let keys = try session.identityKeys(of: own)
    #expect(try office.counsel().cancel(asked.request))
    let refused = failure {
      _ = try session.relock(
        office.record, splitting: .approved(by: own.history.note, keys: keys), by: own.history)
    }
    guard case .request(_, .cancelled) = refused else { return fault("it was split") }
    #expect(try office.counsel().log.entries.allSatisfy { $0.entry.type != .relock })
  }

  /// A key that cannot be destroyed is told of.
  @Test func whatCannotBeDestroyedIsSaid() throws {
    let office = try QuorumOffice()
    _ = try office.ask(until: QuorumOffice.now(plus: -1))
    let session = try office.counsel()
    let turn = try DeviceTurn(office.bolat.name, in: office.sample.keys())
    withExtendedLifetime(turn) {
      guard case .busy = failure({ _ = try session.dropEndedFreshKeys() }) else { return fault("nothing was said") }
    }
  }
}
