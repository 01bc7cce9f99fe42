import Sodium
import Testing

@testable import Record

struct ReceiptNoteTests {
  private func signed(_ note: ReceiptNote) throws -> SealedNote { try note.signed(with: FieldSample.publisher) }

  private let covered = ReceiptNote.Covered(
    checkpoint: "a checkpoint\n",
    proofs: [
      (head: Sample.hash("head 1"), index: 0, path: []), (head: Sample.hash("h"), index: 9, path: [Sample.hash("x")]),
    ])

  private var roster: [EmbeddedNote] {
    get throws { [EmbeddedNote(try FieldSample.head().signed(with: FieldSample.kit).note)] }
  }

  @Test func everyReceiptReadsBack() throws {
    for note in [FieldSample.receipt(), FieldSample.receipt(covered: covered, roster: try roster)] {
      let sealed = try signed(note)
      let read = try SealedNote(parsing: sealed.encoded.span, as: .receipt)
      let again = try ReceiptNote(read.body)
      #expect(try signed(again).encoded == sealed.encoded)
      #expect(
        again.drops == note.drops && again.roster == note.roster
          && again.covered?.proofs.count == note.covered?.proofs.count)
    }
  }

  @Test(arguments: ["vault", "kit", "publisher", "drops", "keys", "covered", "roster", "time"])
  func noFieldIsLeftOutOrOfAnotherForm(name: String) throws {
    let json = try signed(FieldSample.receipt(covered: covered, roster: roster)).body
    #expect(throws: RecordError.field(name)) { try ReceiptNote(json.with(name, nil)) }
    for value in [.string("x"), .integer(-1), .bool(true), [7]] as [JSON] {
      #expect(throws: RecordError.self) { try ReceiptNote(json.with(name, value)) }
    }
  }

  @Test(arguments: ["number", "head", "object"])
  func everyDropIsNamedInFull(name: String) throws {
    let json = try signed(FieldSample.receipt()).body
    let drop = try #require(json["drops"]?.list?.first)
    #expect(throws: RecordError.field(name)) { try ReceiptNote(json.with("drops", [drop.with(name, nil)])) }
  }

  @Test(
    arguments: [
      [:], ["checkpoint": "c"], ["proofs": []],
      ["checkpoint": "c", "proofs": [["head": "x", "index": 0, "path": []]]],
      ["checkpoint": 1, "proofs": []],
    ] as [JSON])
  func proofsHaveTheirForm(covered: JSON) throws {
    let json = try signed(FieldSample.receipt()).body
    #expect(throws: RecordError.self) { try ReceiptNote(json.with("covered", covered)) }
  }

  @Test func anIndexIsNotNegative() throws {
    let json = try signed(FieldSample.receipt(covered: covered)).body
    let proof: JSON = ["head": .hash(Sample.hash("h")), "index": -1, "path": []]
    #expect(throws: RecordError.field("index")) {
      try ReceiptNote(json.with("covered", ["checkpoint": "c", "proofs": [proof]]))
    }
  }
}
