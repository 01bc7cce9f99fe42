import Glibc
import Testing

@testable import Platform

@Suite struct SystemClockTests {
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
