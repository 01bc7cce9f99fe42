internal import Dispatch
internal import Glibc
internal import Synchronization

/// Independent work on all cores.
public enum Parallel {
  /// Cores that are online.
  public static let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Calls `body` with each index once, on up to `workers` threads (default: one per core), and returns when
  /// all are done.
  ///
  /// Indices are handed out in order. After an error no further one is, those under way are finished, and the
  /// error of the least index that failed is thrown: the same whatever the threads did. `body` says `try
  /// Interruption.check()` where the work is long.
  public static func forEach<E: Error>(
    _ indices: Range<Int>, workers: Int? = nil, _ body: @Sendable (Int) throws(E) -> Void
  ) throws(E) {
    let state = State<E>(next: indices.lowerBound)
    let threads = max(1, min(workers ?? cores, indices.count))
    @Sendable func work(_: Int) { Self.work(state, indices, body) }
    if threads == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: threads, execute: work) }
    if let error = state.firstError { throw error }
  }

  /// As `forEach`, on the other cores alone, while the calling thread does something of its own: then it joins in. Where
  /// that throws, no further index is handed out, and its error is the one that is thrown, once those under way are done.
  public static func forEach<R, E: Error>(
    _ indices: Range<Int>, meanwhile own: () throws(E) -> R, _ body: @escaping @Sendable (Int) throws(E) -> Void
  ) throws(E) -> R {
    let state = State<E>(next: indices.lowerBound)
    @Sendable func work() { Self.work(state, indices, body) }
    let others = DispatchGroup()
    for _ in 0..<min(cores - 1, indices.count) { DispatchQueue.global().async(group: others, execute: work) }
    let result: R
    do throws(E) { result = try own() } catch {
      state.failed.store(true, ordering: .relaxed)
      others.wait()
      throw error
    }
    work()
    others.wait()
    if let error = state.firstError { throw error }
    return result
  }

  /// As `forEach`, with what `body` returns, in the order of the indices.
  public static func map<T: Sendable, E: Error>(
    _ indices: Range<Int>, workers: Int? = nil, _ body: @Sendable (Int) throws(E) -> T
  ) throws(E) -> [T] {
    let results = Mutex<[(index: Int, value: T)]>([])
    try forEach(indices, workers: workers) { (index) throws(E) in
      let value = try body(index)
      results.withLock { $0.append((index, value)) }
    }
    return results.withLock { $0.sorted { $0.index < $1.index }.map(\.value) }
  }

  /// One thread's part.
  private static func work<E: Error>(
    _ state: State<E>, _ indices: Range<Int>, _ body: @Sendable (Int) throws(E) -> Void
  ) {
    while !state.failed.load(ordering: .relaxed) {
      let index = state.next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < indices.upperBound else { return }
      do throws(E) {
        try body(index)
      } catch {
        state.record(error, at: index)
      }
    }
  }

  private final class State<E: Error>: Sendable {
    let next: Atomic<Int>
    let failed = Atomic(false)
    private let error = Mutex<(index: Int, error: E)?>(nil)

    init(next: Int) { self.next = Atomic(next) }

    func record(_ failure: E, at index: Int) {
      error.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, failure) } }
      failed.store(true, ordering: .relaxed)
    }

    var firstError: E? { error.withLock { $0?.error } }
  }
}
