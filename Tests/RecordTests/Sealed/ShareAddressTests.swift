import Record
import Sodium
import Testing

struct ShareAddressTests {
  private func note(_ locks: [LocksNote.Lock]) -> LocksNote {
    LocksNote(
      vault: Sample.vault, author: Sample.hash("a"), subject: .record(Sample.record, manifest: Sample.hash("m")),
      locks: locks)
  }

  private func lock(_ number: Int, set: Int, carries: LocksNote.Carried = .layer(.identity)) -> LocksNote.Lock {
    LocksNote.Lock(
      carries: carries, to: .share(ShareAddress(number: number, policy: Sample.hash("p"), set: set)), file: [1, 2, 3])
  }

  @Test func locksOfSharesReadBack() throws {
    let locks =
      (1...16).map { lock($0, set: $0 == 1 ? 0 : 32767) } + [
        LocksNote.Lock(carries: .layer(.summary), to: .circle(Sample.address), file: [])
      ]
    let read = try LocksNote(JSON(parsing: note(locks).json.printed().span))
    #expect(read.locks == locks && read.json == note(locks).json)
  }

  @Test(arguments: [(0, 1), (17, 1), (-1, 1), (1, 32768), (1, -1), (Int.max, 1), (1, Int.max)])
  func numbersHaveTheirRange(number: Int, set: Int) {
    #expect(throws: RecordError.self) { try LocksNote(note([lock(number, set: set)]).json) }
  }

  @Test func onlyAnIdentitysKeyIsShared() {
    for carries in [LocksNote.Carried.layer(.summary), .layer(.testimony), .circle(Sample.address)] {
      #expect(throws: RecordError.field("to")) { try LocksNote(note([lock(1, set: 1, carries: carries)]).json) }
    }
  }
}
