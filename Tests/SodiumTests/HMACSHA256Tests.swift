import Sodium
import Testing

/// RFC 4231, test cases 1 and 2, and the longest keys' rule against SHA-256 itself.
@Suite struct HMACSHA256Tests {
  @Test func vectors() {
    let one = HMACSHA256.code(
      key: [UInt8](repeating: 0x0b, count: 20).span, message: Array("Hi There".utf8).span)
    #expect(Hex.encode(one) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    let two = HMACSHA256.code(
      key: Array("Jefe".utf8).span, message: Array("what do ya want for nothing?".utf8).span)
    #expect(Hex.encode(two) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test func aLongKeyIsItsHash() {
    let key = Random.bytes(100)
    let message = Random.bytes(10)
    let long = HMACSHA256.code(key: key.span, message: message.span)
    let hash = SHA256Hash(of: key).bytes
    let short = HMACSHA256.code(key: hash.span, message: message.span)
    #expect(long == short)
  }
}
