import Record
import Sodium
import Testing
import Transparency

struct SealedNoteTests {
  let key = SigningKey.generate()

  @Test(arguments: [0, 1, 100, 15_900, 16_300, 40_000])
  func aNoteFillsItsClassAndReadsBack(length: Int) throws {
    let body: JSON = ["text": .string(String(repeating: "x", count: length))]
    let note = try SealedNote.sign(.entry, body, as: "a/member", with: key, size: .entry)
    var size = 16_384
    while size < length + 150 { size *= 2 }
    #expect(note.encoded.count == size)
    let read = try SealedNote(parsing: note.encoded.span, as: .entry)
    #expect(read.body == body)
    let hash = try read.verified(as: "a/member", by: key.verifyingKey)
    // The whole plaintext is the text, the empty line and the one signature line: what the note hash is over.
    #expect(hash == SHA256Hash(of: note.encoded))
  }

  @Test func anotherNameKeyOrKindIsRefused() throws {
    let note = try SealedNote.sign(.entry, [:], as: "a/member", with: key, size: .entry)
    #expect(throws: RecordError.signature) { try note.verified(as: "b/member", by: key.verifyingKey) }
    let other = SigningKey.generate()
    #expect(throws: RecordError.signature) { try note.verified(as: "a/member", by: other.verifyingKey) }
    let bytes = note.encoded
    #expect(throws: RecordError.kind(expected: .locks)) { try SealedNote(parsing: bytes.span, as: .locks) }
  }

  @Test func aForeignSignatureLineMakesNoOtherNote() throws {
    let note = try SealedNote.sign(.entry, [:], as: "a/member", with: key, size: .entry)
    let foreign = try note.note.adding(signatureBy: "somebody/else", key: SigningKey.generate()).encoded
    let read = try SealedNote(parsing: foreign.span, as: .entry)
    #expect(
      try read.verified(as: "a/member", by: key.verifyingKey) == note.verified(as: "a/member", by: key.verifyingKey))
  }

  @Test(arguments: [
    "testimony-vault/entry/v1\n{\"a\":1,\"a\":2}\n", "testimony-vault/entry/v1\n[]\n",
    "testimony-vault/entry/v1\n{}\n{}\n",
    "testimony-vault/entry/v2\n{}\n", "testimony-vault/entry/v1\n", "{}\n",
  ])
  func aTextThatIsNotOneObjectOfTheKindIsRefused(text: String) throws {
    let bytes = try Self.signed(text, key)
    #expect(throws: RecordError.self) { try SealedNote(parsing: bytes.span, as: .entry) }
  }

  static func signed(_ text: String, _ key: SigningKey) throws -> [UInt8] {
    try SignedNote.sign(text: Array(text.utf8), name: "a/member", key: key).encoded
  }
}
