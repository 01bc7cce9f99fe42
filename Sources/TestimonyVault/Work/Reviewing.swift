import Age
public import Record
import Sodium

// What reviewers write: sealed notes to the circle that reviews the case.
extension Session {
  /// The longest note, in bytes of its JSON: it stands whole in an entry, which everybody of the circle opens.
  public static let reviewLimit = 1 << 20

  /// Seals an assessment of a record, which names the versions that its author had before them.
  public func assess(_ record: ThingID, fields: JSON) throws(VaultError) {
    try review(.assess, in: try history(of: record).caseID) { (log) throws(VaultError) in
      guard let history = log.records[record] else { throw .notHere(record.shown()) }
      return ReviewBody(about: record.hash, manifests: history.newest.map(\.note).sorted(), fields: fields)
    }
  }

  /// Seals a public text that is proposed for a case. It is public only when a counsel publishes it.
  public func propose(_ caseID: ThingID, fields: JSON) throws(VaultError) {
    try review(.propose, in: caseID) { _ in ReviewBody(about: caseID.hash, manifests: [], fields: fields) }
  }

  private func review(
    _ type: EntryType, in caseID: ThingID, _ body: (CustodyLog) throws(VaultError) -> ReviewBody
  ) throws(VaultError) {
    _ = try reviewers(of: caseID)
    try write { writing in
      let circle = try self.reviewers(of: caseID)
      let body = try body(self.log)
      let length = body.json.printed().count
      guard length <= Self.reviewLimit else { throw VaultError.tooLongForAnEntry(length) }
      try writing.stage(
        writing.chain.entry(type, by: self.key.signing, to: circle.body, circle.recipient, body: body.json))
    }
  }

  /// The circle that reviews a case, to seal to; the caller must hold its key now.
  func reviewers(of caseID: ThingID) throws(VaultError) -> (body: CircleBody, recipient: NativeRecipient) {
    guard !log.contested.contains(caseID) else { throw .contested(caseID) }
    guard let name = log.cases[caseID]?.reviewers else { throw .notHere(caseID.shown()) }
    guard let me, log.roster.holds(me, name) else { throw .noCircle(name) }
    return try circle(name)
  }
}
