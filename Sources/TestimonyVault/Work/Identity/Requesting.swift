import Age
import Platform
public import Record
public import Sodium

/// What somebody asks for when they ask to read an identity.
public struct RequestDraft: Sendable {
  public let record: ThingID
  public let purpose: String
  public let until: ClaimedTime
  /// A court's order, of at most 16 MiB.
  public var order: AttachmentSource?
  public var isDrill = false
  /// The policy that the keys are split under anew: then nothing is shown, and what lies under it already is not asked for.
  public var split: SHA256Hash?

  /// At most a year, with the day on which it ends.
  public static let longest: Int64 = 366 * 86_400

  public init(record: ThingID, purpose: String, until: ClaimedTime, order: AttachmentSource? = nil) {
    self.record = record
    self.purpose = purpose
    self.until = until
    self.order = order
  }
}

/// A request as it was made.
public struct Requested: Sendable {
  public let id: ThingID
  public let note: SHA256Hash
  public let body: RequestBody
  /// By name, of whom the policy needs `need`.
  public let custodians: [String]
  public let need: Int
  /// Those of them who are suspended or removed.
  public let ended: [String]
}

extension Session {
  /// Throws where a record's identities cannot be asked for, and tells what would be asked.
  public func checkRequest(_ draft: RequestDraft) throws(VaultError) -> [RequestBody.Identity] {
    try require(.counsel)
    return try IdentitySets(self).identities(of: draft.record).filter { $0.policy != draft.split }
  }

  /// Asks the custodians for the identities of a record that exist now: an entry to them, with a fresh recipient whose key
  /// lies in this device's memory before the entry can be in the vault.
  public func request(_ draft: RequestDraft) throws(VaultError) -> Requested {
    _ = try checkRequest(draft)
    return try write { writing in
      let identities = try self.checkRequest(draft)
      let circle = try self.circle(CircleName.custodians)
      let order = try draft.order.map { try self.seal(order: $0, in: writing.objects) }
      let fresh = NativeIdentity.generate(self.kind)
      let body = RequestBody(
        origin: Origin(author: self.key.hash, nonce: .random()), record: draft.record.hash, identities: identities,
        purpose: draft.purpose, order: order, recipient: fresh.recipient.text, until: draft.until,
        isDrill: draft.isDrill, split: draft.split)
      let written = try writing.chain.entry(
        .request, by: self.key.signing, to: circle.body, circle.recipient, body: body.json(vault: self.note.id))
      let held = try LockedKey.seal(fresh, to: self.key.identity.recipient)
      writing.chain.seen.requests.append(
        SeenMemory.HeldRequest(note: written.note, until: draft.until, key: held))
      try writing.stage(written)
      return self.told(body, written.note)
    }
  }

  private func told(_ body: RequestBody, _ note: SHA256Hash) -> Requested {
    let roster = log.roster
    let policies = Set(body.identities.map(\.policy)).compactMap { roster.policies[$0] }
    let custodians = policies.flatMap(\.body.custodians)
    func names(_ keys: [SHA256Hash]) -> [String] { Set(keys.map { name(of: $0) }).sorted() }
    return Requested(
      id: body.id(in: self.note.id), note: note, body: body, custodians: names(custodians),
      need: policies.map(\.body.threshold).max() ?? 0,
      ended: names(custodians.filter { !(roster.members[$0]?.isActive ?? false) }))
  }
}
