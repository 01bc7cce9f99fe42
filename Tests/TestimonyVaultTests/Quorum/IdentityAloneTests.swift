import Age
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// `relock --quorum`: identities from before there was a quorum, which are one person's alone.
struct IdentityAloneTests {
  @Test func theFoundersOwnLockIsSplit() throws {
    let office = try QuorumOffice()
    let record = try Self.draft(office.sample, office.caseID)
    let founder = try office.sample.founder()
    let version = try founder.newest(record)
    #expect(try version.checkedManifest().identityPolicy == .alone(founder.key.hash))
    #expect(try founder.open(.identity, of: record, version).compartment.fields["name"]?.text == "Somebody")
    #expect(throws: VaultError.self) { try office.ask(of: record) }
    // Somebody else cannot, and says whose it is.
    let others = try office.counsel().relock(nil, quorum: true)
    #expect(others.failed.map(\.record) == [record])
    let done = try office.sample.founder().relock(nil, quorum: true)
    #expect(done.failed.isEmpty && done.relocked.map(\.record) == [record])
    #expect(try office.sample.founder().relock(nil, quorum: true).relocked.isEmpty)

    let after = try office.sample.founder()
    #expect(throws: VaultError.self) { try after.open(.identity, of: record, after.newest(record)) }
    let asked = try office.ask(of: record)
    try office.approve(asked, by: 1, 2)
    let opened = try office.open(asked)
    #expect(opened.versions.first?.opened?.compartment.fields["name"]?.text == "Somebody")
    let types = after.log.entries.filter { $0.entry.author == after.key.hash }.map(\.entry.type)
    #expect(types.contains(.open))
  }

  /// A record as a draft without a quorum sealed it: the identity's key is locked to the founder's own.
  static func draft(_ sample: SampleVault, _ caseID: ThingID) throws -> ThingID {
    let session = try sample.founder()
    return try session.write { writing in
      let sealing = RecordParts(vault: session.note.id, kind: session.kind, commit: writing.objects, workers: 1) {
        _, _ in
      }
      let place = VersionPlace(newBy: session.key.hash)
      let id = place.origin.id(.record, in: session.note.id)
      let keys = Layer.allCases.map { ($0, NativeIdentity.generate(session.kind)) }
      var layers: [Layer: Manifest.LayerObject] = [:]
      var commitments: [SHA256Hash] = []
      for (layer, key) in keys {
        let fields: JSON = layer == .identity ? ["name": "Somebody"] : [:]
        let (object, commitment) = try sealing.seal(
          sealing.compartment(id.hash, 1, layer, fields, [], []), to: LayerSealing(key))
        layers[layer] = Manifest.LayerObject(object: object, recipient: KeyHash.ofRecipient(key.recipient.text))
        commitments.append(commitment)
      }
      commitments.append(try sealing.root([], .attachment, id.hash, 1, LayerSealing(keys[1].1)))
      commitments.append(try sealing.root([], .identityAttachment, id.hash, 1, LayerSealing(keys[2].1)))
      let manifest = Manifest(
        origin: place.origin, caseID: caseID.hash, previous: [], version: 1, layers: layers,
        identityPolicy: .alone(session.key.hash), commitments: try Commitments(five: commitments))
      let (reviewers, counsel) = (try session.circle("reviewers"), try session.circle("counsel"))
      let members = try session.circle("members")
      let written = try writing.chain.entry(
        .seal, by: session.key.signing, to: reviewers.body, reviewers.recipient,
        body: manifest.json(vault: session.note.id))
      try writing.stage(written)
      let locks = [
        LocksNote.Lock(
          carries: .layer(.summary), to: .circle(reviewers.body.address),
          file: try LockedKey.seal(keys[0].1, to: reviewers.recipient)),
        LocksNote.Lock(
          carries: .layer(.testimony), to: .circle(counsel.body.address),
          file: try LockedKey.seal(keys[1].1, to: counsel.recipient)),
        LocksNote.Lock(
          carries: .layer(.identity), to: .member(session.key.hash),
          file: try LockedKey.seal(keys[2].1, to: session.key.identity.recipient)),
      ]
      let note = LocksNote(
        vault: session.note.id, author: session.key.hash, subject: .record(id.hash, manifest: written.note),
        locks: locks)
      _ = try writing.objects.stage(
        .locks, AgeFile.seal(note.signed(with: session.key.signing).encoded.span, to: [members.recipient]))
      return id
    }
  }
}
