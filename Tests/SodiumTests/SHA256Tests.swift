import Sodium
import Testing

@Suite struct SHA256Tests {
  static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func vectors() {
    #expect(SHA256Hash(of: Array("abc".utf8)).description == Self.abc)
    #expect(
      SHA256Hash(of: []).description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func inPieces() {
    let bytes = Random.bytes(1000)
    var hasher = SHA256Hasher()
    for start in stride(from: 0, to: 1000, by: 70) {
      hasher.update(bytes.span.extracting(start..<min(start + 70, 1000)))
    }
    #expect(hasher.finalize() == SHA256Hash(of: bytes))
  }

  @Test func textIsStrict() {
    #expect(SHA256Hash(hex: Self.abc)?.description == Self.abc)
    #expect(SHA256Hash(hex: Self.abc.uppercased()) == nil)
    #expect(SHA256Hash(hex: String(Self.abc.dropLast(2))) == nil)
    #expect(SHA256Hash(hex: Self.abc + "00") == nil)
    #expect(SHA256Hash(hex: Self.abc.dropLast() + "g") == nil)
    #expect(SHA256Hash(bytes: [1]) == nil)
    for text in [
      Self.abc, Self.abc.uppercased(), String(Self.abc.dropLast()), Self.abc + "0", Self.abc.dropLast() + "g",
      Self.abc.dropLast() + "/", Self.abc.dropLast() + ":", Self.abc.dropLast() + "`", "",
    ] {
      let digits = Array(text.utf8)
      let hash = SHA256Hash(hexDigits: digits.span)
      #expect(hash == SHA256Hash(hex: text))
      #expect((hash == nil) == (text != Self.abc))
    }
    #expect(SHA256Hash(hex: Self.abc)?.firstByte == 0xBA)
  }

  @Test func order() throws {
    let low = try #require(SHA256Hash(bytes: [UInt8](repeating: 1, count: 32)))
    let high = try #require(SHA256Hash(bytes: [UInt8](repeating: 2, count: 32)))
    #expect(low < high && !(high < low))
  }
}
