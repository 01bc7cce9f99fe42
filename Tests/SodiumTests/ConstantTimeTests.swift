import Sodium
import Testing

@Suite struct ConstantTimeTests {
  @Test func equality() {
    let bytes = Random.bytes(40)
    for place in bytes.indices {
      var other = bytes
      other[place] ^= 1
      let isEqual = ConstantTime.equal(bytes.span, other.span)
      #expect(!isEqual)
    }
    let same = ConstantTime.equal(bytes.span, Array(bytes).span)
    let empty = ConstantTime.equal(Span(), Span())
    let shorter = ConstantTime.equal(bytes.span, bytes.span.extracting(first: 39))
    #expect(same && empty && !shorter)
  }
}
