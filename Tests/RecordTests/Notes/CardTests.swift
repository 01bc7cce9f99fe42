import Record
import Sodium
import Testing

struct CardTests {
  @Test func aCardReadsBackAndEveryChangeIsRefused() throws {
    let key = SigningKey.generate()
    let card = try Card(
      name: PersonName("dana"), recipient: "age1xyz", signing: key, publisher: SigningKey.generate().verifyingKey,
      registrar: SigningKey.generate().verifyingKey, founder: SigningKey.generate().verifyingKey)
    let bytes = card.note.encoded
    let read = try Card(parsing: bytes.span)
    #expect(read.name.text == "dana" && read.recipient == "age1xyz" && read.hash == card.hash)
    #expect(read.member == KeyHash.of(key.verifyingKey))
    for index in bytes.indices {
      var bad = bytes
      bad[index] ^= 1
      #expect(throws: RecordError.self, "byte \(index)") { try Card(parsing: bad.span) }
    }
    for count in [0, 1, bytes.count / 2, bytes.count - 1] {
      let short = Array(bytes.prefix(count))
      #expect(throws: RecordError.self) { try Card(parsing: short.span) }
    }
  }
}
