import Sodium
import Testing

@testable import Shares

@Suite struct SecretSharingTests {
  private func combined(_ shares: [Mnemonic], passphrase: String = "") throws -> [UInt8] {
    let secret = try SecretSharing.combine(shares, passphrase: Secret(passphrase))
    return secret.bytes.copy()
  }

  private func refusal(_ shares: [Mnemonic]) -> ShareError? { failure { _ = try SecretSharing.combine(shares) } }

  /// Over all subsets of 3-of-5, in any order.
  @Test(arguments: [16, 32, 34]) func everyThreeOfFiveCombineAndNoFewer(size: Int) throws {
    let secret = Secret.random(count: size)
    let shares = try SecretSharing.split(secret, threshold: 3, of: 5)
    #expect(shares.map(\.memberIndex) == [1, 2, 3, 4, 5])
    for three in choices(shares, 3) { #expect(try combined(three.shuffled()) == secret.bytes.copy()) }
    for two in choices(shares, 2) { #expect(refusal(two) == .tooFew(have: 2, need: 3)) }
    for one in shares { #expect(refusal([one]) == .tooFew(have: 1, need: 3)) }
    #expect(refusal([]) == .tooFew(have: 0, need: 1))
    for four in choices(shares, 4) { #expect(refusal(four) == .tooMany(have: 4, need: 3)) }
  }

  @Test func everyThresholdOfEveryCount() throws {
    let secret = Secret.random(count: 32)
    for count in [1, 2, 3, 5, 16] {
      for threshold in count == 1 ? 1...1 : 2...count {
        let shares = try SecretSharing.split(secret, threshold: threshold, of: count)
        #expect(shares.count == count)
        #expect(try combined(Array(shares.shuffled().prefix(threshold))) == secret.bytes.copy())
      }
    }
  }

  @Test func aSetOfTheVaultIsPlain() throws {
    let shares = try SecretSharing.split(Secret.random(count: 32), threshold: 2, of: 3)
    for share in shares {
      #expect(!share.isExtendable && share.iterationExponent == 0 && share.identifier == shares[0].identifier)
      #expect([share.groupIndex, share.groupThreshold, share.groupCount, share.memberThreshold] == [1, 1, 1, 2])
    }
  }

  @Test func oneShareTwiceIsRefused() throws {
    let shares = try SecretSharing.split(Secret.random(count: 32), threshold: 3, of: 5)
    let again = try Mnemonic.of(shares[0].words)
    #expect(refusal([shares[0], again]) == .sameShareTwice)
    #expect(refusal([shares[0], shares[1], again]) == .sameShareTwice)
    #expect(refusal([shares[0], shares[1], shares[2], again]) == .sameShareTwice)
  }

  @Test func sharesOfAnotherSetAreRefused() throws {
    let secret = Secret.random(count: 32)
    let shares = try SecretSharing.split(secret, threshold: 2, of: 3)
    // One time in 32,768 two sets have the same name; the digest finds those, if nothing else does.
    let others = try SecretSharing.split(secret, threshold: 2, of: 3)
    let longer = try SecretSharing.split(Secret.random(count: 34), threshold: 2, of: 3)
    #expect([.otherSet, .digest].contains(refusal([shares[0], others[1]])))
    #expect(refusal([shares[0], longer[1]]) == .otherSet)
  }

  /// A share with the right name and a false value: found by the digest, in every threshold but 1.
  @Test func aFalseShareIsFound() throws {
    let secret = Secret.random(count: 32)
    let shares = try SecretSharing.split(secret, threshold: 2, of: 3)
    let others = try SecretSharing.split(secret, threshold: 2, of: 3)
    let twin = Mnemonic(shares[1].fields, value: others[1].value)
    #expect(refusal([shares[0], twin]) == .digest)
    #expect(try combined([shares[0], shares[2]]) == secret.bytes.copy())
  }

  @Test func groupsCombineByTheirThresholds() throws {
    let secret = Secret.random(count: 32)
    let groups = [
      (threshold: 2, count: 3), (threshold: 1, count: 1), (threshold: 3, count: 5), (threshold: 2, count: 2),
    ]
    let shares = try SecretSharing.split(
      secret, groupThreshold: 2, groups: groups, passphrase: Secret("TREZOR"), iterationExponent: 1,
      isExtendable: true)
    #expect(shares.map(\.count) == groups.map(\.count))
    for two in choices(Array(groups.indices), 2) {
      let enough = two.flatMap { shares[$0].shuffled().prefix(groups[$0].threshold) }
      #expect(try combined(enough.shuffled(), passphrase: "TREZOR") == secret.bytes.copy())
      #expect(try combined(enough, passphrase: "trezor") != secret.bytes.copy())
      let first = shares[two[0]].prefix(groups[two[0]].threshold)
      #expect(refusal(Array(first)) == .tooFewGroups(have: 1, need: 2))
    }
    let whole = groups.indices.map { Array(shares[$0].prefix(groups[$0].threshold)) }
    #expect(refusal(whole[0] + whole[1] + whole[2]) == .tooManyGroups(have: 3, need: 2))
    #expect(refusal(whole[1] + whole[2].dropLast()) == .tooFew(have: 2, need: 3))
    #expect(refusal(whole[1] + whole[3] + [shares[3][0]]) == .sameShareTwice)
    #expect(refusal(whole[1] + shares[2].prefix(4)) == .tooMany(have: 4, need: 3))
  }

  /// Two extendable sets of one secret under one passphrase encrypt it alike; two others do not.
  @Test func onlyExtendableSetsEncryptAlike() throws {
    let secret = Secret.random(count: 16)
    func value(_ isExtendable: Bool) throws -> ArraySlice<Substring> {
      let shares = try SecretSharing.split(
        secret, groupThreshold: 1, groups: [(threshold: 1, count: 1)], passphrase: Secret("p"), iterationExponent: 0,
        isExtendable: isExtendable)
      return shares[0][0].words.split(separator: " ").dropFirst(4).dropLast(3)
    }
    #expect(try value(true) == value(true))
    #expect(try value(false) != value(true))
  }

  @Test func whatCannotBeSplitIsRefused() {
    for size in [0, 1, 14, 15, 17, 33] {
      #expect(failure { _ = try SecretSharing.split(Secret(count: size), threshold: 2, of: 3) } == .secretSize)
    }
    for (threshold, count) in [(0, 1), (-1, 2), (1, 2), (3, 2), (2, 17), (17, 17), (0, 0), (1, 0), (1, -1)] {
      #expect(failure { _ = try SecretSharing.split(Secret(count: 16), threshold: threshold, of: count) } == .numbers)
    }
    func refusal(_ groupThreshold: Int, _ groups: Int, _ exponent: Int, _ passphrase: String) -> ShareError? {
      failure {
        _ = try SecretSharing.split(
          Secret(count: 16), groupThreshold: groupThreshold,
          groups: [(threshold: Int, count: Int)](repeating: (threshold: 1, count: 1), count: groups),
          passphrase: Secret(passphrase), iterationExponent: exponent, isExtendable: true)
      }
    }
    #expect(refusal(1, 16, 0, " ~") == nil)
    #expect(refusal(0, 1, 0, "") == .numbers)
    #expect(refusal(2, 1, 0, "") == .numbers)
    #expect(refusal(1, 17, 0, "") == .numbers)
    #expect(refusal(1, 0, 0, "") == .numbers)
    #expect(refusal(1, 1, -1, "") == .numbers)
    #expect(refusal(1, 1, 16, "") == .numbers)
    for passphrase in ["\n", "\u{7F}", "ü", "\u{0}"] { #expect(refusal(1, 1, 0, passphrase) == .passphrase) }
  }
}
