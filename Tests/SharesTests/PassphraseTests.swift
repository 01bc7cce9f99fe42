import Shares
import Sodium
import Testing

@Suite struct PassphraseTests {
  private func generated(_ count: Int) -> [String] {
    let secret = Passphrase.generate(words: count)
    return String(decoding: secret.bytes.copy(), as: UTF8.self)
      .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
  }

  @Test(arguments: [1, 2, 8, 9, 24])
  func isWordsOfTheListWithOneSpaceBetween(count: Int) {
    let words = generated(count)
    #expect(words.count == count)
    #expect(words.allSatisfy(WordList.words.contains))
  }

  @Test func isEightWordsUnlessSaidOtherwise() {
    let secret = Passphrase.generate()
    #expect(secret.bytes.copy().count { $0 == UInt8(ascii: " ") } == 7)
  }

  /// 40,960 draws of 1,024 words: chi squared has mean 1,023 and deviation 45; beyond 1,400 nobody will see by chance.
  @Test func everyWordIsAsLikely() {
    var counts: [String: Int] = [:]
    for _ in 0..<160 {
      for word in generated(256) { counts[word, default: 0] += 1 }
    }
    let chiSquared = WordList.words.reduce(0.0) { sum, word in
      let difference = Double(counts[word, default: 0]) - 40
      return sum + difference * difference / 40
    }
    #expect(counts.values.reduce(0, +) == 40_960)
    #expect((700...1400).contains(chiSquared))
  }

  @Test func findsEachWordInPlace() {
    let secret = Secret(copying: Array("acid b crystal".utf8).span)
    let ranges = (0..<4).map { Passphrase.range(ofWord: $0, in: secret) }
    #expect(ranges == [0..<4, 5..<6, 7..<14, nil])
    let negative = Passphrase.range(ofWord: -1, in: secret)
    #expect(negative == nil)
  }
}
