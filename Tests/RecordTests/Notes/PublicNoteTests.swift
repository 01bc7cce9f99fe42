import Record
import Sodium
import Testing

struct PublicNoteTests {
  let key = SigningKey.generate()

  @Test func fieldsAndTextReadBack() throws {
    let fields = [
      PublicNote.Field("title", "Иск: дело"), PublicNote.Field("title", "again"), PublicNote.Field("x-y", "v"),
    ]
    for body in ["", "one line\n", "two\n\nparagraphs: with colons\n", "— not a signature\n"] {
      let note = try PublicNote(.case, fields, body: body, as: "p", with: key)
      let bytes = note.encoded
      let read = try PublicNote(parsing: bytes.span, as: .case)
      #expect(read.fields == fields && read.body == body && read.hash == note.hash)
      #expect(read.values("title") == ["Иск: дело", "again"])
      #expect(throws: RecordError.field("title")) { try read.value("title") }
      #expect(throws: RecordError.field("none")) { try read.value("none") }
    }
  }

  @Test(arguments: ["", "a\nb", "a\tb", "\u{7f}"])
  func aValueThatWouldNotReadBackIsRefused(value: String) {
    #expect(throws: RecordError.self) { try PublicNote.text(.case, [PublicNote.Field("title", value)]) }
  }

  @Test(arguments: ["", "Title", "a b", "a:"])
  func aNameThatWouldNotReadBackIsRefused(name: String) {
    #expect(throws: RecordError.self) { try PublicNote.text(.case, [PublicNote.Field(name, "v")]) }
  }

  @Test func aTextEndsInANewline() {
    #expect(throws: RecordError.self) { try PublicNote.text(.case, [], body: "no newline") }
    #expect(throws: RecordError.self) { try PublicNote.text(.case, [], body: "a\rb\n") }
  }
}
