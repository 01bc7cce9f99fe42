import Foundation
import Record
import Testing

@Suite struct ClaimedTimeTests {
  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2000-01-01T00:00:00Z", 946_684_800),
      ("2000-02-29T12:00:00Z", 951_825_600), ("2026-11-24T09:30:00Z", 1_795_512_600),
      ("0000-01-01T00:00:00Z", -62_167_219_200), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ] as [(String, Int64)])
  func knownTimes(text: String, seconds: Int64) throws {
    #expect(try ClaimedTime(parsing: text).seconds == seconds)
    #expect(ClaimedTime(clamping: seconds).description == text)
  }

  @Test func agreesWithFoundation() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<5000 {
      // Foundation counts Julian days before 1582.
      let seconds = Int64.random(in: -12_000_000_000...253_402_300_799, using: &generator)
      let time = ClaimedTime(clamping: seconds)
      let text = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
      #expect(time.description == text)
      #expect(try ClaimedTime(parsing: text) == time)
    }
  }

  @Test func everyDayOfFourHundredYearsComesAfterTheOneBefore() throws {
    var seconds = try ClaimedTime(parsing: "1900-01-01T00:00:00Z").seconds
    var previous = ""
    for _ in 0..<146_097 {
      let text = ClaimedTime(clamping: seconds).description
      #expect(text > previous)
      #expect(try ClaimedTime(parsing: text).seconds == seconds)
      previous = text
      seconds += 86400
    }
    #expect(ClaimedTime(clamping: seconds).description == "2300-01-01T00:00:00Z")
  }

  @Test func aClockFarOffIsClamped() {
    #expect(ClaimedTime(clamping: .min).description == "0000-01-01T00:00:00Z")
    #expect(ClaimedTime(clamping: .max).description == "9999-12-31T23:59:59Z")
  }

  @Test(arguments: [
    "", "2026-11-24", "2026-11-24T09:30:00", "2026-11-24T09:30:00z", "2026-11-24t09:30:00Z",
    "2026-11-24 09:30:00Z",
    "2026-11-24T09:30Z", "2026-11-24T09:30:00.0Z", "2026-11-24T09:30:00+00:00", "+026-11-24T09:30:00Z",
    "-026-11-24T09:30:00Z",
    " 2026-11-24T09:30:00Z", "2026-11-24T09:30:00Z\n", "２026-11-24T09:30:0Z", "12026-11-24T09:30:00Z",
    "2026-1-24T09:30:000Z",
  ])
  func refusesOtherForms(text: String) {
    #expect(throws: ClaimedTimeError.malformed) { try ClaimedTime(parsing: text) }
  }

  @Test(arguments: [
    "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2016-12-31T23:59:60Z",
  ])
  func refusesTimesThatAreNone(text: String) {
    #expect(throws: ClaimedTimeError.noSuchTime) { try ClaimedTime(parsing: text) }
  }
}
