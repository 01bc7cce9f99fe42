import Age
import Record
import Shares
import Sodium

/// An identity's key in pieces: split with SLIP-39, each share a signed note sealed to one custodian (PROTOCOL, quorum).
/// A dummy's key is split the same way.
struct IdentitySplitting: Sendable {
  let vault: SHA256Hash
  private let author: SHA256Hash
  private let signing: SigningKey
  private let signer: ShareNote.Signer
  /// The policy, by the note hash of its `quorum` entry; how many of how many.
  let policy: SHA256Hash
  private let threshold: Int
  private let count: Int
  private let holders: [(number: Int, recipient: NativeRecipient)]

  /// On a field device, which knows the custodians by their recipients alone.
  init(of quorum: KitNote.Quorum, vault: SHA256Hash, kit: MemberKey) throws(VaultError) {
    self.vault = vault
    author = kit.hash
    signing = kit.signing
    signer = .kit
    policy = quorum.policy
    threshold = quorum.threshold
    count = quorum.recipients.count
    var holders: [(number: Int, recipient: NativeRecipient)] = []
    do {
      for (place, text) in quorum.recipients.enumerated() {
        if let text { holders.append((place + 1, try NativeRecipient(parsing: text))) }
      }
    } catch { throw .age(error) }
    self.holders = holders
  }

  init(_ session: Session) throws(VaultError) {
    vault = session.note.id
    author = session.key.hash
    signing = session.key.signing
    signer = .member
    let quorum = try session.sealingQuorum()
    policy = quorum.policy.note
    threshold = quorum.policy.body.threshold
    count = quorum.policy.body.custodians.count
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
      let shares = try identity.withSecretBytes { secret in
        try SecretSharing.split(secret, threshold: threshold, of: count)
      }
      let salt = Random.bytes(16)
      let words = shares.map { SecretBox($0.encoded()) }
      let hashes = words.enumerated().map { place, words in Self.hash(words.secret, number: place + 1, salt: salt) }
      guard let set = shares.first?.identifier else { throw VaultError.quorum(.none) }
      var locks: [LocksNote.Lock] = []
      for holder in holders {
        let claims = ShareClaims(
          author: author, vault: vault, record: record, version: version, object: object, policy: policy,
          set: set, number: holder.number, salt: salt, hashes: hashes)
        let note = try ShareNote.sign(claims, words: words[holder.number - 1].secret, with: signing, as: signer)
        let address = ShareAddress(number: holder.number, policy: policy, set: set)
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
