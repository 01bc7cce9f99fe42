public import Sodium

/// Splitting a secret into shares and combining them again: SLIP-39 (github.com/satoshilabs/slips, slip-0039), groups and
/// the extendable flag included. Secrets have 16 bytes or more, an even number.
public enum SecretSharing {
  /// `count` shares of which any `threshold` combine: one group, an empty passphrase, exponent 0, not extendable, which
  /// every SLIP-39 tool reads. Share number k is the k-th, from 1. Refused: `secretSize`, and `numbers` unless
  /// 2 ≤ threshold ≤ count ≤ 16 or both are 1.
  public static func split(
    _ secret: borrowing Secret, threshold: Int, of count: Int
  ) throws(ShareError) -> [Mnemonic] {
    try split(
      secret, groupThreshold: 1, groups: [(threshold: threshold, count: count)], passphrase: Secret(count: 0),
      iterationExponent: 0, isExtendable: false
    )[0]
  }

  /// Shares in groups: any `groupThreshold` of the groups combine, each with its own threshold of its shares.
  ///
  /// The passphrase is printable ASCII; the secret comes back only under the same. `iterationExponent` is 0 to 15, and
  /// costs 10,000 × 2^exponent HMACs here and there. Refused: `secretSize`, `passphrase`, and `numbers`: more than 16
  /// groups, or shares in one; a threshold below 1 or above what there is; several shares of which one suffices.
  public static func split(
    _ secret: borrowing Secret, groupThreshold: Int, groups: [(threshold: Int, count: Int)],
    passphrase: borrowing Secret, iterationExponent: Int, isExtendable: Bool
  ) throws(ShareError) -> [[Mnemonic]] {
    guard secret.count >= MnemonicValue.smallest, secret.count.isMultiple(of: 2) else { throw .secretSize }
    guard (0...15).contains(iterationExponent), isThreshold(groupThreshold, of: groups.count),
      groups.allSatisfy({ isThreshold($0.threshold, of: $0.count) && ($0.threshold > 1 || $0.count == 1) })
    else { throw .numbers }
    guard isPrintable(passphrase) else { throw .passphrase }

    let identifier = Int(Random.uniform(below: 1 << 15))
    let cipher = MasterCipher(
      passphrase: passphrase.clone(), identifier: identifier, isExtendable: isExtendable,
      iterationExponent: iterationExponent)
    let encrypted = SecretBox(cipher.encrypt(secret))
    let groupPoints = Polynomial.split(encrypted, threshold: groupThreshold, of: groups.count)
    return zip(groupPoints, groups).map { point, group in
      Polynomial.split(point.value, threshold: group.threshold, of: group.count).map { member in
        let fields = MnemonicFields(
          identifier: identifier, isExtendable: isExtendable, iterationExponent: iterationExponent,
          groupIndex: Int(point.x) + 1, groupThreshold: groupThreshold, groupCount: groups.count,
          memberIndex: Int(member.x) + 1, memberThreshold: group.threshold)
        return Mnemonic(fields, value: member.value)
      }
    }
  }

  private static func isThreshold(_ threshold: Int, of count: Int) -> Bool {
    threshold >= 1 && threshold <= count && count <= 16
  }

  private static func isPrintable(_ passphrase: borrowing Secret) -> Bool {
    let bytes = passphrase.bytes
    return bytes.indices.allSatisfy { (0x20...0x7E).contains(bytes[$0]) }
  }
}
