import Age
public import Record
public import Shares
import Sodium

/// One card of a member's paper backup: a SLIP-39 share of the age identity, and the code that names it.
public struct BackupCard: Sendable {
  public let share: Mnemonic
  public let code: BackupCode
  /// How many cards there are.
  public let count: Int

  /// The card's, from 1.
  public var number: Int { share.memberIndex }
}

/// The paper backup of a member's age identity: its 32 bytes in SLIP-39 shares, one group, empty passphrase.
///
/// Only the identity: with it everything that was sealed to this person is read again. The signing keys are in no backup,
/// so that nobody who has the cards can sign in that person's name; a new one is admitted.
public enum PaperBackup {
  /// Words on a card: 4 of head, 26 of value, 3 of checksum.
  public static let wordsOnACard = 33

  /// Throws unless 2 ≤ threshold ≤ count ≤ 16.
  public static func check(threshold: Int, of count: Int) throws(BackupFault) {
    guard threshold != 1 else { throw .oneIsEnough }
    guard 2 <= threshold, threshold <= count, count <= 16 else { throw .numbers }
  }

  /// `count` cards of which any `threshold` bring the key back. Refused unless 2 ≤ threshold ≤ count ≤ 16.
  ///
  /// They are shown only after they have proved themselves: each takes part in bringing the key back once.
  public static func cards(of key: MemberKey, threshold: Int, of count: Int) throws(BackupFault) -> [BackupCard] {
    try check(threshold: threshold, of: count)
    let shares = try key.identity.withSecretBytes { (secret) throws(BackupFault) -> [Mnemonic] in
      do {
        let shares = try SecretSharing.split(secret, threshold: threshold, of: count)
        for start in stride(from: 0, to: count, by: threshold) {
          let first = min(start, count - threshold)
          let isSame = try SecretSharing.combine(Array(shares[first..<first + threshold])).equals(secret)
          guard isSame else { throw BackupFault.unproven }
        }
        return shares
      } catch { throw .unproven }
    }
    let recipient = key.identity.recipient.text
    return shares.map { share in
      BackupCard(
        share: share, code: BackupCode(recipient: recipient, set: share.identifier, number: share.memberIndex),
        count: count)
    }
  }
}
