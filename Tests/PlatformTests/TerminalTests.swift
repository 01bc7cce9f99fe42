import Glibc
import Sodium
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct TerminalTests {
  /// What the program reads when the person answers a prompt by `typing`; what was shown; whether echo was
  /// off meanwhile.
  private func answer(
    _ typing: String, echo: Bool = false
  ) throws -> (line: [UInt8]?, failure: SystemError?, shown: String, echoed: Bool) {
    let pty = try Pseudoterminal()
    let before = pty.settings
    nonisolated(unsafe) var echoed = false
    let person = inBackground {
      _ = try pty.waitFor("Passphrase: ")
      unsafe echoed = pty.echoes
      try pty.type(typing)
    }
    var line: [UInt8]?
    var failure: SystemError?
    do throws(SystemError) {
      line = bytes(of: try Terminal(pty.program).readLine(prompt: "Passphrase: ", echo: echo))
    } catch {
      failure = error
    }
    try person()
    #expect(pty.settings.c_lflag == before.c_lflag && pty.settings.c_iflag == before.c_iflag)
    return unsafe (line, failure, try pty.shown(), echoed)
  }

  @Test func aPassphraseIsNotShown() throws {
    let result = try answer("liberty recall\n")
    #expect(result.line == Array("liberty recall".utf8))
    #expect(result.shown == "\r\n")
    #expect(!result.echoed)
  }

  @Test func anAnswerIsShown() throws {
    let result = try answer("aunt bulb\r", echo: true)
    #expect(result.line == Array("aunt bulb".utf8))
    #expect(result.shown == "aunt bulb\r\n")
    #expect(result.echoed)
  }

  @Test func corrections() throws {
    #expect(try answer("abx\u{7f}c\n").line == Array("abc".utf8))
    #expect(try answer("ab维\u{7f}c\n").line == Array("abc".utf8), "a backspace takes a character, not a byte")
    #expect(try answer("wrong\u{15}right\n").line == Array("right".utf8))
    #expect(try answer("half\u{4}more\n").line == Array("halfmore".utf8))
    #expect(try answer("half\u{4}\u{4}").line == Array("half".utf8))
    #expect(try answer("\n").line == [])
    #expect(try answer("a\u{1a}\u{1c}b\n").line == [0x61, 0x1a, 0x1c, 0x62], "^Z and ^\\ do nothing")
  }

  @Test func controlDAtTheStartIsNoAnswer() throws {
    let result = try answer("\u{4}")
    #expect(result.line == nil && result.failure == nil)
  }

  @Test func aLineHasABound() throws {
    let longest = String(repeating: "x", count: Terminal.maximumLine)
    #expect(try answer(longest + "\n").line?.count == 4094)
    #expect(try answer(longest + "x\n").failure?.isTooLong == true)
    #expect(try answer(longest + "xxxxxxxxxx\n").failure?.isTooLong == true, "the kernel cuts such a line")
  }

  @Test func theNextLineIsKept() throws {
    let pty = try Pseudoterminal()
    let terminal = Terminal(pty.program)
    try pty.type("one\ntwo\n")
    #expect(bytes(of: try terminal.readLine(echo: false)) == Array("one".utf8))
    #expect(bytes(of: try terminal.readLine(echo: false)) == Array("two".utf8))
  }

  @Test func controlCRestoresAndThrows() async throws {
    let pty = try Pseudoterminal()
    let person = inBackground {
      _ = try pty.waitFor("Passphrase: ")
      try pty.type("half a pass\u{3}")
    }
    await #expect(processExitsWith: .exitCode(7)) { [path = pty.path as String] in
      Pseudoterminal.become(path)
      guard let terminal = Terminal.open() else { exit(1) }
      do throws(SystemError) {
        _ = try terminal.readLine(prompt: "Passphrase: ", echo: false)
      } catch {
        guard let settings = TerminalSettings(of: 0) else { exit(2) }
        exit(error.isInterrupted && settings.echoes && Interruption.signal == SIGINT ? 7 : 3)
      }
      exit(4)
    }
    try person()
    #expect(pty.echoes)
  }

  @Test func noTerminalIsNil() async {
    await #expect(processExitsWith: .exitCode(7)) {
      setsid()
      exit(Terminal.open() == nil ? 7 : 1)
    }
  }

  @Test func erasingAndWidth() throws {
    let pty = try Pseudoterminal()
    let terminal = Terminal(pty.program)
    terminal.write(Secret(copying: Array("aunt bulb".utf8).span))
    #expect(try pty.waitFor("bulb") == "aunt bulb")
    terminal.eraseLines(2)
    #expect(try pty.waitFor("J") == "\r\u{1b}[2A\u{1b}[J")
    var size = winsize(ws_row: 24, ws_col: 57, ws_xpixel: 0, ws_ypixel: 0)
    #expect(unsafe ioctl(pty.person.raw, UInt(TIOCSWINSZ), &size) == 0)
    #expect(terminal.width == 57)
  }
}

private func bytes(of secret: consuming Secret?) -> [UInt8]? {
  switch consume secret {
  case .some(let secret): secret.bytes.copy()
  case .none: nil
  }
}

extension TerminalSettings {
  var echoes: Bool {
    var value = termios()
    unsafe tcgetattr(0, &value)
    return value.c_lflag & tcflag_t(ECHO) != 0
  }
}
