import Record
import Sodium
import Testing

struct EntryTests {
  let key = SigningKey.generate()

  @Test func everyFieldReadsBack() throws {
    let link = Entry.Link(seq: 4, note: Sample.hash("n"), file: Sample.hash("f"))
    let entry = Entry(
      vault: Sample.vault, type: .seal, author: KeyHash.of(key.verifyingKey), chain: Array(0..<16), seq: 5,
      prev: (link, Sample.address), backSame: link, backMembers: nil, roster: [Sample.hash("a")],
      seen: [Sample.hash("b"), Sample.hash("c")], void: [Sample.hash("d")], time: Sample.time, to: Sample.address,
      content: .parsed(["x": 1]))
    let read = try Entry(entry.json())
    #expect(try read.json() == entry.json())
    #expect(read.prev?.link == link && read.backSame == link && read.backMembers == nil)
    #expect(read.void == [Sample.hash("d")] && read.seen.count == 2 && read.seq == 5)
  }

  /// Entries that were cut between intent and file leave a hole: the next one has no predecessor, and a higher seq.
  @Test func anEntryBehindVoidOnesHasNoPredecessor() throws {
    #expect(try Entry(Sample.entry(by: key, seq: 2).json()).prev == nil)
    let link = Entry.Link(seq: 1, note: Sample.hash("n"), file: Sample.hash("f"))
    let first = try Sample.entry(by: key, seq: 1, prev: (link, Sample.address)).json()
    #expect(throws: RecordError.field("prev")) { try Entry(first) }
  }

  @Test(arguments: [
    "vault", "type", "author", "chain", "seq", "prev", "back", "roster", "seen", "void", "time", "to", "body",
  ])
  func aMissingOrMalformedFieldIsNamed(name: String) throws {
    let members = try #require(Sample.entry(by: key).json().members)
    let without = JSON.object(JSONObject(members.filter { $0.key != name }.map { ($0.key, $0.value) }))
    #expect(throws: RecordError.field(name)) { try Entry(without) }
    let wrong = JSON.object(JSONObject(members.map { ($0.key, $0.key == name ? .bool(true) : $0.value) }))
    #expect(throws: RecordError.self) { try Entry(wrong) }
  }

  @Test func unknownTypesAreKept() throws {
    let read = try Entry(Sample.entry(by: key, type: .unknown("later")).json())
    #expect(read.type == .unknown("later") && read.type.word == "later")
    for word in [
      "admit", "remove", "suspend", "circle", "rotate", "handover", "succession", "case", "seal", "amend", "relock",
      "reseal", "open", "assess", "propose", "grant", "publish", "adopt",
      "quorum", "accept", "replace", "drill", "request", "approve", "deny", "cancel",
    ] {
      #expect(EntryType(word: word).word == word && EntryType(word: word) != .unknown(word))
    }
  }
}
