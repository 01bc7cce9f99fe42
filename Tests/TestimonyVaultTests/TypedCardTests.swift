import Age
import Shares
import Sodium
import Testing

@testable import TestimonyVault

struct TypedCardTests {
  private func words() throws -> (share: Mnemonic, words: [String]) {
    let card = try PaperBackup.cards(of: PaperBackupTests.key(.classic), threshold: 2, of: 2)[0]
    return (card.share, PaperBackupTests.words(card).split(separator: " ").map(String.init))
  }

  private func add(_ word: String, to card: inout TypedCard) -> Bool { card.add(Array(word.utf8).span) }

  @Test func wholeWordsAndFourLettersAreACard() throws {
    let (share, words) = try words()
    var card = TypedCard()
    for (index, word) in words.enumerated() {
      let typed = index % 3 == 0 ? String(word.prefix(4)).uppercased() : word
      let isTaken = add(typed, to: &card)
      let text = lastWord(of: card)
      #expect(isTaken && text == word)
      let isWhole = card.isWhole
      #expect(isWhole == (index == 32))
    }
    let isMore = add("academic", to: &card)
    let isSame = try card.share().encoded().equals(share.encoded())
    #expect(!isMore && isSame)
  }

  @Test(arguments: ["", "aca", "academi", "acadx", "<", "academics", "\u{430}cademic"])
  func whatIsNoWordOfTheListIsNotTaken(_ word: String) {
    var card = TypedCard()
    let isTaken = add(word, to: &card)
    let count = card.count
    #expect(!isTaken && count == 0)
  }

  @Test func wordsAreTakenBackAndReplaced() throws {
    let (share, words) = try words()
    var card = TypedCard()
    card.removeLast()
    let isEmpty = card.count == 0 && card.lastWord() == nil
    #expect(isEmpty)
    let beforeAny = card.replace(1, with: Array("acid".utf8).span)
    #expect(!beforeAny)
    for word in words { _ = add(word, to: &card) }
    card.removeLast()
    let short = outcome(card)
    #expect(short == .length(32))
    _ = add(words[32] == "acid" ? "acne" : "acid", to: &card)
    let wrong = outcome(card)
    #expect(wrong == .checksum)
    for number in [0, 34, -1] {
      let isReplaced = card.replace(number, with: Array("acid".utf8).span)
      #expect(!isReplaced)
    }
    let isNoWord = card.replace(33, with: Array("zzzz".utf8).span)
    let isReplaced = card.replace(33, with: Array(words[32].utf8).span)
    let isSame = try card.share().encoded().equals(share.encoded())
    #expect(!isNoWord && isReplaced && isSame)
  }

  /// Every single wrong word is found.
  @Test func oneWrongWordNeverAddsUp() throws {
    let (_, words) = try words()
    var card = TypedCard()
    for word in words { _ = add(word, to: &card) }
    for number in 1...33 {
      for other in ["academic", "zero", "lobe"] where other != words[number - 1] {
        _ = card.replace(number, with: Array(other.utf8).span)
        let found = outcome(card)
        #expect(found == .checksum)
      }
      _ = card.replace(number, with: Array(words[number - 1].utf8).span)
    }
    let found = outcome(card)
    #expect(found == nil)
  }

  private func lastWord(of card: borrowing TypedCard) -> String? {
    guard let last = card.lastWord() else { return nil }
    return String(decoding: last.bytes.copy(), as: UTF8.self)
  }

  private func outcome(_ card: borrowing TypedCard) -> BackupFault? {
    do {
      _ = try card.share()
      return nil
    } catch { return error }
  }
}
