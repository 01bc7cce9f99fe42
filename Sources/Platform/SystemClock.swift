internal import Glibc

/// The time, and its one form in text: ISO 8601, UTC, whole seconds.
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

  /// `2026-11-24T09:30:00Z`. A time outside the years 0000 to 9999 is `@` and the seconds, which `parse`
  /// refuses.
  public static func utc(_ seconds: Int64) -> String {
    guard (earliest...latest).contains(seconds) else { return "@\(seconds)" }
    var seconds = time_t(seconds)
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    let (year, month, day) = unsafe (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
    let (hour, minute, second) = unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
      + "T" + padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(second, 2) + "Z"
  }

  /// The inverse of `utc`: exactly `YYYY-MM-DDThh:mm:ssZ`, and a moment that exists. Nil for everything else,
  /// leap seconds included.
  public static func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 else { return nil }
    func field(_ range: Range<Int>) -> Int32? {
      number(bytes[range], digits: range.count...range.count).map { Int32(truncatingIfNeeded: $0) }
    }
    guard let year = field(0..<4), let month = field(5..<7), let day = field(8..<10),
      let hour = field(11..<13), let minute = field(14..<16), let second = field(17..<19)
    else { return nil }
    var parts = unsafe tm(
      tm_sec: second, tm_min: minute, tm_hour: hour, tm_mday: day, tm_mon: month - 1, tm_year: year - 1900,
      tm_wday: 0, tm_yday: 0, tm_isdst: 0, tm_gmtoff: 0, tm_zone: nil)
    let seconds = Int64(unsafe timegm(&parts))
    return Array(utc(seconds).utf8) == bytes ? seconds : nil
  }

  // 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
  private static let earliest: Int64 = -62_167_219_200
  private static let latest: Int64 = 253_402_300_799

  private static func number(_ bytes: some Collection<UInt8>, digits: ClosedRange<Int>) -> Int64? {
    guard digits.contains(bytes.count) else { return nil }
    var value: Int64 = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return value
  }

  private static func padded(_ value: Int32, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
