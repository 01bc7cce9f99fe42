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

  @Test func aCaseNoteCountsThePublishersThatSignedIt() throws {
    let (one, two) = (SigningKey.generate(), SigningKey.generate())
    let id = ThingID(kind: .case, hash: Sample.hash("case"))
    let note = try CaseNote(
      id: id, vault: Sample.vault, number: 1, previous: nil, details: [PublicNote.Field("title", "A title")],
      summary: "What happened.\n", publisher: 2, with: two)
    func keys(_ second: VerifyingKey?) -> KeysNote {
      var publishers = [1: one.verifyingKey]
      publishers[2] = second
      return KeysNote(
        number: 1, previous: nil, founder: founder.verifyingKey, publishers: publishers, registrar: one.verifyingKey,
        counsel: "age1counsel")
    }
    #expect(note.title == "A title")
    #expect(try note.publishers(under: keys(two.verifyingKey), vault: Sample.vault) == [2])
    #expect(try note.publishers(under: keys(nil), vault: Sample.vault).isEmpty)
    #expect(try note.publishers(under: keys(SigningKey.generate().verifyingKey), vault: Sample.vault).isEmpty)
  }

  /// Whoever left is believed for what was listed, and for nothing else, back-dated or not.
  @Test func anEndedPublisherIsBelievedForWhatWasListed() throws {
    let (one, two) = (SigningKey.generate(), SigningKey.generate())
    let id = ThingID(kind: .case, hash: Sample.hash("case"))
    func text(_ summary: String) throws -> CaseNote {
      try CaseNote(
        id: id, vault: Sample.vault, number: 1, previous: nil, details: [], summary: summary, publisher: 2, with: two)
    }
    let (listed, other) = (try text("Listed.\n"), try text("Back-dated.\n"))
    var keys = KeysNote(
      number: 1, previous: nil, founder: founder.verifyingKey,
      publishers: [1: one.verifyingKey, 2: two.verifyingKey], registrar: one.verifyingKey, counsel: "age1counsel")
    try keys.end(publisher: 2, signed: [listed.note.hash])
    #expect(throws: RecordError.field("publisher")) { try keys.end(publisher: 2, signed: []) }
    #expect(try listed.publishers(under: keys, vault: Sample.vault) == [2])
    #expect(try other.publishers(under: keys, vault: Sample.vault).isEmpty)
    #expect(keys.believed(2, for: listed.note.hash) == two.verifyingKey)
    #expect(keys.believed(2, for: other.note.hash) == nil)
    #expect(keys.believed(3, for: listed.note.hash) == nil)
    #expect(keys.add(publisher: SigningKey.generate().verifyingKey) == 3)
    #expect(keys.add(publisher: SigningKey.generate().verifyingKey, above: 6) == 7)
  }
}
