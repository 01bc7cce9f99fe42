import Age
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

struct CardCollectionTests {
  private func cards(_ threshold: Int = 2, _ count: Int = 3, _ kind: KeyKind = .classic) throws -> [BackupCard] {
    try PaperBackup.cards(of: PaperBackupTests.key(kind), threshold: threshold, of: count)
  }

  private func collection(_ shares: [Mnemonic]) throws -> CardCollection {
    var collection = CardCollection()
    for share in shares { try collection.add(share) }
    return collection
  }

  @Test func saysHowManyAreNeeded() throws {
    let cards = try cards(3, 4)
    var collection = CardCollection()
    #expect(collection.need == nil && !collection.isEnough)
    #expect(throws: BackupFault.tooFew(have: 0, need: 2)) { try collection.restored(nil) }
    for (number, card) in cards[0..<3].enumerated() {
      #expect(!collection.isEnough)
      if number > 0 {
        #expect(throws: BackupFault.tooFew(have: number, need: 3)) { try collection.restored(nil) }
      }
      try collection.add(card.share)
    }
    #expect(collection.isEnough && collection.need == 3 && collection.count == 3)
  }

  @Test func aCardOfAnotherSetAndOneTwiceAreNamed() throws {
    let (cards, others) = (try cards(), try cards())
    var collection = try collection([cards[0].share])
    #expect(throws: BackupFault.otherSet(number: 2)) { try collection.add(others[1].share) }
    #expect(throws: BackupFault.sameCard(number: 1)) { try collection.add(cards[0].share) }
    let forged = try Forged.card(like: cards[0].share)
    #expect(throws: BackupFault.twoOfOneNumber(number: 1)) { try collection.add(forged) }
    #expect(collection.count == 1)
    try collection.add(cards[2].share)
    #expect(try collection.restored(.classic).codes.map(\.number) == [1, 3])
  }

  @Test func sharesOfGroupsOrWithMoreWorkAreNoBackup() throws {
    let secret = Secret.random(count: 32)
    let groups = try SecretSharing.split(
      secret, groupThreshold: 1, groups: [(1, 1), (2, 2)], passphrase: Secret(count: 0), iterationExponent: 0,
      isExtendable: true)
    let slow = try SecretSharing.split(
      secret, groupThreshold: 1, groups: [(2, 2)], passphrase: Secret(count: 0), iterationExponent: 1,
      isExtendable: true)
    for share in [groups[0][0], slow[0][0]] {
      var collection = CardCollection()
      #expect(throws: BackupFault.notABackup) { try collection.add(share) }
    }
  }

  /// A false card whose words add up does not bring back another key; beside enough good ones it is named.
  @Test func aFalseCardIsNamedWhereOthersSuffice() throws {
    let cards = try cards()
    let forged = try Forged.card(like: cards[1].share)
    #expect(throws: BackupFault.doNotFit) { try collection([cards[0].share, forged]).restored(.classic) }
    for order in [[cards[0].share, forged, cards[2].share], [forged, cards[0].share, cards[2].share]] {
      let restored = try collection(order).restored(.classic)
      #expect(restored.falseCards == [2])
      #expect(Set(restored.codes.map(\.code)) == [cards[0].code, cards[2].code])
    }
    #expect(try collection(cards.map(\.share)).restored(.classic).falseCards == [])
  }

  @Test func theCodesTellTheKindAndAWrongOneIsNamed() throws {
    for kind in [KeyKind.classic, .hybrid] {
      let cards = try cards(2, 3, kind)
      var coded = try collection([cards[0].share])
      try coded.add(cards[1].share, code: cards[1].code)
      #expect(try coded.restored(nil).identity.kind == kind)
      #expect(try coded.restored(kind).isKindKnown)
      #expect(throws: BackupFault.otherKind) { try coded.restored(kind == .classic ? .hybrid : .classic) }
      coded.change(codeOf: 2, to: cards[2].code)
      #expect(throws: BackupFault.otherCode(number: 2)) { try coded.restored(nil) }
      #expect(throws: BackupFault.otherCode(number: 2)) { try coded.restored(kind) }
      coded.change(codeOf: 2, to: nil)
      let unsaid = try coded.restored(nil)
      #expect(unsaid.identity.kind == .hybrid && !unsaid.isKindKnown)
    }
  }

  @Test(arguments: [(0, 0, 1), (1, 3, 3), (2, 3, 3), (3, 3, 1), (3, 5, 10), (8, 16, 12870), (4, 3, 0)])
  func choicesAreAllAndDifferent(count: Int, all: Int, number: Int) {
    let choices = CardCollection.choices(count, from: all)
    #expect(choices.count == number && Set(choices).count == number)
    #expect(choices.allSatisfy { $0.count == count && $0 == $0.sorted() && $0.allSatisfy { (0..<all).contains($0) } })
  }
}

/// A share like another with one word of its value changed, and a checksum that fits: what only a forger makes. The
/// checksum is that of SLIP-39, computed here anew.
enum Forged {
  static func card(like share: Mnemonic) throws -> Mnemonic {
    let text = String(decoding: share.encoded().bytes.copy(), as: UTF8.self)
    var values = text.split(separator: " ").compactMap { WordList.index(of: String($0)) }
    values[10] ^= 1
    let checksum = polymod("shamir".utf8.map { Int($0) } + values.dropLast(3) + [0, 0, 0]) ^ 1
    values.replaceSubrange(30..<33, with: [checksum >> 20 & 1023, checksum >> 10 & 1023, checksum & 1023])
    return try Mnemonic(parsing: Array(values.map { WordList.words[$0] }.joined(separator: " ").utf8).span)
  }

  private static func polymod(_ values: [Int]) -> Int {
    let generator = [
      0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
    ]
    return values.reduce(1) { check, value in
      let top = check >> 20
      let next = (check & 0xfffff) << 10 ^ value
      return generator.indices.reduce(next) { $0 ^ (top >> $1 & 1 == 1 ? generator[$1] : 0) }
    }
  }
}
