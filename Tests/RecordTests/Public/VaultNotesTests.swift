import Record
import Sodium
import Testing

struct VaultNotesTests {
  let founder = SigningKey.generate()

  @Test func theFoundingReadsBackAndEveryChangeIsRefused() throws {
    let note = try VaultNote(keys: "hybrid", founder: founder, nonce: [UInt8](repeating: 3, count: 16))
    let bytes = note.encoded
    let read = try VaultNote(parsing: bytes.span)
    #expect(read.id == note.id && read.keys == "hybrid" && read.format == "draft")
    #expect(read.founder.bytes == founder.verifyingKey.bytes)
    for index in bytes.indices {
      var bad = bytes
      bad[index] ^= 1
      #expect(throws: RecordError.self, "byte \(index)") { try VaultNote(parsing: bad.span) }
    }
  }

  @Test func keysNotesReadBackForTheirVaultAndFounderOnly() throws {
    let keys = KeysNote(
      number: 1, previous: nil,
      publishers: [1: SigningKey.generate().verifyingKey, 2: SigningKey.generate().verifyingKey],
      thresholds: .init(), registrar: SigningKey.generate().verifyingKey, counsel: "age1counsel")
    let bytes = try keys.signed(for: Sample.vault, with: founder).encoded
    let note = try PublicNote(parsing: bytes.span, as: .keys)
    let read = try KeysNote(note, vault: Sample.vault, founder: founder.verifyingKey)
    #expect(read.publishers == keys.publishers && read.number == 1 && read.counsel == "age1counsel")
    #expect(throws: RecordError.otherVault) {
      try KeysNote(note, vault: Sample.record, founder: founder.verifyingKey)
    }
    let other = SigningKey.generate().verifyingKey
    #expect(throws: RecordError.signature) { try KeysNote(note, vault: Sample.vault, founder: other) }
  }

  @Test func aCaseNoteCountsThePublishersThatSignedIt() throws {
    let (one, two) = (SigningKey.generate(), SigningKey.generate())
    let id = ThingID(kind: .case, hash: Sample.hash("case"))
    let note = try CaseNote(
      id: id, vault: Sample.vault, number: 1, previous: nil, details: [PublicNote.Field("title", "A title")],
      summary: "What happened.\n", publisher: 2, with: two)
    let keys = KeysNote(
      number: 1, previous: nil, publishers: [1: one.verifyingKey, 2: two.verifyingKey], thresholds: .init(),
      registrar: one.verifyingKey, counsel: "age1counsel")
    #expect(note.title == "A title")
    #expect(try note.publishers(under: keys, vault: Sample.vault) == [2])
    var fewer = keys
    fewer.publishers[2] = nil
    #expect(try note.publishers(under: fewer, vault: Sample.vault).isEmpty)
    fewer.publishers[2] = one.verifyingKey
    #expect(try note.publishers(under: fewer, vault: Sample.vault).isEmpty)
  }
}
