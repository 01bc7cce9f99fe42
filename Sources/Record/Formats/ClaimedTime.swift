/// Why a text is no time: the kind only.
public enum ClaimedTimeError: Error, Equatable, Sendable {
  /// Not of the form `2026-11-24T09:30:00Z`, digit for digit.
  case malformed
  /// The form is right, and there is no such day or time of day. There are no leap seconds.
  case noSuchTime
}

/// A time as somebody claims it: UTC, to the second, `2026-11-24T09:30:00Z`, in the years 0000 to 9999.
///
/// Never evidence by itself: only a timestamped checkpoint bounds a time.
public struct ClaimedTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public let seconds: Int64

  /// 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
  public static let range: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// A clock's reading; one outside `range` becomes the nearest bound.
  public init(clamping seconds: Int64) {
    self.seconds = min(max(seconds, Self.range.lowerBound), Self.range.upperBound)
  }

  public init(parsing text: String) throws(ClaimedTimeError) {
    let bytes = Array(text.utf8)
    let form = Array("0000-00-00T00:00:00Z".utf8)
    guard bytes.count == form.count else { throw .malformed }
    var fields = [0]
    for (byte, place) in zip(bytes, form) {
      if place == UInt8(ascii: "0") {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw .malformed }
        fields[fields.count - 1] = fields[fields.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
      } else {
        guard byte == place else { throw .malformed }
        fields.append(0)
      }
    }
    let day = CivilDay(year: fields[0], month: fields[1], day: fields[2])
    guard day.exists, fields[3] < 24, fields[4] < 60, fields[5] < 60 else { throw .noSuchTime }
    seconds = Int64(day.number * 86400 + fields[3] * 3600 + fields[4] * 60 + fields[5])
  }

  public var description: String {
    let number = Int(seconds.floored(by: 86400))
    let second = Int(seconds) - number * 86400
    let day = CivilDay(number: number)
    let date = "\(digits(day.year, 4))-\(digits(day.month, 2))-\(digits(day.day, 2))"
    return "\(date)T\(digits(second / 3600, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))Z"
  }

  public static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

  private func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}

/// A day of the Gregorian calendar, carried back before 1582. Its years are counted from March, so that the leap day is
/// the last; an era is 400 years, 146,097 days.
struct CivilDay {
  let year: Int
  let month: Int
  let day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day `number` days after 1970-01-01.
  init(number: Int) {
    let sinceEraZero = number + 719_468
    let era = sinceEraZero.floored(by: 146_097)
    let dayOfEra = sinceEraZero - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  var number: Int {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let era = yearFromMarch.floored(by: 400)
    let yearOfEra = yearFromMarch - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  var exists: Bool {
    guard (1...12).contains(month) else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }
}

extension BinaryInteger {
  /// The quotient rounded down, where `/` rounds towards zero.
  fileprivate func floored(by divisor: Self) -> Self {
    self / divisor - (self % divisor < 0 ? 1 : 0)
  }
}
