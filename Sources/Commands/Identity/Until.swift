import Platform
import Record
import TestimonyVault

/// A date until which something is good: a whole day, or a time; in the future.
enum Until {
  /// Of a request: at most a year ahead.
  static func ofRequest(_ text: String) throws -> ClaimedTime {
    let time = try parse(text)
    guard time.seconds <= SystemClock.now() + RequestDraft.longest else {
      throw CommandError.dateTooFar(time.description)
    }
    return time
  }

  static func parse(_ text: String) throws -> ClaimedTime {
    guard let time = (try? ClaimedTime(parsing: text)) ?? (try? ClaimedTime(parsing: "\(text)T23:59:59Z")) else {
      throw CommandError.notADate(text)
    }
    guard time.seconds > SystemClock.now() else { throw CommandError.dateNotAhead(time.description) }
    return time
  }

  /// So many days from now.
  static func days(_ count: Int64) -> ClaimedTime { ClaimedTime(clamping: SystemClock.now() + count * 86_400) }
}
