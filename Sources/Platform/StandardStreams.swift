internal import Glibc

/// Standard input, output and error. A closed pipe is an error value (`isBrokenPipe`), given
/// `Hardening.apply()`.
public enum StandardStreams {
  public enum Stream: Int32, Sendable {
    case `in` = 0
    case out = 1
    case err = 2
  }

  /// Standard input; a read waits for it and for `Interruption`.
  public static let input = Descriptor(taking: 0, mayWait: true)
  private static let out = Descriptor(taking: 1)
  private static let err = Descriptor(taking: 2)

  public static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

  /// Writes what was asked for, all of it, unbuffered.
  public static func output(_ text: String) throws(SystemError) { try output(Array(text.utf8)) }

  public static func output(_ bytes: [UInt8]) throws(SystemError) { try out.write(bytes.span) }

  public static func output(_ bytes: Span<UInt8>) throws(SystemError) { try out.write(bytes) }

  /// Writes progress, a confirmation, a warning or an error; also while the process is being ended. Nobody
  /// left to read it is no error.
  public static func error(_ text: String) {
    let bytes = Array(text.utf8)
    do throws(SystemError) { try err.write(bytes.span, evenInterrupted: true) } catch { return }
  }
}
