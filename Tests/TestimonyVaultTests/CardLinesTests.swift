import Age
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

struct CardLinesTests {
  private func cards() throws -> [BackupCard] {
    try PaperBackup.cards(of: PaperBackupTests.key(.classic), threshold: 2, of: 3)
  }

  private func read(_ text: String) throws(CardLines.Fault) -> [CardLines.Line] {
    try CardLines.read(Secret(copying: Array(text.utf8).span))
  }

  @Test func readsCardsWithAndWithoutCodes() throws {
    let cards = try cards()
    let words = cards.map(PaperBackupTests.words)
    let text =
      "# mine\r\n\n  \(words[0])  \r\n \(cards[0].code) \n\t\(words[1].replacing(" ", with: "\t  "))\n\(words[2].uppercased())"
    let lines = try read(text)
    #expect(lines.map(\.number) == [3, 5, 6])
    #expect(lines.map(\.share.memberIndex) == [1, 2, 3])
    #expect(lines.map(\.code) == [cards[0].code, nil, nil])
    #expect(try read("").isEmpty && read("\n\n# nothing\n").isEmpty)
  }

  @Test func whatIsWrongIsSaidWithItsLine() throws {
    let cards = try cards()
    let words = PaperBackupTests.words(cards[0])
    let list = words.split(separator: " ").map(String.init)
    var swapped = list
    swapped.swapAt(list[7] == list[8] ? 6 : 7, 8)
    let code = cards[0].code.description
    let wrongCode = code.dropLast() + (code.last == "0" ? "1" : "0")
    let wrong: [(String, Int, BackupFault)] = [
      ("zzzz " + list.dropFirst().joined(separator: " "), 1, .word(place: 1)),
      ("\n" + list.dropLast().joined(separator: " ") + " qqqq", 2, .word(place: 33)),
      (list.dropLast().joined(separator: " "), 1, .length(32)), (words + " academic", 1, .length(34)),
      ("academic", 1, .length(1)), (swapped.joined(separator: " "), 1, .checksum),
      ("\(code)\n\(words)", 1, .malformedCode), ("\(words)\n\(code)\n\(code)", 3, .malformedCode),
      ("\(words)\n\(wrongCode)", 2, .malformedCode), ("\(words)\n\nK-", 3, .malformedCode),
    ]
    for (text, line, fault) in wrong {
      do throws(CardLines.Fault) {
        _ = try read(text)
        Issue.record("taken: line \(line), \(fault)")
      } catch { #expect(error.line == line && error.fault == fault) }
    }
  }

  /// A share of another size is a share, and no card of ours.
  @Test func aShorterSecretIsNoCard() {
    let vector =
      "shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short owner flip making coding armed"
    do throws(CardLines.Fault) {
      _ = try read(vector)
      Issue.record("taken")
    } catch { #expect(error.fault == .length(20)) }
  }
}
