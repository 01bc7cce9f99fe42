import Synchronization

/// A sum that several threads add to.
final class Counter: Sendable {
  private let sum = Mutex<UInt64>(0)

  func add(_ count: UInt64) -> UInt64 {
    sum.withLock { sum in
      sum += count
      return sum
    }
  }
}
