import Sodium
import Testing

@Suite struct RandomTests {
  @Test func bytesDiffer() {
    #expect(Random.bytes(0).isEmpty)
    #expect(Random.bytes(32) != Random.bytes(32))
  }

  @Test func uniform() {
    var seen = Set<UInt32>()
    for _ in 0..<1000 { seen.insert(Random.uniform(below: 7)) }
    #expect(seen == Set(0..<7))
    #expect(Random.uniform(below: 1) == 0)
  }
}
