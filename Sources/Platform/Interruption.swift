internal import Glibc
internal import Synchronization

/// SIGINT, SIGTERM and SIGHUP ask the work to stop: they set a flag that blocking calls and loops look at.
///
/// A second SIGINT ends the process at once, with the terminal as it was. What was ignored at the start
/// (`nohup`) stays ignored.
public enum Interruption {
  /// The signal that asked, or 0.
  public static var signal: Int32 { received.load(ordering: .relaxed) }

  public static var requested: Bool { signal != 0 }

  /// Throws EINTR (`isInterrupted`) once a signal has asked. For loops.
  public static func check() throws(SystemError) {
    if requested { throw SystemError(code: EINTR, call: "signal") }
  }

  /// Sets the handlers; a second call changes nothing. Without SA_RESTART: a blocking call returns EINTR.
  public static func install() { _ = installed }

  private static let installed: Bool = {
    // Everything that the handler touches exists before it can run.
    var ends: [Int32] = [-1, -1]
    if unsafe pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    }
    wakeRead.store(ends[0], ordering: .relaxed)
    wakeWrite.store(ends[1], ordering: .relaxed)
    _ = received.load(ordering: .relaxed)
    TerminalSettings.prepare()
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var previous = sigaction()
      unsafe sigaction(number, nil, &previous)
      if isIgnored(previous) { continue }
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { Interruption.handle($0) }
      unsafe sigaction(number, &action, nil)
    }
    return true
  }()

  /// Runs inside the signal: atomics, write(2), tcsetattr(3) and _exit(2) only, and errno as it was.
  private static func handle(_ number: Int32) {
    let saved = errno
    let first = received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
    if !first, number == SIGINT {
      TerminalSettings.restore()
      _exit(128 + number)
    }
    var byte: UInt8 = 0
    unsafe write(wakeWrite.load(ordering: .relaxed), &byte, 1)
    errno = saved
  }

  /// Waits until `descriptor` can be read (or written), has ended or failed. Throws EINTR as soon as a signal
  /// asks, on whatever thread it arrived: the handler writes to a pipe that is waited for too.
  static func wait(
    for descriptor: Int32, writing: Bool = false, evenInterrupted: Bool = false
  ) throws(SystemError) {
    let wake = evenInterrupted ? -1 : wakeRead.load(ordering: .relaxed)
    while true {
      if !evenInterrupted { try check() }
      var list = [
        pollfd(fd: descriptor, events: Int16(writing ? POLLOUT : POLLIN), revents: 0),
        pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      ]
      let result = unsafe poll(&list, 2, -1)
      if result < 0, errno != EINTR { throw .last("poll") }
      if result > 0, list[0].revents != 0 { return }
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static let received = Atomic<Int32>(0)
  private static let wakeRead = Atomic<Int32>(-1)
  private static let wakeWrite = Atomic<Int32>(-1)
}
