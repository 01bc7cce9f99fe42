import Shares
import Sodium
import Testing

@Suite struct CheckWordsTests {
  private func words(_ hex: String) throws -> [String] {
    let digits = hex + String(repeating: "e", count: 64 - hex.utf8.count)
    return CheckWords.of(try #require(SHA256Hash(hex: digits)))
  }

  @Test func areTheFirstEightyBitsTenByTen() throws {
    #expect(try words("00000000000000000000") == [String](repeating: "academic", count: 8))
    #expect(try words("ffffffffffffffffffff") == [String](repeating: WordList.words[1023], count: 8))
    #expect(try words("0040200c040140601c08") == Array(WordList.words[1...8]))
  }

  @Test func everyBitOfTheEightyCounts() throws {
    let none = try words("00000000000000000000")
    for bit in 0..<80 {
      var bytes = [UInt8](repeating: 0, count: 10)
      bytes[bit / 8] = 0x80 >> UInt8(bit % 8)
      #expect(try words(Hex.encode(bytes)) != none)
    }
  }
}
