import Sodium
import Testing

@testable import Record

struct DropHeadTests {
  @Test func everyHeadReadsBack() throws {
    for head in [
      try FieldSample.head(), try FieldSample.head(number: 1, previous: nil, void: [], more: []),
      try FieldSample.head(number: 1_000_000, void: Array(1...DropHead.mostVoid), corrects: Sample.hash("earlier")),
    ] {
      let read = try DropHead(JSON(parsing: head.json.printed().span))
      #expect(read.json == head.json)
      #expect(read.record == head.record && read.files == head.files && read.kit == head.origin.author)
      #expect(
        read.manifest(in: Sample.hash("case")).json(vault: Sample.vault)
          == head.manifest(in: Sample.hash("case")).json(vault: Sample.vault))
    }
  }

  @Test(arguments: [
    "vault", "kit", "number", "previous", "void", "origin", "time", "layers", "policy", "commitments", "root", "locks",
    "objects", "corrects",
  ])
  func noFieldIsLeftOutOrOfAnotherForm(name: String) throws {
    let json = try FieldSample.head().json
    #expect(throws: RecordError.field(name)) { try DropHead(json.with(name, nil)) }
    for value in [.string("x"), .integer(-1), .bool(true), [:], [7]] as [JSON] {
      #expect(throws: RecordError.self, "\(value)") { try DropHead(json.with(name, value)) }
    }
  }

  @Test(
    arguments: [
      [3], [0], [-1], [1, 1], [2, 1], ["1"], [4], [.integer(.max)],
      .array((1...1001).map { .integer($0) }),
    ] as [JSON])
  func voidNumbersAreAscendingBelowItsOwnAndFew(void: JSON) throws {
    let number: Int64 = void.list?.count == 1001 ? 5000 : 3
    let json = try FieldSample.head().json.with("number", .integer(number)).with("void", void)
    #expect(throws: RecordError.field("void")) { try DropHead(json) }
  }

  @Test(arguments: [0, -1, 1_000_001, .max] as [Int64])
  func numbersHaveTheirRange(number: Int64) throws {
    let json = try FieldSample.head().json.with("number", .integer(number)).with("void", [])
    #expect(throws: RecordError.field("number")) { try DropHead(json) }
  }

  @Test func itsOriginIsItsKit() throws {
    #expect(throws: RecordError.origin) {
      try DropHead(FieldSample.head().json.with("kit", .hash(Sample.hash("another kit"))))
    }
  }

  @Test func theRootIsThatOfTheFive() throws {
    #expect(throws: RecordError.commitment) {
      try DropHead(FieldSample.head().json.with("root", .hash(Sample.hash("x"))))
    }
  }

  @Test func objectsAreSortedOnceEachAndHoldTheLayersAndNotTheLocks() throws {
    let json = try FieldSample.head().json
    let good = try #require(json["objects"]?.list)
    let layer = try #require(json["layers"]?["identity"]?["object"])
    for wrong in [
      good.reversed(), good + [good[good.count - 1]], good.filter { $0 != layer }, [],
      (good + [.hash(Sample.hash("locks"))]).sorted { ($0.text ?? "") < ($1.text ?? "") },
      (0...DropHead.mostObjects).map { JSON.hash(Sample.hash("\($0)")) },
    ] {
      #expect(throws: RecordError.field("objects")) { try DropHead(json.with("objects", .array(wrong))) }
    }
  }

  @Test func onlyTheKitsOwnSignatureForThisVaultCounts() throws {
    let head = try FieldSample.head()
    let signed = try head.signed(with: FieldSample.kit)
    let key = FieldSample.kit.verifyingKey
    let drop = try VerifiedDrop(parsing: signed.encoded.span, vault: Sample.vault, key: key)
    #expect(drop.note == signed.ownHash && drop.head.record == head.record)
    #expect(try drop.embedded.encoded == signed.encoded)
    #expect(signed.encoded.count == 16 << 10)
    #expect(throws: RecordError.otherVault) {
      try VerifiedDrop(parsing: signed.encoded.span, vault: Sample.record, key: key)
    }
    let other = SigningKey.generate()
    #expect(throws: RecordError.signature) {
      try VerifiedDrop(parsing: signed.encoded.span, vault: Sample.vault, key: other.verifyingKey)
    }
    // Signed by somebody else in the kit's name.
    let forged = try head.signed(with: other)
    #expect(throws: RecordError.signature) {
      try VerifiedDrop(parsing: forged.encoded.span, vault: Sample.vault, key: key)
    }
    // Signed by the kit as something else.
    let outbox = try SealedNote.sign(
      .outbox, head.json, as: KeyName.kit(of: Sample.vault), with: FieldSample.kit, size: .entry)
    #expect(throws: RecordError.kind(expected: .drop)) {
      try VerifiedDrop(parsing: outbox.encoded.span, vault: Sample.vault, key: key)
    }
  }
}
