import Record
import Shares
import Sodium

/// Whether a share note is what a request, and the policy in the roster, say that it should be.
struct ShareCheck {
  let vault: SHA256Hash
  /// Whoever was counsel once, and so may have split a key.
  let signers: [SHA256Hash: VerifyingKey]
  /// The field devices, which split the keys of what they seal.
  let kits: [SHA256Hash: VerifyingKey]

  init(_ log: CustodyLog) {
    vault = log.vault
    kits = log.kits.mapValues(\.body.key)
    signers = log.everCounsel.reduce(into: [:]) { keys, key in
      keys[key] = log.roster.members[key]?.admission.card.signing
    }
  }

  /// The SLIP-39 share of a note that is good; else what is wrong.
  ///
  /// `words` and `notAShare` stand under a good signature and in the right place: they are the sealer's own. Everything
  /// else may be the work of whoever handed the note on.
  func share(in note: ShareNote, of identity: RequestBody.Identity, record: SHA256Hash, _ policy: Policy)
    throws(Wrong) -> Mnemonic
  {
    try share(in: note, of: record, policy) { claims in
      claims.version == identity.version && claims.object == identity.object && claims.policy == identity.policy
        && claims.author == identity.sealer
    }
  }

  /// The share of a note that stands in a lock, whose place says less than a request does.
  func share(in note: ShareNote, at address: ShareAddress, of record: SHA256Hash, _ policy: Policy) throws(Wrong) {
    _ = try share(in: note, of: record, policy) { claims in
      claims.policy == address.policy && claims.number == address.number && claims.set == address.set
    }
  }

  private func share(
    in note: ShareNote, of record: SHA256Hash, _ policy: Policy, isPlaced: (ShareClaims) -> Bool
  ) throws(Wrong) -> Mnemonic {
    let claims = note.claims
    guard let signer = signers[claims.author] ?? kits[claims.author] else { throw Wrong(.signature) }
    var fault: ShareFault?
    do { try note.verify(by: signer, as: signers[claims.author] == nil ? .kit : .member) } catch { fault = error }
    if fault == .signature { throw Wrong(.signature) }
    guard claims.vault == vault, claims.record == record, isPlaced(claims) else {
      throw Wrong(.otherPlace)
    }
    if fault != nil { throw Wrong(.words) }
    guard claims.hashes.count == policy.body.custodians.count, let share = Self.mnemonic(note.words.secret),
      share.identifier == claims.set, share.memberIndex == claims.number,
      share.memberThreshold == policy.body.threshold, share.groupCount == 1, share.groupIndex == 1,
      share.groupThreshold == 1, share.iterationExponent == 0, !share.isExtendable
    else { throw Wrong(.notAShare) }
    return share
  }

  struct Wrong: Error {
    let what: Accusation.Wrong
    init(_ what: Accusation.Wrong) { self.what = what }
    /// Whether the sealer's own signature stands under it.
    var isTheSealers: Bool { what == .words || what == .notAShare }
  }

  private static func mnemonic(_ words: borrowing Secret) -> Mnemonic? { try? Mnemonic(parsing: words.bytes) }
}
