internal import Glibc
public import Sodium

/// The terminal of the person at work (`/dev/tty`), whatever standard input and output are: prompts and what
/// is shown once.
///
/// The rules: what is typed goes straight into guarded memory; echo comes back on every path, a signal
/// included; while it is off, ^Z and ^\ do nothing, because both would leave the terminal silent, and a shell
/// that resumes us would type the passphrase in clear.
public final class Terminal: Sendable {
  private let descriptor: Descriptor

  init(_ descriptor: Descriptor) {
    Interruption.install()
    self.descriptor = descriptor
  }

  /// Nil where the process has no terminal. Installs `Interruption`, without which ^C would leave echo off.
  public static func open() -> Terminal? {
    guard let descriptor = openDescriptor() else { return nil }
    return Terminal(descriptor)
  }

  /// Writes to the person. A terminal that is gone shows at the next `readLine`.
  public func write(_ text: String) {
    let bytes = Array(text.utf8)
    do throws(SystemError) { try descriptor.write(bytes.span, evenInterrupted: true) } catch { return }
  }

  /// Writes a secret that is shown once, straight from guarded memory. Erase it with `eraseLines`.
  public func write(_ secret: borrowing Secret) {
    do throws(SystemError) { try descriptor.write(secret.bytes, evenInterrupted: true) } catch { return }
  }

  /// The longest line: the kernel keeps 4095 bytes of one and drops the rest in silence, so a line that long
  /// may be a part.
  public static let maximumLine = 4094

  /// One line as it was typed, without its end, erased and corrected by the person in the usual way. Nil for
  /// ^D at the start.
  ///
  /// `prompt` is written once echo is off, so that an answer that comes at once is not shown. Throws EINTR
  /// for ^C, SIGTERM and SIGHUP, EMSGSIZE for more than `maximumLine` bytes (what was typed ahead is dropped
  /// then).
  public func readLine(prompt: String = "", echo: Bool) throws(SystemError) -> Secret? {
    guard let settings = TerminalSettings(of: descriptor.raw) else { throw .last("tcgetattr") }
    settings.remember(for: descriptor.raw)
    defer {
      settings.apply(to: descriptor.raw)
      TerminalSettings.forget()
    }
    guard settings.forLine(echo: echo).apply(to: descriptor.raw) else { throw .last("tcsetattr") }
    write(prompt)
    do {
      return try line()
    } catch {
      tcflush(descriptor.raw, TCIFLUSH)
      if error.isInterrupted { write("\n") }
      throw error
    }
  }

  /// Clears the last `count` lines above the cursor, which ends where they began. The caller sees to it that
  /// the terminal is not dumb.
  public func eraseLines(_ count: Int) {
    guard count > 0 else { return write("\r\u{1b}[2K") }
    write("\r\u{1b}[\(count)A\u{1b}[J")
  }

  /// Columns: what the terminal says, else `COLUMNS`, else 80.
  public var width: Int {
    var size = winsize()
    if unsafe ioctl(descriptor.raw, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    let columns = Environment.value("COLUMNS").map { Array($0.utf8) } ?? []
    guard (1...4).contains(columns.count), columns.allSatisfy({ (48...57).contains($0) }) else { return 80 }
    let value = columns.reduce(0) { $0 * 10 + Int($1 - 48) }
    return value > 0 ? value : 80
  }

  private func line() throws(SystemError) -> Secret? {
    var length = 0
    var ended = false
    let buffer = try Secret(count: Self.maximumLine + 2) { (span) throws(SystemError) in
      while !ended, length < span.count {
        var rest = span._mutatingExtracting(length...)
        let count = try descriptor.read(into: &rest)
        length += count
        ended = count == 0 || span[length - 1] == UInt8(ascii: "\n")
      }
    }
    if length == 0 { return nil }
    if buffer.bytes[length - 1] == UInt8(ascii: "\n") { length -= 1 }
    guard ended, length <= Self.maximumLine else { throw SystemError(code: EMSGSIZE, call: "read") }
    return Secret(copying: buffer.bytes.extracting(..<length))
  }

  /// The terminal as a file, or nil where the process has none.
  static func openDescriptor() -> Descriptor? {
    let raw = unsafe Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    return raw >= 0 ? Descriptor(taking: raw, mayWait: true) : nil
  }
}
