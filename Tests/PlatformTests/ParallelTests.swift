import Glibc
import Synchronization
import Testing

@testable import Platform

// One after another: the cores must be free to run workers at the same time.
@Suite(.serialized) struct ParallelTests {
  struct Failure: Error, Equatable {
    let index: Int
  }

  @Test(arguments: [nil, 1, 2, 7] as [Int?])
  func eachIndexOnce(workers: Int?) {
    let seen = Mutex<[Int]>([])
    Parallel.forEach(10..<1010, workers: workers) { index in seen.withLock { $0.append(index) } }
    #expect(seen.withLock { $0.sorted() } == Array(10..<1010))
    #expect(Parallel.map(0..<1000, workers: workers) { $0 * 3 } == (0..<1000).map { $0 * 3 })
    Parallel.forEach(5..<5) { _ in Issue.record("nothing to do") }
  }

  @Test(arguments: [true, false]) func theErrorIsThatOfTheLeastIndex(isLast: Bool) {
    for _ in 0..<50 {
      let done = Atomic(0)
      #expect(throws: Failure(index: 40)) {
        try Parallel.forEach(0..<100_000, workers: 4) { (index) throws(Failure) in
          if index < 4 { usleep(1000) }  // until all threads are there
          if index >= 40 { usleep((index == 40) == isLast ? 2000 : 200) }
          if index >= 40 { throw Failure(index: index) }
          done.wrappingAdd(1, ordering: .relaxed)
        }
      }
      #expect(done.load(ordering: .relaxed) == 40)
    }
  }

  @Test func workersRunAtTheSameTime() throws {
    try #require(Parallel.cores >= 2)
    let together = Atomic(0)
    let most = Atomic(0)
    Parallel.forEach(0..<8, workers: 2) { _ in
      let now = together.wrappingAdd(1, ordering: .relaxed).newValue
      most.max(now, ordering: .relaxed)
      usleep(20_000)
      together.wrappingSubtract(1, ordering: .relaxed)
    }
    #expect(most.load(ordering: .relaxed) == 2)
    #expect(MemoryUse.peakBytes() > 1 << 20)
  }
}
