import Sodium
import Testing
import Transparency

/// The example of c2sp.org/signed-note.
let sampleNote = """
  Ognuno sta solo sul cuor della terra
  trafitto da un raggio di sole:

  ed è subito sera.

  — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

  """

let text = Array("testimony-vault/entry/v1\n{\"a\":1}\n".utf8)

func signingKey(_ seed: UInt8) -> SigningKey {
  SigningKey(seed: Secret(copying: [UInt8](repeating: seed, count: 32).span))
}

func parse(_ bytes: [UInt8]) throws(NoteError) -> SignedNote {
  try SignedNote(parsing: bytes.span)
}

@Suite struct SignedNoteTests {
  @Test func readsTheSampleOfTheSpecification() throws {
    let note = try parse(Array(sampleNote.utf8))
    #expect(String(decoding: note.text, as: UTF8.self).hasSuffix("sole:\n\ned è subito sera.\n"))
    #expect(note.signatures.count == 1)
    #expect(note.signatures[0].name == "quasimodo.example/salvatore")
    #expect(note.signatures[0].keyID == [0x36, 0x7B, 0xA0, 0x4B])
    #expect(note.signatures[0].signature.count == 64)
    #expect(note.encoded == Array(sampleNote.utf8))
  }

  /// The example of Go's golang.org/x/mod/sumdb/note: name, key id, 0x01 and the key.
  @Test func verifiesAnothersNote() throws {
    let note = """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.

      — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

      """
    let decoded = Base64.decode(Array("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".utf8).span, padded: true)
    let key = try #require(decoded)
    let verifyingKey = try #require(VerifyingKey(bytes: Array(key.dropFirst())))
    let verifier = try NoteVerifier(name: "PeterNeumann", key: verifyingKey)
    #expect(verifier.keyID == [0xC7, 0x4F, 0x20, 0xA3])
    #expect(try parse(Array(note.utf8)).verified(by: [verifier]).signers == [verifier])
  }

  @Test func whatIsSignedIsReadBackAndVerifies() throws {
    let signed = try SignedNote.sign(text: text, name: "a/b", key: signingKey(1))
      .adding(signatureBy: "c", key: signingKey(2))
    let read = try parse(signed.encoded)
    #expect(read == signed)
    let verifiers = try [NoteVerifier(name: "c", key: signingKey(2).verifyingKey)]
    #expect(try read.verified(by: verifiers).signers == verifiers)
  }

  @Test func theSameSignatureIsAddedOnce() throws {
    let signed = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
    #expect(try signed.adding(signatureBy: "a", key: signingKey(1)) == signed)
  }

  @Test func hashesAreOverTheirParts() throws {
    let signed = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
    #expect(signed.textHash == SHA256Hash(of: text))
    #expect(signed.hash(with: signed.signatures[0]) == SHA256Hash(of: signed.encoded))
    let both = try signed.adding(signatureBy: "b", key: signingKey(2))
    #expect(both.hash(with: both.signatures[0]) == signed.hash(with: signed.signatures[0]))
    #expect(both.hash(with: both.signatures[1]) != signed.hash(with: signed.signatures[0]))
  }

  @Test func textsThatAreNoneAreNotSigned() {
    func signing(_ text: [UInt8]) throws {
      _ = try SignedNote.sign(text: text, name: "a", key: signingKey(1))
    }
    #expect(throws: NoteError.unterminatedText) { try signing([]) }
    #expect(throws: NoteError.unterminatedText) { try signing(Array("a".utf8)) }
    #expect(throws: NoteError.controlCharacter(offset: 1)) { try signing(Array("a\tb\n".utf8)) }
    #expect(throws: NoteError.controlCharacter(offset: 1)) { try signing(Array("a\r\n".utf8)) }
    // Wherever it stands among others that are fine, newlines and high letters among them.
    let plain = Array("testimony — 審問\n\u{7F} ~ \n\n куәлік           \n".utf8)
    #expect(throws: Never.self) { try signing(plain) }
    for offset in plain.indices where plain[offset] < 0x80 && offset < plain.count - 1 {
      for control: UInt8 in [0x00, 0x01, 0x09, 0x0B, 0x1F] {
        var wrong = plain
        wrong[offset] = control
        #expect(throws: NoteError.controlCharacter(offset: offset)) { try signing(wrong) }
      }
    }
    #expect(throws: NoteError.notUTF8(offset: 1)) { try signing([0x61, 0xFF, 0x0A]) }
    #expect(throws: Never.self) { try signing([0x0A]) }
    #expect(throws: Never.self) { try signing(Array("\u{7F}\u{85}\n\n\n".utf8)) }
  }

  @Test func textsThatEndInEmptyLinesComeBack() throws {
    for ending in ["\n", "\n\n", "\n\n\n", "\n— a b\n", "\n\n— a b\n"] {
      let note = try SignedNote.sign(text: Array("x\(ending)".utf8), name: "a", key: signingKey(1))
      #expect(try parse(note.encoded) == note)
    }
  }

  @Test(arguments: ["", "a b", "a+b", "a\u{A0}b", "a\u{3000}", "a\nb", "\u{2028}", "a\u{85}", "a\u{1F}"])
  func refusesNames(name: String) {
    #expect(throws: NoteError.malformedName) { try NoteVerifier(name: name, key: signingKey(1).verifyingKey) }
    #expect(throws: NoteError.malformedName) {
      try SignedNote.sign(text: text, name: name, key: signingKey(1))
    }
  }
}
