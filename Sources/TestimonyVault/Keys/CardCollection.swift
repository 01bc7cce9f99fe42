public import Age
public import Record
public import Shares
import Sodium

/// Cards of a paper backup as they come in, until there are enough to bring the key back.
public struct CardCollection: Sendable {
  private struct Held {
    let share: Mnemonic
    var code: BackupCode?
  }

  private var held: [Held] = []

  public init() {}

  /// How many cards there are; no two have one number.
  public var count: Int { held.count }

  /// How many are needed, which every card says; nil before the first.
  public var need: Int? { held.first?.share.memberThreshold }

  public var isEnough: Bool { need.map { count >= $0 } ?? false }

  /// Takes a card in, with its check code where that was given.
  public mutating func add(_ share: Mnemonic, code: BackupCode? = nil) throws(BackupFault) {
    guard share.groupCount == 1, share.iterationExponent == 0 else { throw .notABackup }
    if let first = held.first?.share {
      guard share.identifier == first.identifier, share.memberThreshold == first.memberThreshold,
        share.isExtendable == first.isExtendable
      else { throw .otherSet(number: share.memberIndex) }
    }
    if let known = held.first(where: { $0.share.memberIndex == share.memberIndex }) {
      let isSame = known.share.encoded().equals(share.encoded())
      throw isSame ? .sameCard(number: share.memberIndex) : .twoOfOneNumber(number: share.memberIndex)
    }
    held.append(Held(share: share, code: code))
  }

  /// Another check code for a card, or none.
  public mutating func change(codeOf number: Int, to code: BackupCode?) {
    for index in held.indices where held[index].share.memberIndex == number { held[index].code = code }
  }

  /// A key that came back.
  public struct Restored: Sendable {
    public let identity: NativeIdentity
    /// The cards' codes, by their numbers.
    public let codes: [(number: Int, code: BackupCode)]
    /// The numbers of cards that were given beyond those needed, and do not fit them.
    public let falseCards: [Int]
    /// The kind was said, or a check code told it.
    public let isKindKnown: Bool
  }

  /// The key that the cards bring back. `kind` is nil where nobody knows it: then the check codes tell, and without any
  /// it is hybrid. Where there are more cards than needed, a false one among them does no harm.
  public func restored(_ kind: KeyKind?) throws(BackupFault) -> Restored {
    let (secret, falseCards) = try combined()
    let isKnown = kind != nil || held.contains { $0.code != nil }
    var fault: BackupFault?
    for kind in kind.map({ [$0] }) ?? [.hybrid, .classic] {
      let identity = NativeIdentity(kind: kind, secretBytes: secret.secret)
      let wrong = wrongCode(for: identity)
      guard let wrong else {
        return Restored(
          identity: identity, codes: codes(for: identity, but: falseCards), falseCards: falseCards,
          isKindKnown: isKnown)
      }
      fault = fault ?? .otherCode(number: wrong)
    }
    if let kind {
      let other = NativeIdentity(kind: kind == .hybrid ? .classic : .hybrid, secretBytes: secret.secret)
      if wrongCode(for: other) == nil { throw .otherKind }
    }
    throw fault ?? .doNotFit
  }

  /// The number of the first card whose given code is not that of this key.
  private func wrongCode(for identity: NativeIdentity) -> Int? {
    held.first { $0.code != nil && $0.code != code(of: $0.share, identity) }?.share.memberIndex
  }

  private func codes(for identity: NativeIdentity, but falseCards: [Int]) -> [(number: Int, code: BackupCode)] {
    held.map { ($0.share.memberIndex, code(of: $0.share, identity)) }.filter { !falseCards.contains($0.0) }
  }

  private func code(of share: Mnemonic, _ identity: NativeIdentity) -> BackupCode {
    BackupCode(recipient: identity.recipient.text, set: share.identifier, number: share.memberIndex)
  }

  private func combined() throws(BackupFault) -> (secret: SecretBox, falseCards: [Int]) {
    guard let need, held.count >= need else { throw .tooFew(have: held.count, need: need ?? 2) }
    let shares = held.map(\.share)
    for chosen in Self.choices(need, from: shares.count) {
      guard let secret = Self.combine(chosen.map { shares[$0] }) else { continue }
      // Any other card fits if it can stand for one of these.
      let others = shares.indices.filter { !chosen.contains($0) }
      let falseCards = others.filter { Self.combine(chosen.dropFirst().map { shares[$0] } + [shares[$0]]) == nil }
      return (secret, falseCards.map { shares[$0].memberIndex })
    }
    throw .doNotFit
  }

  private static func combine(_ shares: [Mnemonic]) -> SecretBox? {
    do { return SecretBox(try SecretSharing.combine(shares)) } catch { return nil }
  }

  /// All ways to choose `count` of the numbers below `all`, each in order.
  static func choices(_ count: Int, from all: Int) -> [[Int]] {
    if count == 0 { return [[]] }
    guard count <= all else { return [] }
    return choices(count - 1, from: all - 1).map { $0 + [all - 1] } + choices(count, from: all - 1)
  }
}
