import Shares
import Sodium
import Testing

@Suite struct NearestWordsTests {
  private func near(_ typed: String) -> [String] { WordList.nearest(to: Array(typed.utf8).span) }

  @Test(arguments: [
    ("acadmeic", "academic"), ("ACADMIC", "academic"), ("zreo", "zero"), ("yera", "year"), ("academ", "academic"),
    ("aca", "academic"), ("hepful", "helpful"), ("helpfull", "helpful"), ("visaul", "visual"),
  ])
  func whatWasMeantComesFirst(_ typed: String, _ meant: String) { #expect(near(typed).first == meant) }

  @Test(arguments: ["", "xqzkv", "supercalifragilistic", "12345678", "\u{e9}\u{e9}\u{e9}"])
  func whatIsFarFromAllIsNearNone(_ typed: String) { #expect(near(typed) == []) }

  @Test func areFewAndOfTheList() {
    for typed in ["a", "ac", "ear", "word", "tall", "s"] {
      let words = near(typed)
      #expect(words.count <= 4 && words.allSatisfy(WordList.words.contains), "\(typed)")
    }
  }

  /// Any two neighbours exchanged: the word is among those that are named.
  @Test func findsAWordAfterOneSlip() {
    for word in stride(from: 0, to: 1024, by: 41).map({ WordList.words[$0] }) {
      let letters = Array(word)
      for index in letters.indices.dropLast() where letters[index] != letters[index + 1] {
        var typed = letters
        typed.swapAt(index, index + 1)
        #expect(near(String(typed)).contains(word) || WordList.index(of: String(typed)) != nil, "\(String(typed))")
      }
    }
  }
}
