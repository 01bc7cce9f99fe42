import Glibc
import Testing

@testable import Platform

@Suite struct HardeningTests {
  @Test func memoryAndFilesAreOurs() async {
    await #expect(processExitsWith: .exitCode(7)) {
      guard Hardening.apply() else { exit(1) }
      for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] {
        var action = sigaction()
        unsafe sigaction(number, nil, &action)
        guard unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 0 else { exit(2) }
      }
      var limit = rlimit()
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
      guard limit.rlim_cur == 0, limit.rlim_max == 0 else { exit(3) }
      guard linuxPrctl(3, 0, 0, 0, 0) == 0 else { exit(4) }
      guard umask(0) == 0o077 else { exit(5) }
      exit(7)
    }
  }

  /// A trap says where in the program it was, and nothing of what was in memory.
  @Test func aTrapPrintsNoMemory() async throws {
    let result = await #expect(processExitsWith: .signal(SIGILL), observing: [\.standardErrorContent]) {
      Hardening.apply()
      let empty: [Int] = []
      print(empty[Int(CommandLine.argc)])
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(!text.contains("Registers") && !text.contains("rax") && !text.contains("Thread 0"))
  }

  @Test func aClosedPipeIsAnError() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Hardening.apply()
      var ends: [Int32] = [-1, -1]
      unsafe pipe(&ends)
      close(ends[0])
      dup2(ends[1], 1)
      dup2(ends[1], 2)
      StandardStreams.error("nobody reads this")
      do throws(SystemError) {
        try StandardStreams.output("nor this")
      } catch {
        exit(error.isBrokenPipe ? 7 : 1)
      }
      exit(2)
    }
  }

  @Test func closedStandardStreamsAreOccupied() async {
    await #expect(processExitsWith: .exitCode(7)) {
      for stream in Int32(0)...2 { close(stream) }
      guard Hardening.apply() else { exit(1) }
      guard let scratch = try? Scratch(), let file = try? scratch.directory.create("file"), file.raw > 2
      else {
        exit(2)
      }
      do throws(SystemError) {
        try StandardStreams.output("lost")
      } catch {
        exit(error.code == EBADF ? 7 : 3)
      }
      exit(4)
    }
  }

  @Test func aSlowReaderGetsEverything() async throws {
    let result = await #expect(processExitsWith: .exitCode(7), observing: [\.standardOutputContent]) {
      Hardening.apply()
      let flags = fcntl(1, F_GETFL)
      _ = fcntl(1, F_SETFL, flags | O_NONBLOCK)
      do { try StandardStreams.output([UInt8](repeating: 0x2A, count: 3_000_000)) } catch { exit(1) }
      exit(StandardStreams.isTerminal(.out) ? 2 : 7)
    }
    #expect(try #require(result).standardOutputContent.count { $0 == 0x2A } == 3_000_000)
  }
}
