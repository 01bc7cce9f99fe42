import Sodium
import Testing

@Suite struct SecretWriterTests {
  @Test(arguments: [0, 1, 10, 300, 5000])
  func holdsWhatWasAppendedWhateverItsFirstRoom(capacity: Int) {
    var writer = SecretWriter(capacity: capacity)
    var expected: [UInt8] = []
    for number in 0..<200 {
      let piece = [UInt8](repeating: UInt8(number), count: number % 7)
      writer.append(piece.span)
      writer.append("\(number),")
      expected += piece + Array("\(number),".utf8)
    }
    let count = writer.count
    let bytes = writer.finish().bytes.copy()
    #expect(count == expected.count)
    #expect(bytes == expected)
  }

  @Test func nothingIsNothing() {
    let secret = SecretWriter(capacity: 100).finish()
    #expect(secret.count == 0)
  }
}
