import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Requests that are not what they should be, and requesters who are not what they were: each is told, and none of them
/// stands in the way of another.
struct HostileRequestsTests {
  @Test func oneBadRequestHidesNoOther() throws {
    let office = try QuorumOffice()
    let good = try office.ask()
    let origin = Origin(author: office.bolat.hash, nonce: .random())
    try office.forgeRequest(origin, purpose: "one")
    try office.forgeRequest(origin, purpose: "two")
    let unknown = try office.forgeRequest(policy: SHA256Hash(of: [1]))
    let recipients = try ["nobody", "", NativeIdentity.generate(.hybrid).recipient.text].map {
      try office.forgeRequest(recipient: $0)
    }
    let sealed = try office.forgeOrder()
    let keyless = try office.forgeRequest(order: sealed.with(key: "no key"))
    let missing = try office.forgeRequest(order: sealed.with(object: SHA256Hash(of: [2])))
    let damaged = try office.forgeRequest(order: sealed)
    let place = office.sample.path(ObjectPlace(.sealed, sealed.object))
    var bytes = try Data(contentsOf: place)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: place)

    for session in [try office.custodian(1), try office.counsel()] {
      let all = try session.requestStandings()
      #expect(all.count == 10 && all.allSatisfy(\.isWaiting))
      #expect(all.filter { $0.state == .twoTexts }.count == 2)
      func faults(_ note: SHA256Hash) -> [RequestRefusal] { all.first { $0.history.note == note }?.faults ?? [] }
      #expect(faults(good.note).isEmpty)
      guard case .unknownPolicy? = faults(unknown).first else { return fault("the policy") }
      for note in recipients {
        guard case .badRecipient? = faults(note).first else { return fault("the recipient") }
      }
      guard case .badOrder? = faults(keyless).first, case .badOrder? = faults(damaged).first,
        case .orderNotHere? = faults(missing).first
      else { return fault("the order") }
    }
    // Nothing is sealed to what is no key, and a sentence says so.
    let custodian = try office.custodian(1)
    for note in recipients {
      let standing = try #require(try custodian.requestStandings().first { $0.history.note == note })
      guard case .request(_, .badRecipient) = failure({ try custodian.checkApproval(standing) }),
        case .request(_, .badRecipient) = failure({ _ = try custodian.approve([standing.id]) })
      else { return fault("approved") }
    }
    try office.approve(good, by: 1, 2)
    #expect(try office.open(good).versions.count == 1)
  }

  /// A request's order is at most 16 MiB: whatever longer object it names is not read.
  @Test func anObjectThatIsNoOrderIsNotRead() throws {
    let office = try QuorumOffice()
    let sealed = try office.forgeOrder()
    let note = try office.forgeRequest(order: sealed)
    let file = try FileHandle(forWritingTo: office.sample.path(ObjectPlace(.sealed, sealed.object)))
    try file.truncate(atOffset: 1 << 40)
    let standing = try #require(try office.custodian(1).requestStandings().first { $0.history.note == note })
    guard case .badOrder? = standing.faults.first else { return fault("it was read") }
  }

  @Test(arguments: [true, false])
  func whoeverAskedAndLeftOpensNothing(isRemoved: Bool) throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    let half = try office.ask()
    try office.approve(asked, by: 1, 2)
    try office.approve(half, by: 1)
    let before = try office.counsel()
    let opened = try before.openIdentities(of: before.findRequest(asked.id.shown()))
    if isRemoved {
      _ = try office.sample.founder().remove("bolat", reason: "left")
    } else {
      _ = try office.sample.founder().suspend("bolat", reason: "arrested")
    }
    let session = try office.custodian(2)
    let standing = try session.findRequest(half.id.shown())
    #expect(standing.state == .requesterEnded(isRemoved: isRemoved) && standing.isWaiting)
    for attempt in [{ _ = try session.approve([half.id]) }, { try session.checkApproval(standing) }]
      as [() throws -> Void]
    {
      guard case .request(_, .requesterEnded("bolat", isRemoved)) = failure(attempt) else { return fault("approved") }
    }
    // Whoever was removed is not told so, and lacks the key that all others have.
    for attempt in [{ _ = try office.open(asked) }, { _ = try before.recordOpening(of: opened) }]
      as [() throws -> Void]
    {
      switch failure(attempt) {
      case .request(_, .requesterEnded("bolat", isRemoved: false)) where !isRemoved: continue
      case .request(_, .membersMovedOn) where isRemoved: continue
      case let other: return fault("opened: \(String(describing: other))")
      }
    }
    // The key can still be destroyed, and nothing is said in the log by who is not to say anything.
    #expect(try !office.counsel().cancel(asked.id))
    #expect(try office.counsel().seen.requests.map(\.note) == [half.note])
  }

  /// Only the requester's own entry, of that request and record, says that it was opened.
  @Test func othersCannotCloseARequest() throws {
    let office = try QuorumOffice()
    let asked = try office.ask()
    let other = try #require(try office.counsel().seal([SealingTests.draft(office.caseID)]).first).id
    for (session, layer, record) in [
      (try office.sample.founder(), .identity, office.record), (try office.counsel(), .identity, other),
      (try office.counsel(), .testimony, office.record),
    ] as [(Session, Layer, ThingID)] {
      try session.write { writing in
        let circle = try session.circle(CircleName.counsel)
        let body = OpenBody.layer(layer, record: record.hash, manifests: [], attachment: nil, request: asked.note)
        try writing.stage(
          writing.chain.entry(.open, by: session.key.signing, to: circle.body, circle.recipient, body: body.json))
      }
    }
    #expect(try office.counsel().log.refused.isEmpty)
    #expect(try office.counsel().findRequest(asked.id.shown()).state == .open)
    try office.approve(asked, by: 1, 2)
    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    _ = try session.recordOpening(of: opened)
    guard case .opened = try office.counsel().findRequest(asked.id.shown()).state else { return fault("not opened") }
  }
}

extension QuorumOffice {
  /// A request by bolat's own hand, whatever is in it.
  @discardableResult
  func forgeRequest(
    _ origin: Origin? = nil, purpose: String = "a trick", policy: SHA256Hash? = nil, recipient: String? = nil,
    order: RequestBody.Order? = nil
  ) throws -> SHA256Hash {
    let session = try counsel()
    let stood = try #require(try IdentitySets(session).identities(of: record).first)
    let identity = RequestBody.Identity(
      manifest: stood.manifest, version: stood.version, object: stood.object, recipient: stood.recipient,
      policy: policy ?? stood.policy, sealer: stood.sealer, set: stood.set, lock: stood.lock)
    let body = RequestBody(
      origin: origin ?? Origin(author: bolat.hash, nonce: .random()), record: record.hash, identities: [identity],
      purpose: purpose, order: order, recipient: recipient ?? NativeIdentity.generate(sample.kind).recipient.text,
      until: Self.now())
    return try session.write { writing in
      let circle = try session.circle(CircleName.custodians)
      let written = try writing.chain.entry(
        .request, by: bolat.signing, to: circle.body, circle.recipient, body: body.json(vault: session.note.id))
      try writing.stage(written)
      return written.note
    }
  }

  /// An order that is sealed in the vault, and in no request yet.
  func forgeOrder() throws -> RequestBody.Order {
    let session = try counsel()
    let source = try AttachmentSource(sample.file("order-\(UUID().uuidString).pdf", Data("an order".utf8)))
    return try session.write { writing in try session.seal(order: source, in: writing.objects) }
  }
}

extension RequestBody.Order {
  fileprivate func with(object: SHA256Hash? = nil, key: String? = nil) -> RequestBody.Order {
    RequestBody.Order(object: object ?? self.object, length: length, name: name, key: key ?? self.key)
  }
}
