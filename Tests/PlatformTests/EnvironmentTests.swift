import Glibc
import Testing

@testable import Platform

@Suite struct EnvironmentTests {
  @Test func values() async {
    #expect(Environment.value("PLATFORM_TESTS_NOT_SET") == nil)
    #expect(Environment.value("PATH") != nil)
    #expect(Environment.value("PA\0TH") == nil)
    #expect(RawArguments.all.count == Int(CommandLine.argc))
    await #expect(processExitsWith: .exitCode(7)) {
      unsafe setenv("EMPTY", "", 1)
      unsafe setenv("RAW", [0x61, CChar(bitPattern: 0xFF), 0], 1)
      guard Environment.value("EMPTY") == "" else { exit(1) }
      guard let raw = Environment.value("RAW"), PathBytes(raw).bytes == [0x61, 0xFF] else { exit(2) }
      exit(7)
    }
  }

  @Test func aChangedVariableReplacesItsFormerValue() {
    let all = Environment.all(setting: ["PATH": "/x", "NEW_ONE": "1"])
    #expect(all.filter { $0.starts(with: Array("PATH=".utf8)) } == [Array("PATH=/x".utf8)])
    #expect(all.contains(Array("NEW_ONE=1".utf8)))
    #expect(all.count > 2)
  }
}
