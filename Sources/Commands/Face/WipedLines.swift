import Platform
import Sodium

/// What is written to the terminal and wiped from it again: keeps how many lines of the screen it takes.
final class WipedLines {
  private let terminal: Terminal
  private let mayWipe: Bool
  /// Lines that are ended, and letters on the one that is not.
  private var (ended, columns) = (0, 0)

  init(_ terminal: Terminal, mayWipe: Bool) {
    self.terminal = terminal
    self.mayWipe = mayWipe
  }

  func write(_ text: String) {
    terminal.write(text)
    for letter in text.utf8 { count(letter) }
  }

  func write(_ secret: borrowing Secret) {
    terminal.write(secret)
    for index in 0..<secret.count { count(secret.bytes[index]) }
  }

  /// A line that the person types and sees. ^D cancels.
  func readLine() throws -> Secret {
    do {
      if let line = try terminal.readLine(echo: true) {
        lineEnded(after: line.count)
        return line
      }
    } catch {
      // ^C ended the line.
      lineEnded(after: 0)
      throw error
    }
    terminal.write("\n")
    lineEnded(after: 0)
    throw CommandError.cancelled
  }

  private func lineEnded(after letters: Int) {
    columns += letters
    count(UInt8(ascii: "\n"))
  }

  /// Clears everything since the last time, where the screen may be drawn anew.
  func wipe() {
    if mayWipe, ended > 0 || columns > 0 { terminal.eraseLines(ended) }
    (ended, columns) = (0, 0)
  }

  private func count(_ letter: UInt8) {
    if letter == UInt8(ascii: "\n") {
      ended += Face.rows(columns, terminal.width)
      columns = 0
    } else if letter & 0xc0 != 0x80 {
      columns += 1
    }
  }
}
