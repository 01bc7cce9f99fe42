import Record
import Sodium
import Testing

struct KitNoteTests {
  private let quorums = [(1, ["a"]), (2, ["a", "b"]), (2, ["a", nil, "c"]), (16, (1...16).map { "age1\($0)" })]

  private func signed(_ note: KitNote) throws -> SealedNote {
    try note.signed(in: Sample.vault, with: FieldSample.publisher)
  }

  @Test func everyKitsPapersReadBack() throws {
    for (threshold, recipients) in quorums {
      let quorum = try KitNote.Quorum(policy: Sample.hash("p"), threshold: threshold, recipients: recipients)
      let form = threshold == 1 ? [] : [(name: "place", question: "قەيەردە؟"), (name: "when", question: "Когда?")]
      let sealed = try signed(FieldSample.kitNote(quorum: quorum, form: form))
      let read = try SealedNote(parsing: sealed.encoded.span, as: .kit)
      let note = try KitNote(read.body)
      #expect(try signed(note).encoded == sealed.encoded)
      #expect(
        note.quorum == quorum && note.worker == "dana" && note.rule == .checkpoint && note.form.count == form.count)
      _ = try read.verified(
        as: KeyName.publisher(2, of: Sample.vault), by: FieldSample.publisher.verifyingKey)
    }
  }

  @Test(
    arguments: [
      (1, []), (0, ["a"]), (2, ["a"]), (1, ["a", "b"]), (3, ["a", "b"]), (2, ["a", nil]), (1, [nil]),
      (2, (1...17).map { "a\($0)" }),
    ] as [(Int, [String?])])
  func whatIsNoQuorumIsRefused(threshold: Int, recipients: [String?]) throws {
    #expect(throws: RecordError.field("quorum")) {
      try KitNote.Quorum(policy: Sample.hash("p"), threshold: threshold, recipients: recipients)
    }
  }

  @Test(arguments: [
    "vault", "keys", "publisher", "kit", "worker", "until", "rule", "quorum", "language", "form", "time",
  ])
  func noFieldIsLeftOutOrOfAnotherForm(name: String) throws {
    let quorum = try KitNote.Quorum(policy: Sample.hash("p"), threshold: 2, recipients: ["a", "b"])
    let json = try signed(FieldSample.kitNote(quorum: quorum)).body
    #expect(throws: RecordError.field(name)) { try KitNote(json.with(name, nil)) }
    for value in [.integer(-1), .bool(true), [7]] as [JSON] {
      #expect(throws: RecordError.self) { try KitNote(json.with(name, value)) }
    }
  }

  @Test(
    arguments: [
      ("worker", "Real Name"), ("worker", ""), ("rule", "none"), ("until", "soon"), ("quorum", [:]),
      ("quorum", ["policy": "x", "threshold": 1, "recipients": ["a"]]), ("form", [["name": "n"]]), ("publisher", 0),
    ] as [(String, JSON)])
  func eachFieldHasItsForm(name: String, value: JSON) throws {
    let quorum = try KitNote.Quorum(policy: Sample.hash("p"), threshold: 2, recipients: ["a", "b"])
    let json = try signed(FieldSample.kitNote(quorum: quorum)).body
    #expect(throws: RecordError.self) { try KitNote(json.with(name, value)) }
  }
}
