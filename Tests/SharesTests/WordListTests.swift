import Shares
import Sodium
import Testing

@Suite struct WordListTests {
  /// Of the published list, one word a line.
  @Test func isTheListOfSLIP39() {
    let joined = WordList.words.map { $0 + "\n" }.joined()
    #expect(WordList.words.count == 1024)
    #expect(
      SHA256Hash(of: Array(joined.utf8)).description
        == "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3")
  }

  @Test func everyWordIsFoundWholeAndByFourLetters() {
    for (value, word) in WordList.words.enumerated() {
      #expect(WordList.index(of: word) == value)
      #expect(WordList.index(of: word.uppercased()) == value)
      #expect(WordList.index(of: String(word.prefix(4))) == value)
    }
  }

  /// Whole words of four letters aside, nothing shorter, longer or in between counts.
  @Test func nothingElseIsFound() {
    for word in WordList.words {
      #expect(WordList.index(of: word + "x") == nil)
      #expect(WordList.index(of: word + " ") == nil)
      #expect(WordList.index(of: String(word.prefix(3))) == nil)
      if word.utf8.count > 5 { #expect(WordList.index(of: String(word.dropLast())) == nil) }
    }
    for other in ["", "zzzz", "aaaa", "académic", "zero\u{301}", "\u{0}", "acad\u{0}"] {
      #expect(WordList.index(of: other) == nil)
    }
  }
}
