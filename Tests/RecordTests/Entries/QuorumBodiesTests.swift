import Record
import Sodium
import Testing

struct QuorumBodiesTests {
  private func hashes(_ count: Int) -> [SHA256Hash] { (0..<count).map { Sample.hash("custodian \($0)") } }

  @Test func everyPolicyReadsBack() throws {
    for count in 2...16 {
      for threshold in 2...count {
        for previous in [nil, Sample.hash("previous")] {
          let body = try QuorumBody(
            threshold: threshold, custodians: hashes(count), isAlone: false, previous: previous)
          let read = try QuorumBody(JSON(parsing: body.json.printed().span))
          #expect(read == body && read.json == body.json)
        }
      }
    }
    let alone = try QuorumBody(threshold: 1, custodians: hashes(1), isAlone: true, previous: nil)
    #expect(try QuorumBody(alone.json) == alone)
  }

  @Test(arguments: [
    (0, 3, false), (1, 3, false), (4, 3, false), (1, 1, false), (2, 1, false), (2, 1, true), (1, 2, true), (2, 2, true),
    (0, 1, true),
  ])
  func aThresholdFits(threshold: Int, count: Int, isAlone: Bool) throws {
    #expect(throws: RecordError.field("threshold")) {
      try QuorumBody(threshold: threshold, custodians: hashes(count), isAlone: isAlone, previous: nil)
    }
    #expect(throws: RecordError.field("threshold")) {
      try QuorumBody(json(threshold: .integer(Int64(threshold)), hashes(count), alone: .bool(isAlone)))
    }
  }

  @Test func custodiansAreOneToSixteenEachOnce() throws {
    for custodians in [[], hashes(17), hashes(3) + hashes(1)] {
      #expect(throws: RecordError.field("custodians")) {
        try QuorumBody(threshold: 2, custodians: custodians, isAlone: false, previous: nil)
      }
      #expect(throws: RecordError.field("custodians")) { try QuorumBody(json(custodians)) }
    }
  }

  private func json(
    threshold: JSON = 2, _ custodians: [SHA256Hash], alone: JSON = .bool(false), previous: JSON = .null
  ) -> JSON {
    ["threshold": threshold, "custodians": .hashes(custodians), "alone": alone, "previous": previous]
  }

  @Test func fieldsHaveTheirForm() throws {
    for threshold in [-1, Int64.min, Int64.max, 1_000_001].map(JSON.integer) + ["2", .null, .bool(true)] {
      #expect(throws: RecordError.field("threshold")) { try QuorumBody(json(threshold: threshold, hashes(3))) }
    }
    #expect(throws: RecordError.field("alone")) { try QuorumBody(json(hashes(3), alone: 1)) }
    #expect(throws: RecordError.field("previous")) { try QuorumBody(json(hashes(3), previous: "x")) }
    #expect(throws: RecordError.field("body")) { try QuorumBody([]) }
    let upper = Sample.hash("x").description.uppercased()
    #expect(throws: RecordError.field("previous")) { try QuorumBody(json(hashes(3), previous: .string(upper))) }
  }

  @Test(arguments: ["threshold", "custodians", "alone", "previous"])
  func noFieldIsLeftOut(name: String) throws {
    let members = try #require(json(hashes(3)).members).filter { $0.key != name }
    #expect(throws: RecordError.field(name)) {
      try QuorumBody(.object(JSONObject(members.map { ($0.key, $0.value) })))
    }
  }

  /// A later version may say more.
  @Test func unknownFieldsAreLetBe() throws {
    let members = try #require(json(hashes(3)).members).map { ($0.key, $0.value) } + [("later", .integer(1))]
    #expect(try QuorumBody(.object(JSONObject(members))).custodians == hashes(3))
  }

  @Test func theOthersReadBack() throws {
    let accept = AcceptBody(policy: Sample.hash("p"))
    #expect(try AcceptBody(accept.json).policy == accept.policy)
    let replace = ReplaceBody(
      policy: Sample.hash("p"), number: 16, successor: Sample.hash("s"), locks: [Sample.hash("a"), Sample.hash("b")])
    #expect(try ReplaceBody(replace.json).json == replace.json)
    let drill = DrillBody(policy: Sample.hash("p"), request: Sample.hash("r"), approvers: hashes(3))
    #expect(try DrillBody(drill.json).json == drill.json)
    for number in [0, -1, Int64.max] {
      let json: JSON = [
        "policy": .hash(Sample.hash("p")), "number": .integer(number), "to": .hash(Sample.hash("s")), "locks": [],
      ]
      #expect(throws: RecordError.field("number")) { try ReplaceBody(json) }
    }
    #expect(throws: RecordError.field("quorum")) { try AcceptBody(["quorum": .null]) }
    #expect(throws: RecordError.field("approvers")) {
      try DrillBody(["policy": .hash(Sample.hash("p")), "request": .hash(Sample.hash("r")), "approvers": "x"])
    }
  }
}
