import Sodium
import Testing
import Transparency

@Suite struct VerifiedNoteTests {
  private func verifier(_ name: String, _ seed: UInt8) throws -> NoteVerifier {
    try NoteVerifier(name: name, key: signingKey(seed).verifyingKey)
  }

  /// `signer`'s line with its last byte changed.
  private func broken(_ signature: NoteSignature) throws -> NoteSignature {
    var bytes = signature.signature
    bytes[63] ^= 1
    let line = Base64.encode((signature.keyID + bytes).span, padded: true)
    let note = Array("a\n\n— \(signature.name) ".utf8) + line + [0x0A]
    return try parse(note).signatures[0]
  }

  @Test func keepsTheKnownLinesAndIgnoresTheOthers() throws {
    let note = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
      .adding(signatureBy: "stranger", key: signingKey(9))
      .adding(signatureBy: "b", key: signingKey(2))
    let verified = try note.verified(by: [verifier("b", 2), verifier("x", 3), verifier("a", 1)])
    #expect(try verified.signers == [verifier("a", 1), verifier("b", 2)])
    #expect(verified.signatures.map(\.name) == ["a", "b"])
    #expect(verified.withoutUnknownSignatures.signatures.map(\.name) == ["a", "b"])
    #expect(try verified.hash(signedBy: verifier("b", 2)) == note.hash(with: note.signatures[2]))
    #expect(try verified.hash(signedBy: verifier("x", 3)) == nil)
  }

  @Test func withoutAKnownLineNothingIsBelieved() throws {
    let note = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
    #expect(throws: NoteError.notSigned) { try note.verified(by: []) }
    #expect(throws: NoteError.notSigned) { try note.verified(by: [verifier("a", 2)]) }
    #expect(throws: NoteError.notSigned) { try note.verified(by: [verifier("b", 1)]) }
  }

  @Test func aKnownLineThatIsNotGoodSpoilsTheNote() throws {
    let good = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
    let other = try SignedNote.sign(text: Array("b\n".utf8), name: "b", key: signingKey(2))
    let note = try good.adding(other.signatures[0])
    #expect(try note.verified(by: [verifier("a", 1)]).signers.count == 1)
    #expect(throws: NoteError.badSignature(line: 2)) {
      try note.verified(by: [verifier("a", 1), verifier("b", 2)])
    }
    let flipped = try SignedNote.sign(text: text, name: "x", key: signingKey(8))
      .adding(broken(good.signatures[0]))
    #expect(throws: NoteError.badSignature(line: 2)) { try flipped.verified(by: [verifier("a", 1)]) }
  }

  @Test func aSignatureOfAnotherLengthIsBadNotUnknown() throws {
    let known = try verifier("a", 1)
    let line = Base64.encode((known.keyID + [1, 2, 3]).span, padded: true)
    let note = try parse(text + [0x0A] + Array("— a ".utf8) + line + [0x0A])
    #expect(throws: NoteError.badSignature(line: 1)) { try note.verified(by: [known]) }
  }

  @Test func everyBitOfTextAndSignatureCounts() throws {
    let note = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
    let known = try [verifier("a", 1)]
    var refused = 0
    for index in text.indices.dropLast() {
      var changed = note.encoded
      changed[index] ^= 1
      guard let read = try? parse(changed) else { continue }
      #expect(throws: NoteError.badSignature(line: 1)) { try read.verified(by: known) }
      refused += 1
    }
    #expect(refused > 20)
  }

  @Test func oneKeyHasOneLine() throws {
    let note = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
    let twice = try parse(note.encoded + note.signatures[0].line)
    #expect(throws: NoteError.repeatedSigner(line: 2)) { try twice.verified(by: [verifier("a", 1)]) }
    #expect(throws: NoteError.notSigned) { try twice.verified(by: [verifier("b", 1)]) }
  }

  /// Two spellings of "é": equal to Swift, two names to everybody else.
  @Test func namesAreBytes() throws {
    let composed = try verifier("caf\u{E9}", 1)
    let decomposed = try verifier("cafe\u{301}", 1)
    #expect(composed != decomposed)
    let note = try SignedNote.sign(text: text, name: "caf\u{E9}", key: signingKey(1))
    #expect(throws: NoteError.notSigned) { try note.verified(by: [decomposed]) }
    #expect(try note.verified(by: [composed]).signers == [composed])
  }
}
