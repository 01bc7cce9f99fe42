import Record
import Sodium
import Testing

struct RequestBodiesTests {
  private func body(
    identities: [RequestBody.Identity] = [Sample.requestedIdentity()], length: Int64? = nil, isDrill: Bool = false,
    split: SHA256Hash? = nil
  ) -> RequestBody {
    RequestBody(
      origin: Origin(author: Sample.hash("author"), nonce: .random()), record: Sample.record, identities: identities,
      purpose: "the court's order of 3 May",
      order: length.map {
        RequestBody.Order(object: Sample.hash("order"), length: $0, name: "order.pdf", key: "AGE-SECRET-KEY-1")
      }, recipient: "age1fresh", until: Sample.time, isDrill: isDrill, split: split)
  }

  /// The body with one field changed, or left out.
  private func changed(_ json: JSON, _ name: String, _ value: JSON?) throws -> JSON {
    let members = try #require(json.members).filter { $0.key != name }.map { ($0.key, $0.value) }
    return .object(JSONObject(members + (value.map { [(name, $0)] } ?? [])))
  }

  @Test func everyRequestReadsBack() throws {
    for one in [
      body(), body(length: 0), body(length: RequestBody.Order.largest, isDrill: true, split: Sample.hash("policy")),
      body(identities: ["a", "b", "c"].map { Sample.requestedIdentity($0) }),
    ] {
      let json = one.json(vault: Sample.vault)
      let read = try RequestBody(JSON(parsing: json.printed().span), vault: Sample.vault)
      #expect(read.json(vault: Sample.vault) == json && read.id(in: Sample.vault) == one.id(in: Sample.vault))
      #expect(read.identities == one.identities && read.order == one.order)
    }
  }

  @Test func theIdFollowsFromTheOriginAndTheVault() throws {
    let json = body().json(vault: Sample.vault)
    #expect(throws: RecordError.origin) { try RequestBody(json, vault: Sample.record) }
    #expect(throws: RecordError.origin) {
      try RequestBody(changed(json, "request", .hash(Sample.hash("x"))), vault: Sample.vault)
    }
  }

  @Test(arguments: [
    "request", "origin", "record", "identities", "purpose", "order", "recipient", "until", "drill", "split",
  ])
  func noFieldIsLeftOut(name: String) throws {
    let json = body().json(vault: Sample.vault)
    #expect(throws: RecordError.field(name)) { try RequestBody(changed(json, name, nil), vault: Sample.vault) }
    #expect(throws: RecordError.self) { try RequestBody(changed(json, name, 7), vault: Sample.vault) }
  }

  @Test func unknownFieldsAreLetBe() throws {
    let json = try changed(body().json(vault: Sample.vault), "later", 1)
    #expect(try RequestBody(json, vault: Sample.vault).purpose == "the court's order of 3 May")
  }

  @Test func identitiesAreNamedOnceAndThereIsOne() throws {
    for identities in [[], [Sample.requestedIdentity(), Sample.requestedIdentity()]] {
      #expect(throws: RecordError.field("identities")) {
        try RequestBody(body(identities: identities).json(vault: Sample.vault), vault: Sample.vault)
      }
    }
  }

  @Test(arguments: [
    ("set", 32768), ("set", -1), ("set", Int64.max), ("version", 0), ("version", 1_000_001), ("version", Int64.max),
  ])
  func numbersHaveTheirRange(name: String, value: Int64) throws {
    let json = body().json(vault: Sample.vault)
    let one = try #require(json["identities"]?.list?.first)
    let wrong = try changed(json, "identities", [changed(one, name, .integer(value))])
    #expect(throws: RecordError.field(name)) { try RequestBody(wrong, vault: Sample.vault) }
  }

  @Test func anOrderIsAtMost16MiB() throws {
    for length in [RequestBody.Order.largest + 1, Int64.max] {
      #expect(throws: RecordError.field("order")) {
        try RequestBody(body(length: length).json(vault: Sample.vault), vault: Sample.vault)
      }
    }
    #expect(throws: RecordError.field("length")) {
      try RequestBody(body(length: -1).json(vault: Sample.vault), vault: Sample.vault)
    }
  }

  @Test func answersReadBack() throws {
    for shares in [[], [0], Array(0...255)] as [[UInt8]] {
      let approval = ApproveBody(request: Sample.hash("q"), shares: shares)
      let read = try ApproveBody(JSON(parsing: approval.json.printed().span))
      #expect(read.shares == shares && read.request == approval.request)
    }
    #expect(throws: RecordError.field("shares")) {
      try ApproveBody(["request": .hash(Sample.hash("q")), "shares": "AA"])
    }
    let denial = DenyBody(request: Sample.hash("q"), reason: "too wide\n")
    #expect(try DenyBody(denial.json).json == denial.json)
    #expect(try CancelBody(CancelBody(request: Sample.hash("q")).json).request == Sample.hash("q"))
    #expect(throws: RecordError.field("reason")) { try DenyBody(["request": .hash(Sample.hash("q"))]) }
    #expect(throws: RecordError.field("request")) { try CancelBody(["request": "q"]) }
  }
}
