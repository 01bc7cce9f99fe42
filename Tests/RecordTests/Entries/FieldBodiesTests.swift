import Record
import Sodium
import Testing

struct FieldBodiesTests {
  private static let key = SigningKey.generate().verifyingKey
  private static let kit = KitBody(key: key, until: Sample.time).json
  private static let revoke = KitRevokeBody(kit: KeyHash.of(key), last: .init(number: 4, head: Sample.hash("h"))).json
  private static let intake = IntakeBody(
    kit: KeyHash.of(key), drops: [Sample.hash("a"), Sample.hash("b")], receipt: Sample.hash("r")
  ).json

  private static func worker(case caseID: SHA256Hash?) throws -> JSON {
    WorkerBody(
      kit: KeyHash.of(key), name: try PersonName("dana"), receipts: "age1kit", rule: .checkpoint,
      counsel: Sample.hash("c"), policy: Sample.hash("p"), caseID: caseID
    ).json
  }

  private static func note(_ source: NoteBody.Source, _ reason: String? = "why") -> JSON {
    NoteBody(source: source, record: Sample.record, standing: .quarantined, reason: reason, time: Sample.time).json
  }

  @Test func everyBodyReadsBack() throws {
    #expect(try KitBody(Self.kit).json == Self.kit)
    for json in [Self.revoke, KitRevokeBody(kit: Sample.hash("k"), last: nil).json] {
      #expect(try KitRevokeBody(json).json == json)
    }
    for json in [try Self.worker(case: nil), try Self.worker(case: Sample.hash("case"))] {
      #expect(try WorkerBody(json).json == json)
    }
    let head = EmbeddedNote(try FieldSample.head().signed(with: FieldSample.kit).note)
    let drop = NoteBody.Source.drop(head: head, note: Sample.hash("n"), kit: Sample.hash("k"), number: 3)
    for json in [Self.note(drop), Self.note(drop, nil), Self.note(.unsigned(Sample.hash("f")))] {
      #expect(try NoteBody(json).json == json)
    }
    #expect(try IntakeBody(Self.intake).json == Self.intake)
  }

  @Test(arguments: ["kit", "key", "until"])
  func aKitHasEveryField(name: String) {
    #expect(throws: RecordError.self) { try KitBody(Self.kit.with(name, nil)) }
    #expect(throws: RecordError.self) { try KitBody(Self.kit.with(name, 7)) }
  }

  @Test func aKitIsItsKeysHash() {
    #expect(throws: RecordError.field("kit")) { try KitBody(Self.kit.with("kit", .hash(Sample.hash("other")))) }
  }

  @Test(arguments: ["kit", "last"])
  func aRevocationHasEveryField(name: String) {
    #expect(throws: RecordError.field(name)) { try KitRevokeBody(Self.revoke.with(name, nil)) }
    #expect(throws: RecordError.self) { try KitRevokeBody(Self.revoke.with(name, ["number": 0])) }
  }

  @Test(arguments: ["kit", "name", "receipts", "rule", "counsel", "policy", "case"])
  func aWorkerHasEveryField(name: String) throws {
    let json = try Self.worker(case: nil)
    #expect(throws: RecordError.field(name)) { try WorkerBody(json.with(name, nil)) }
    #expect(throws: RecordError.field(name)) { try WorkerBody(json.with(name, 7)) }
  }

  @Test(arguments: ["source", "record", "standing", "reason", "time"])
  func aNoteHasEveryField(name: String) {
    let json = Self.note(.unsigned(Sample.hash("f")))
    #expect(throws: RecordError.field(name)) { try NoteBody(json.with(name, nil)) }
    #expect(throws: RecordError.self) { try NoteBody(json.with(name, 7)) }
  }

  @Test(arguments: ["kit", "drops", "receipt"])
  func anIntakeHasEveryField(name: String) {
    #expect(throws: RecordError.field(name)) { try IntakeBody(Self.intake.with(name, nil)) }
    #expect(throws: RecordError.field(name)) { try IntakeBody(Self.intake.with(name, [7])) }
  }
}
