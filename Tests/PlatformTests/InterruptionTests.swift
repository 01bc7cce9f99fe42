import Dispatch
import Glibc
import Testing

@testable import Platform

@Suite struct InterruptionTests {
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalIsAskedAfter(number: Int32) async {
    await #expect(processExitsWith: .exitCode(7)) { [number] in
      Interruption.install()
      Interruption.install()
      guard !Interruption.requested, error({ try Interruption.check() }) == nil else { exit(1) }
      kill(getpid(), number)
      guard eventually({ Interruption.requested }), Interruption.signal == number else { exit(2) }
      exit(error { try Interruption.check() }?.isInterrupted == true ? 7 : 3)
    }
  }

  /// On whatever thread the read waits: dispatch's have all signals blocked.
  @Test(.timeLimit(.minutes(1)), arguments: [true, false])
  func aReadThatWaitsIsEnded(onMain: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [onMain] in
      Interruption.install()
      guard let (reading, writing) = try? makePipe() else { exit(1) }
      @Sendable func read() {
        var byte: [UInt8] = [0]
        var span = byte.mutableSpan
        do throws(SystemError) { _ = try reading.read(into: &span) } catch {
          exit(error.isInterrupted ? 7 : 2)
        }
        exit(3)
      }
      @Sendable func signal() {
        usleep(100_000)
        kill(getpid(), SIGTERM)
      }
      DispatchQueue.global().async { if onMain { signal() } else { read() } }
      if onMain { read() } else { signal() }
      sleep(20)
      _ = writing
      exit(4)
    }
  }

  @Test func otherSignalsEndNoCall() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Interruption.install()
      guard let (reading, writing) = try? makePipe() else { exit(1) }
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { _ in }
      unsafe sigaction(SIGUSR1, &action, nil)
      let main = pthread_self()
      DispatchQueue.global().async {
        usleep(50_000)
        unsafe pthread_kill(main, SIGUSR1)
        usleep(50_000)
        do { try writing.write([1].span) } catch { exit(2) }
      }
      var byte: [UInt8] = [0]
      var span = byte.mutableSpan
      do { exit(try reading.read(into: &span) == 1 ? 7 : 3) } catch { exit(4) }
    }
  }

  @Test func aSecondSIGINTEndsTheProcessAndRestoresTheTerminal() async throws {
    let terminal = try Pseudoterminal()
    let before = terminal.settings.c_lflag
    await #expect(processExitsWith: .exitCode(130)) { [path = terminal.path as String] in
      Pseudoterminal.become(path)
      Interruption.install()
      guard let settings = TerminalSettings(of: 0) else { exit(1) }
      settings.remember(for: 0)
      guard settings.forLine(echo: false).apply(to: 0) else { exit(2) }
      kill(getpid(), SIGTERM)
      guard eventually({ Interruption.signal == SIGTERM }) else { exit(3) }
      kill(getpid(), SIGINT)
      sleep(20)
    }
    #expect(terminal.settings.c_lflag == before)
    #expect(terminal.echoes)
  }

  @Test func whatWasIgnoredStaysIgnored() async {
    await #expect(processExitsWith: .exitCode(7)) {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = SIG_IGN
      unsafe sigaction(SIGHUP, &action, nil)
      Interruption.install()
      kill(getpid(), SIGHUP)
      usleep(10_000)
      exit(Interruption.requested ? 1 : 7)
    }
  }
}
