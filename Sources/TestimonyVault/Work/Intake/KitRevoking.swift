public import Record
import Sodium

extension Session {
  /// What a revocation would say: the last drop that counts, by default the one with the highest number that was filed.
  /// - Parameter last: a number or a receipt code, of a drop that was filed.
  public func kitRevocation(_ name: String, last: String?) throws(VaultError) -> KitRevokeBody {
    try require(.counsel)
    let made = try kit(named: name)
    let filed: [KitRevokeBody.Last] = made.notes.compactMap { note in
      guard note.standing == .filed, case .drop(_, let head, _, let number) = note.source else { return nil }
      return KitRevokeBody.Last(number: number, head: head)
    }
    let newest = filed.map(\.number).max()
    if last == nil, newest == nil { return KitRevokeBody(kit: made.body.kit, last: nil) }
    // Under a number that two notes have, one is perhaps a thief's: a person says which counts, by its code.
    let wanted = last.map { DropName($0) } ?? newest.map { .number($0) }
    let meant = filed.filter { wanted?.means(number: $0.number, head: $0.head) ?? false }
    guard let first = meant.first, meant.allSatisfy({ $0 == first }) else {
      throw .kit(.noFiled(name, last ?? newest?.description ?? ""))
    }
    return KitRevokeBody(kit: made.body.kit, last: first)
  }

  /// Ends a kit: names the last of its drops that counts.
  public func revokeKit(_ name: String, last: String?) throws(VaultError) -> KitRevokeBody {
    let body = try kitRevocation(name, last: last)
    try write { writing in
      let members = try self.circle(CircleName.members)
      try writing.stage(
        writing.chain.entry(.kitRevoke, by: self.key.signing, to: members.body, members.recipient, body: body.json))
    }
    return body
  }
}
