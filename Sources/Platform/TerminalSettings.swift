internal import Glibc
internal import Synchronization

/// How a terminal treats what is typed: termios(3).
struct TerminalSettings {
  private var value: termios

  /// The settings now, or nil where `descriptor` is no terminal.
  init?(of descriptor: Int32) {
    var value = termios()
    guard unsafe tcgetattr(descriptor, &value) == 0 else { return nil }
    self.value = value
  }

  /// These settings for one line: the kernel keeps and edits it (a backspace takes a whole UTF-8 character),
  /// ^C is a signal.
  func forLine(echo: Bool) -> TerminalSettings {
    var line = self
    line.value.c_lflag |= tcflag_t(ICANON | ISIG)
    line.value.c_iflag |= tcflag_t(ICRNL | IUTF8)
    if echo {
      line.value.c_lflag |= tcflag_t(ECHO | ECHOE | ECHOK)
    } else {
      line.value.c_lflag &= ~tcflag_t(ECHO)
      line.value.c_lflag |= tcflag_t(ECHONL)
      unsafe withUnsafeMutableBytes(of: &line.value.c_cc) { characters in
        unsafe characters[Int(VSUSP)] = 0
        unsafe characters[Int(VQUIT)] = 0
      }
    }
    return line
  }

  /// Whatever signals arrive meanwhile. False where the terminal is gone.
  @discardableResult
  func apply(to descriptor: Int32) -> Bool {
    var value = value
    while unsafe tcsetattr(descriptor, TCSANOW, &value) != 0 {
      guard errno == EINTR else { return false }
    }
    return true
  }

  /// Has the second SIGINT restore these settings, until `forget`.
  func remember(for descriptor: Int32) {
    unsafe Self.saved.pointee = value
    Self.terminal.store(descriptor, ordering: .releasing)
  }

  static func forget() { terminal.store(-1, ordering: .releasing) }

  /// Makes what `restore` touches; a signal handler cannot.
  static func prepare() {
    unsafe saved.initialize(to: termios())
    forget()
  }

  /// For the signal handler: no allocation, no lock.
  static func restore() {
    let descriptor = terminal.load(ordering: .acquiring)
    if descriptor >= 0 { unsafe tcsetattr(descriptor, TCSANOW, saved) }
  }

  private static let terminal = Atomic<Int32>(-1)
  // Written while `terminal` is -1 only; a process has one terminal and reads one line at a time.
  nonisolated(unsafe) private static let saved = UnsafeMutablePointer<termios>.allocate(capacity: 1)
}
