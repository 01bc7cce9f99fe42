public import Sodium

extension SecretSharing {
  /// The secret behind shares of an empty passphrase.
  public static func combine(_ shares: [Mnemonic]) throws(ShareError) -> Secret {
    try combine(shares, passphrase: Secret(count: 0))
  }

  /// The secret behind the shares, in any order: exactly as many groups as the set needs, and of each exactly as many
  /// shares as it needs, as the standard has it. Who has more chooses which.
  ///
  /// Another passphrase gives another secret, never an error. The shares themselves say what it costs, up to 10,000 × 2^15
  /// HMACs: look at `iterationExponent` first where that matters. Refused, in this order: shares of other sets, one twice,
  /// too few or too many, and shares that do not fit together.
  public static func combine(
    _ shares: [Mnemonic], passphrase: borrowing Secret
  ) throws(ShareError) -> Secret {
    guard let first = shares.first else { throw .tooFew(have: 0, need: 1) }
    guard shares.allSatisfy({ isOfOneSet($0, first) }) else { throw .otherSet }
    let groups = Dictionary(grouping: shares, by: \.groupIndex).sorted { $0.key < $1.key }.map(\.value)
    for group in groups {
      guard group.allSatisfy({ $0.memberThreshold == group[0].memberThreshold }) else { throw .otherSet }
      guard Set(group.map(\.memberIndex)).count == group.count else { throw .sameShareTwice }
    }
    guard groups.count >= first.groupThreshold else {
      throw .tooFewGroups(have: groups.count, need: first.groupThreshold)
    }
    guard groups.count == first.groupThreshold else {
      throw .tooManyGroups(have: groups.count, need: first.groupThreshold)
    }
    var points: [Point] = []
    for group in groups {
      points.append(Point(x: UInt8(group[0].groupIndex - 1), value: try groupSecret(group)))
    }
    let cipher = MasterCipher(
      passphrase: passphrase.clone(), identifier: first.identifier, isExtendable: first.isExtendable,
      iterationExponent: first.iterationExponent)
    return cipher.decrypt(try Polynomial.recover(from: points).secret)
  }

  private static func groupSecret(_ group: [Mnemonic]) throws(ShareError) -> SecretBox {
    let need = group[0].memberThreshold
    guard group.count >= need else { throw .tooFew(have: group.count, need: need) }
    guard group.count == need else { throw .tooMany(have: group.count, need: need) }
    return try Polynomial.recover(from: group.map { Point(x: UInt8($0.memberIndex - 1), value: $0.value) })
  }

  private static func isOfOneSet(_ left: Mnemonic, _ right: Mnemonic) -> Bool {
    left.identifier == right.identifier && left.isExtendable == right.isExtendable
      && left.iterationExponent == right.iterationExponent && left.groupThreshold == right.groupThreshold
      && left.groupCount == right.groupCount && left.value.secret.count == right.value.secret.count
  }
}
