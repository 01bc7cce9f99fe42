import Sodium
import Testing

@Suite struct HexTests {
  @Test func thereAndBack() {
    for count in 0..<100 {
      let bytes = Random.bytes(count)
      #expect(Hex.decode(Hex.encode(bytes).utf8) == bytes)
    }
  }

  @Test(arguments: ["0", "0A", "g0", " 00", "00\n", "0x00", "٠٠"]) func refused(_ text: String) {
    #expect(Hex.decode(text.utf8) == nil)
  }
}
