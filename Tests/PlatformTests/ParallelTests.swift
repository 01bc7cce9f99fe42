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

  @Test func theCallerDoesItsOwnAndJoinsIn() throws {
    try #require(Parallel.cores >= 2)
    let caller = pthread_self()
    let seen = Mutex<[Int]>([])
    let own = Mutex(0)
    // The caller waits for the others to have begun, and they for the caller to have come back.
    let answer = Parallel.forEach(
      0..<1000,
      meanwhile: {
        while seen.withLock({ $0.isEmpty }) { usleep(100) }
        return "own"
      }
    ) { index in
      seen.withLock { $0.append(index) }
      if pthread_equal(pthread_self(), caller) != 0 { own.withLock { $0 += 1 } } else { usleep(500) }
    }
    #expect(answer == "own" && seen.withLock { $0.sorted() } == Array(0..<1000))
    #expect(own.withLock { $0 } > 0)
    #expect(Parallel.forEach(3..<3, meanwhile: { 7 }) { _ in Issue.record("nothing to do") } == 7)
  }

  @Test func whatFailsOnEitherSideEndsBoth() {
    let done = Atomic(0)
    #expect(throws: Failure(index: -1)) {
      try Parallel.forEach(0..<1_000_000, meanwhile: { () throws(Failure) in throw Failure(index: -1) }) {
        (_) throws(Failure) in done.wrappingAdd(1, ordering: .relaxed)
      }
    }
    #expect(done.load(ordering: .relaxed) < 1_000_000)
    #expect(throws: Failure(index: 3)) {
      try Parallel.forEach(0..<10, meanwhile: { () throws(Failure) in }) { (index) throws(Failure) in
        if index >= 3 { throw Failure(index: index) }
      }
    }
  }

  @Test func workersRunAtTheSameTime() throws {
    try #require(Parallel.cores >= 2)
    let together = Atomic(0)
    let most = Atomic(0)
    // A busy machine may have no second thread to spare at once.
    for _ in 0..<100 where most.load(ordering: .relaxed) < 2 {
      Parallel.forEach(0..<8, workers: 2) { _ in
        let now = together.wrappingAdd(1, ordering: .relaxed).newValue
        most.max(now, ordering: .relaxed)
        usleep(20_000)
        together.wrappingSubtract(1, ordering: .relaxed)
      }
    }
    #expect(most.load(ordering: .relaxed) == 2)
    #expect(MemoryUse.peakBytes() > 1 << 20)
  }
}
