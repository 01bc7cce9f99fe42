import Sodium
import Testing
import Transparency

@Suite struct SignedNoteParserTests {
  private let line = "— a AAAAAAE=\n"

  @Test(arguments: [
    ("", NoteError.noSignatures), ("\n", .noSignatures), ("\n\n", .noSignatures), ("a\n", .noSignatures),
    ("a\n\n", .noSignatures), ("a\n— a AAAAAAE=\n", .noSignatures),
    ("a\n\n— a AAAAAAE=", .malformedSignature(line: 1)),
    ("a\n\n— a AAAAAAE=\n— b AAAAAAE=", .malformedSignature(line: 2)),
    ("a\n\n— a AAAAAAE=\nx\n", .malformedSignature(line: 2)),
    ("a\n\n— a AAAAAAE=\n\n", .noSignatures),
    ("a\n\n- a AAAAAAE=\n", .malformedSignature(line: 1)),
    ("a\n\n—a AAAAAAE=\n", .malformedSignature(line: 1)),
    ("a\n\n— AAAAAAE=\n", .malformedSignature(line: 1)),
    ("a\n\n—  AAAAAAE=\n", .malformedSignature(line: 1)),
    ("a\n\n— a  AAAAAAE=\n", .malformedSignature(line: 1)),
    ("a\n\n— a AAAAAAE= \n", .malformedSignature(line: 1)),
    ("a\n\n— a+b AAAAAAE=\n", .malformedSignature(line: 1)),
    ("a\n\n— a\u{A0}b AAAAAAE=\n", .malformedSignature(line: 1)),
    ("a\n\n— a AAAAAAF=\n", .malformedSignature(line: 1)),  // bits behind the last byte
    ("a\n\n— a AAAAAA==\n", .malformedSignature(line: 1)),  // an id without a signature
    ("a\n\n— a \n", .malformedSignature(line: 1)),
    ("a\n\n—\n", .malformedSignature(line: 1)),
    ("a\r\n\n— a AAAAAAE=\n", .controlCharacter(offset: 1)),
    ("a\n\n— a AAAAAAE=\r\n", .controlCharacter(offset: 17)),
    ("a\u{0}\n\n— a AAAAAAE=\n", .controlCharacter(offset: 1)),
  ])
  func refuses(note: String, error: NoteError) {
    #expect(throws: error) { try parse(Array(note.utf8)) }
  }

  @Test func refusesWhatIsNotUTF8() {
    let surrogate: [UInt8] = [0x61, 0xED, 0xA0, 0x80, 0x0A, 0x0A]
    #expect(throws: NoteError.notUTF8(offset: 1)) { try parse(surrogate + Array(line.utf8)) }
    #expect(throws: NoteError.notUTF8(offset: 3)) {
      try parse(Array("a\n\n".utf8) + [0xE2, 0x80] + Array(" a AAAAAAE=\n".utf8))
    }
  }

  @Test func readsSixteenSignaturesAndNotSeventeen() throws {
    let note = try parse(Array(("a\n\n" + String(repeating: line, count: 16)).utf8))
    #expect(note.signatures.count == 16)
    #expect(throws: NoteError.tooManySignatures) {
      try note.adding(signatureBy: "new", key: signingKey(1))
    }
    #expect(throws: NoteError.tooManySignatures) {
      try parse(Array(("a\n\n" + String(repeating: line, count: 17)).utf8))
    }
  }

  @Test func takesASignatureOfFiveKilobytesAndRefusesAnEndlessOne() throws {
    func note(_ count: Int) -> [UInt8] {
      let signature = Base64.encode([UInt8](repeating: 1, count: count).span, padded: true)
      return Array("a\n\n— a ".utf8) + signature + [0x0A]
    }
    #expect(try parse(note(5000)).signatures[0].signature.count == 4996)
    #expect(throws: NoteError.malformedSignature(line: 1)) { try parse(note(16 << 10)) }
  }

  /// Whatever one byte becomes, the note is refused or is printed as it was read.
  @Test func everyOneByteChangeIsRefusedOrComesBack() throws {
    let whole = try SignedNote.sign(text: text, name: "a", key: signingKey(1)).encoded
    var read = 0
    for index in whole.indices {
      for byte in UInt8.min...UInt8.max where byte != whole[index] {
        var changed = whole
        changed[index] = byte
        guard let note = try? parse(changed) else { continue }
        read += 1
        if note.encoded != changed { Issue.record("byte \(byte) at \(index)") }
      }
    }
    #expect(read > 1000)
  }

  @Test func everyBeginningIsRefused() {
    let whole = Array(sampleNote.utf8)
    for count in 0..<whole.count {
      #expect(throws: NoteError.self) { try parse(Array(whole[..<count])) }
    }
  }
}
