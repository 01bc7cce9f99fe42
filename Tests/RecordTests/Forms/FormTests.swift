import Record
import Testing

struct FormTests {
  static func parse(_ text: String, _ kind: FormKind = .testimony) throws -> JSON {
    let bytes = Array(text.utf8)
    return try Form.parse(bytes.span, as: kind)
  }

  @Test(arguments: FormKind.allCases)
  func aFilledTemplateReadsBackAndAnEmptyOneIsRefused(kind: FormKind) throws {
    #expect(throws: Form.Failure.empty) { try Self.parse(kind.template, kind) }
    var filled = kind.template
    for field in kind.fields {
      filled = filled.replacing("\n\(field.name):\n", with: "\n\(field.name): value of \(field.name)\n")
    }
    let read = try Self.parse(filled + "First line.\n\nSecond: line\n", kind)
    for field in kind.fields { #expect(read[field.name] == .string("value of \(field.name)"), "\(field.name)") }
    #expect(read[kind.textName] == "First line.\n\nSecond: line")
    #expect(read.members?.count == kind.fields.count + 1)
  }

  @Test func plainTextIsKeptAsItIs() throws {
    #expect(try Self.parse("  Что я видел.\r\n\n") == ["statement": "  Что я видел.\r\n\n"])
    #expect(try Self.parse("\u{feff}text", .identity) == ["notes": "text"])
  }

  @Test func fieldsMayRepeatAndUnknownOnesAreKept() throws {
    let read = try Self.parse(
      "# testimony form: testimony\r\nsource: S-1\r\nmine: a\nmine: b\n# no\n--- other\nx\n--- statement\ny\n--- z\n")
    #expect(read == ["source": "S-1", "mine": ["a", "b"], "other": "x", "statement": "y\n--- z"])
  }

  @Test func jsonIsTakenAsItIs() throws {
    #expect(try Self.parse(#" {"a":{"b":[1]}}"#) == ["a": ["b": [1]]])
    #expect(throws: Form.Failure.self) { try Self.parse(#"{"a":1,"a":2}"#) }
    #expect(throws: Form.Failure.otherForm(.identity)) { try Self.parse(#"{"form":"identity"}"#, .summary) }
  }

  @Test func anotherFormIsRefused() {
    #expect(throws: Form.Failure.otherForm(.identity)) { try Self.parse(FormKind.identity.template, .summary) }
  }

  @Test func whatIsNoTextIsRefused() {
    let samples: [[UInt8]] = [[0xff, 0xfe, 0x41, 0], [0x41, 0], [0xc3, 0x28]]
    for bytes in samples {
      #expect(throws: Form.Failure.notText) { try Form.parse(bytes.span, as: .testimony) }
    }
    for text in ["", " \n\t\n"] { #expect(throws: Form.Failure.empty) { try Self.parse(text) } }
    #expect(throws: Form.Failure.line(3)) { try Self.parse("# testimony form: testimony\nsource: a\nno colon\n") }
  }
}
