import Foundation
import Sodium
import Testing

@testable import Record

struct EmbeddedNoteTests {
  private let key = SigningKey.generate()

  private func note(_ body: JSON, size: SizeClass = .entry) throws -> SealedNote {
    try SealedNote.sign(.drop, body, as: KeyName.kit(of: Sample.vault), with: key, size: size)
  }

  private func carried(_ note: SealedNote) throws -> EmbeddedNote {
    let text = EmbeddedNote(note.note).json.printed()
    return try EmbeddedNote(Fields(JSON(parsing: text.span), "head"))
  }

  @Test(
    arguments: [
      [:], ["a": "b"], ["text": "two\n\nlines\\ \u{2014} and spaces   "], ["k": .array([1, true, .null])],
    ] as [JSON])
  func theSignedBytesComeBackExactly(body: JSON) throws {
    let sealed = try note(body)
    let read = try carried(sealed)
    let bytes = try read.encoded
    #expect(bytes == sealed.encoded)
    let again = try SealedNote(parsing: bytes.span, as: .drop)
    #expect(try again.verified(as: KeyName.kit(of: Sample.vault), by: key.verifyingKey) == sealed.ownHash)
  }

  /// Whatever is left to pad, from none to a whole class.
  @Test func everyAmountOfPaddingComesBack() throws {
    for length in (15_900...16_100).map({ $0 }) + [0, 1] {
      let sealed = try note(["t": .string(String(repeating: "x", count: length))])
      #expect(try carried(sealed).encoded == sealed.encoded, "\(length)")
    }
  }

  @Test func itIsAsSmallAsWhatIsSaid() throws {
    #expect(EmbeddedNote(try note(["a": "b"]).note).json.printed().count < 400)
  }

  @Test func aForeignSignatureLineIsCarriedAlong() throws {
    let sealed = try note(["a": "b"])
    let line = "\u{2014} somebody " + Data(repeating: 1, count: 68).base64EncodedString() + "\n"
    let bytes = sealed.encoded + Array(line.utf8)
    let more = try SealedNote(parsing: bytes.span, as: .drop)
    #expect(try carried(more).encoded == bytes)
  }

  @Test(
    arguments: [
      ["text": "a\n\nb"], ["spaces": 3], ["text": 1, "spaces": 3], ["text": "a\n\nb", "spaces": -1],
      ["text": "a\n\nb", "spaces": .integer(1 << 40)], ["text": "a\n\nb", "spaces": "3"],
    ] as [JSON])
  func malformedOnesAreRefused(json: JSON) {
    #expect(throws: RecordError.self) { try EmbeddedNote(Fields(json, "head")) }
  }

  @Test(arguments: ["", "\n", "no empty line\n", "\n\n"])
  func whatIsNoNoteHasNoBytesOfOne(text: String) throws {
    let one = try EmbeddedNote(Fields(["text": .string(text), "spaces": 1], "head"))
    #expect(throws: RecordError.self) {
      let bytes = try one.encoded
      _ = try SealedNote(parsing: bytes.span, as: .drop)
    }
  }
}
