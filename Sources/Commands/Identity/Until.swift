import Platform
import Record
import TestimonyVault

/// The date until which a request is good: a whole day, or a time; in the future, and at most a year ahead.
enum Until {
  static func parse(_ text: String) throws -> ClaimedTime {
    guard let time = (try? ClaimedTime(parsing: text)) ?? (try? ClaimedTime(parsing: "\(text)T23:59:59Z")) else {
      throw CommandError.notADate(text)
    }
    let now = SystemClock.now()
    guard time.seconds > now else { throw CommandError.dateNotAhead(time.description) }
    guard time.seconds <= now + RequestDraft.longest else { throw CommandError.dateTooFar(time.description) }
    return time
  }

  /// So many days from now.
  static func days(_ count: Int64) -> ClaimedTime { ClaimedTime(clamping: SystemClock.now() + count * 86_400) }
}
