import Age
import Record
import Shares
import Sodium

/// An identity's key in pieces: split with SLIP-39, each share a signed note sealed to one custodian (PROTOCOL, quorum).
/// A dummy's key is split the same way.
struct IdentitySplitting: Sendable {
  let vault: SHA256Hash
  let key: MemberKey
  let policy: Policy
  private let holders: [(number: Int, recipient: NativeRecipient)]

  init(_ session: Session) throws(VaultError) {
    vault = session.note.id
    key = session.key
    let quorum = try session.sealingQuorum()
    policy = quorum.policy
    do {
      var holders: [(number: Int, recipient: NativeRecipient)] = []
      for one in quorum.holders {
        holders.append((one.number, try NativeRecipient(parsing: one.member.admission.card.recipient)))
      }
      self.holders = holders
    } catch { throw .age(error) }
  }

  /// The locks of an identity's key.
  func locks(
    of identity: NativeIdentity, record: SHA256Hash, version: Int, object: SHA256Hash
  ) throws(VaultError) -> [LocksNote.Lock] {
    do {
      let count = policy.body.custodians.count
      let shares = try identity.withSecretBytes { secret in
        try SecretSharing.split(secret, threshold: policy.body.threshold, of: count)
      }
      let salt = Random.bytes(16)
      let words = shares.map { SecretBox($0.encoded()) }
      let hashes = words.enumerated().map { place, words in Self.hash(words.secret, number: place + 1, salt: salt) }
      guard let set = shares.first?.identifier else { throw VaultError.quorum(.none) }
      var locks: [LocksNote.Lock] = []
      for holder in holders {
        let claims = ShareClaims(
          author: key.hash, vault: vault, record: record, version: version, object: object, policy: policy.note,
          set: set, number: holder.number, salt: salt, hashes: hashes)
        let note = try ShareNote.sign(claims, words: words[holder.number - 1].secret, with: key.signing)
        let address = ShareAddress(number: holder.number, policy: policy.note, set: set)
        locks.append(
          LocksNote.Lock(
            carries: .layer(.identity), to: .share(address),
            file: try Self.seal(note.encoded.secret, to: holder.recipient)))
      }
      return locks
    } catch let error as ShareError { throw .share(error) } catch { throw VaultError(error) }
  }

  static func seal(_ note: borrowing Secret, to recipient: NativeRecipient) throws(AgeError) -> [UInt8] {
    try AgeFile.seal(note.bytes, to: [recipient])
  }

  private static func hash(_ words: borrowing Secret, number: Int, salt: [UInt8]) -> SHA256Hash {
    ShareClaims.hash(of: words.bytes, number: number, salt: salt)
  }

  /// The padded plaintext of a record's lock file with so many shares, in bytes: two locks of layer keys and the shares,
  /// each a whole age file in base64.
  static func lockFileSize(shares: Int, _ kind: KeyKind) -> Int {
    let header = kind == .hybrid ? 1_700 : 200
    let note = SizeClass.share.padded(1_000 + 67 * shares + 300)
    let layers = 2 * ((header + 100) * 4 / 3 + 200)
    return SizeClass.lockFile.padded(800 + layers + shares * ((header + note + 32) * 4 / 3 + 200))
  }
}
