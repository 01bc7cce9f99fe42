internal import Glibc

/// The time. Its form in text is `Record.ClaimedTime`.
public enum SystemClock {
  /// Seconds since 1970, UTC. `SOURCE_DATE_EPOCH`, where it is 1 to 18 decimal digits, takes the clock's
  /// place.
  public static func now() -> Int64 {
    if let fixed = Environment.value("SOURCE_DATE_EPOCH"), let seconds = number(fixed.utf8, digits: 1...18) {
      return seconds
    }
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
  }

  /// Nanoseconds since some moment; never runs backwards. For timeouts and speeds.
  public static func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  private static func number(_ bytes: some Collection<UInt8>, digits: ClosedRange<Int>) -> Int64? {
    guard digits.contains(bytes.count) else { return nil }
    var value: Int64 = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return value
  }
}
