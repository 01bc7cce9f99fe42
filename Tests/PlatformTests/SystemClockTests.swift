import Glibc
import Testing

@testable import Platform

@Suite struct SystemClockTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1_795_512_600, "2026-11-24T09:30:00Z"),
      (951_782_400, "2000-02-29T00:00:00Z"),
      (-1, "1969-12-31T23:59:59Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
      (253_402_300_799, "9999-12-31T23:59:59Z"),
    ] as [(Int64, String)])
  func known(seconds: Int64, text: String) {
    #expect(SystemClock.utc(seconds) == text)
    #expect(SystemClock.parse(text) == seconds)
  }

  @Test func roundTrip() {
    for seconds in stride(from: -62_167_219_200, through: 253_402_300_799, by: 86_399 * 1777) {
      #expect(SystemClock.parse(SystemClock.utc(Int64(seconds))) == Int64(seconds))
    }
  }

  @Test(arguments: [
    "", "2026-11-24", "2026-11-24T09:30:00", "2026-11-24t09:30:00z", "2026-11-24 09:30:00Z",
    "2026-11-24T09:30:00Z\n",
    "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-24T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2026-11-24T09:30:+0Z", "2026-1 -24T09:30:00Z", "+026-11-24T09:30:00Z", "２026-11-24T09:30:0Z",
    "2026-11-24T09:30:00.0Z",
    "@253402300800",
  ])
  func refused(text: String) {
    #expect(SystemClock.parse(text) == nil)
  }

  @Test(arguments: [Int64.min, Int64.max, 253_402_300_800, -62_167_219_201])
  func whatHasNoYearOfFourDigits(seconds: Int64) {
    #expect(SystemClock.utc(seconds) == "@\(seconds)")
  }

  @Test func nowIsTheClockOrWhatStandsForIt() async {
    #expect(abs(SystemClock.now() - Int64(time(nil))) <= 2)
    #expect(SystemClock.monotonicNanoseconds() <= SystemClock.monotonicNanoseconds())
    await #expect(processExitsWith: .exitCode(7)) {
      unsafe setenv("SOURCE_DATE_EPOCH", "1000000000", 1)
      guard SystemClock.now() == 1_000_000_000 else { exit(1) }
      for wrong in ["", "+5", "-5", "5 ", "1e9", "1234567890123456789"] {
        unsafe setenv("SOURCE_DATE_EPOCH", wrong, 1)
        guard abs(SystemClock.now() - Int64(time(nil))) <= 2 else { exit(2) }
      }
      exit(7)
    }
  }
}
