import Foundation
import Glibc
import Testing

/// The program on a terminal of its own: what a person types and sees.
final class Conversation {
  private let person: FileHandle
  private let terminal: FileHandle
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private(set) var screen: Screen
  /// All that was ever sent to the terminal, wiped or not.
  private(set) var shown = ""
  private var read = 0

  struct NoTerminal: Error {}
  struct NotShown: Error {
    let wanted: String
    let shown: String
  }

  init(_ arguments: [String], in folder: URL, columns: Int = 100, environment: [String: String] = [:]) throws {
    let raw = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (unlocked, number): (Int32, Int32) = (0, 0)
    var size = winsize(ws_row: 50, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    // TIOCSPTLCK, TIOCGPTN
    guard raw >= 0, unsafe ioctl(raw, 0x4004_5431, &unlocked) == 0, unsafe ioctl(raw, 0x8004_5430, &number) == 0,
      unsafe ioctl(raw, UInt(TIOCSWINSZ), &size) == 0
    else { throw NoTerminal() }
    person = FileHandle(fileDescriptor: raw, closeOnDealloc: true)
    let other = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard other >= 0 else { throw NoTerminal() }
    terminal = FileHandle(fileDescriptor: other, closeOnDealloc: true)
    screen = Screen(columns: columns)
    // The threads that tests run on block signals, and a child inherits that: `env` unblocks them.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--default-signal", "setsid", "--ctty", "--wait", Binary.path] + arguments
    process.currentDirectoryURL = folder
    process.environment = Binary.environment.merging(["TERM": "xterm"].merging(environment) { $1 }) { $1 }
    (process.standardInput, process.standardOutput, process.standardError) = (terminal, terminal, terminal)
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
  }

  /// Closing the terminal ends who still waits on it.
  deinit { if process.isRunning { process.terminate() } }

  /// Waits until `text` is shown, after all that was waited for before.
  func wait(for text: String) throws {
    while true {
      let start = shown.index(shown.startIndex, offsetBy: read)
      if let found = shown.range(of: text, range: start..<shown.endIndex) {
        read = shown.distance(from: shown.startIndex, to: found.upperBound)
        return
      }
      guard receive(milliseconds: 20_000) else { throw NotShown(wanted: text, shown: shown) }
    }
  }

  func type(_ text: String) throws { try person.write(contentsOf: Data(text.utf8)) }

  func answer(_ prompt: String, _ text: String) throws {
    try wait(for: prompt)
    try type(text)
  }

  /// Waits for the end, and gives the exit code.
  func end() throws -> Int32 {
    let limit = Date(timeIntervalSinceNow: 30)
    while ended.wait(timeout: .now()) == .timedOut, process.isRunning {
      _ = receive(milliseconds: 50)
      guard Date() < limit else { throw NotShown(wanted: "the end", shown: shown) }
    }
    while receive(milliseconds: 50) {}
    return process.terminationStatus
  }

  /// Whether the terminal shows what is typed, a line at a time, as it did at the start.
  var isRestored: Bool {
    var settings = termios()
    guard unsafe tcgetattr(terminal.fileDescriptor, &settings) == 0 else { return false }
    let wanted = tcflag_t(ECHO | ICANON | ISIG)
    return settings.c_lflag & wanted == wanted
  }

  private func receive(milliseconds: Int32) -> Bool {
    var list = [pollfd(fd: person.fileDescriptor, events: Int16(POLLIN), revents: 0)]
    guard unsafe poll(&list, 1, milliseconds) > 0, list[0].revents & Int16(POLLIN) != 0 else { return false }
    let text = String(decoding: person.availableData, as: UTF8.self)
    shown += text
    screen.show(text)
    return true
  }
}

/// What is left to see on a terminal: lines that wrap, and the few sequences that the program uses.
struct Screen {
  let columns: Int
  private var rows: [[Character]] = [[]]
  private var (row, column) = (0, 0)

  init(columns: Int) { self.columns = columns }

  var text: String { rows.map { String($0) }.joined(separator: "\n") }

  mutating func show(_ text: String) {
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n": moveDown()
      case "\u{1b}":
        rest = rest.first == "[" ? rest.dropFirst() : rest
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        let count = Int(String(String.UnicodeScalarView(digits))) ?? 1
        switch rest.popFirst() {
        case "A": row = Swift.max(0, row - count)
        case "J":
          rows.removeSubrange((row + 1)...)
          rows[row] = Array(rows[row].prefix(column))
        case "K": rows[row] = []
        default: break
        }
      default: put(Character(scalar))
      }
    }
  }

  private mutating func put(_ character: Character) {
    if column == columns {
      column = 0
      moveDown()
    }
    while rows[row].count < column { rows[row].append(" ") }
    if column < rows[row].count { rows[row][column] = character } else { rows[row].append(character) }
    column += 1
  }

  private mutating func moveDown() {
    row += 1
    if row == rows.count { rows.append([]) }
  }
}
