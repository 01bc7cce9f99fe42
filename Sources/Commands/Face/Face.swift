import Platform
import Record
import Sodium
import TestimonyVault

/// What a person meets.
///
/// Standard output is what was asked for; standard error is progress, confirmations, warnings and errors; prompts and
/// one-time secrets go to the terminal. With `--json`, one object on standard output, and errors as JSON on standard
/// error. Data is prefixed and made visible when it is printed to a terminal, so that a note which contains our own
/// success line cannot pass for it.
final class Face {
  let options: CommonOptions
  let command: String
  /// The exit code of a verb that ended by itself: a verdict on what it found.
  var exit = ExitCodes.done
  /// The language of what is said: the environment's, until a kit is unlocked.
  private(set) var language = Language.ofEnvironment
  private var warnings: [Message] = []
  private var next: [Message] = []
  private var isUnread = false
  /// The session of this run, and how many of its remarks were said.
  var current: Session?
  var remarksSaid = 0
  /// Whether this run may keep something in `Keys/`.
  var remembering = false
  /// The work is in the vault: an error in reporting it must not have it done again.
  private var isDone = false

  init(_ options: CommonOptions, command: String) {
    self.options = options
    self.command = command
  }

  var isJSON: Bool { options.json }

  /// From here on in the kit's language, unless another is asked for.
  func speak(_ kitLanguage: String) { language = Language.demanded ?? Language(named: kitLanguage) }

  /// A sentence as a person reads it.
  func text(_ message: Message) -> String { message.written(in: language) }

  /// A line of what was asked for.
  func out(_ line: String) throws {
    if !isJSON { try write(line + "\n") }
  }

  func out(_ message: Message) throws { try out(text(message)) }

  /// Many lines of what was asked for, in one go.
  func out(lines: [String]) throws {
    if !isJSON, !lines.isEmpty { try write(lines.joined(separator: "\n") + "\n") }
  }

  /// Lines of other people's words: prefixed and made visible on a terminal, as they are elsewhere.
  func data(_ text: String) throws {
    if isJSON { return }
    guard StandardStreams.isTerminal(.out) else {
      return try write(text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n")
    }
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    for line in lines { try write("│ " + Visible.line(String(decoding: Array(line), as: UTF8.self)) + "\n") }
  }

  /// Foreign words inside a line of ours.
  func quoted(_ text: String) -> String {
    StandardStreams.isTerminal(.out) ? Visible.isolated(text) : Visible.line(text)
  }

  /// Other people's words in lines, prefixed and made visible, to be shown for a decision.
  func lines(of text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      "│ " + Visible.line(String(decoding: Array(line), as: UTF8.self))
    }
  }

  /// A confirmation or an explanation.
  func say(_ line: String) {
    if !options.quiet, !isJSON { StandardStreams.error(line + "\n") }
  }

  func say(_ message: Message) { say(text(message)) }

  /// What was done: the line that every writing verb ends with. Said with `-q` too, on standard output.
  func done(_ word: String, _ rest: String) throws {
    isDone = true
    try out("\(word)  \(rest)")
  }

  func done(_ message: Message) throws {
    isDone = true
    try out(message)
  }

  func warn(_ sentence: String) { warn(Message(verbatim: sentence)) }

  func warn(_ sentence: Message) {
    warnings.append(sentence)
    if !isJSON { StandardStreams.error(text(Message("warning: \(sentence)")) + "\n") }
  }

  /// The one obvious next step.
  func next(_ step: String) { next(Message(verbatim: step)) }

  func next(_ step: Message) {
    next.append(step)
    say(Message("Next: \(step)"))
  }

  func finish(_ data: JSON) throws {
    sayRemarks()
    if remembering { current?.keepIndex() }
    if Secret.lockingFailed {
      let limit = "ulimit -l"
      warn(Message("some memory could not be locked: secrets may reach the swap (raise the limit: \(limit))"))
    }
    guard isJSON else { return }
    let object: JSON = [
      "v": 1, "command": .string(command), "exit": .integer(Int64(exit.rawValue)), "data": data,
      "warnings": .array(warnings.map { .string($0.text(in: language)) }),
      "next": .array(next.map { .string($0.text(in: language)) }),
    ]
    try write(object.shown + "\n")
  }

  /// Says why the verb failed, and gives the verdict to end with.
  func fail(_ error: any Error) -> Verdict {
    let complaint = Complaint(error)
    StandardStreams.error(isJSON ? complaint.json(command, warnings, in: language) : complaint.text(in: language))
    return Verdict(code: complaint.exit)
  }

  /// Says what failed beside what is reported, and has the verb end with that verdict.
  func tell(_ error: any Error) { exit = fail(error).code }

  private func write(_ text: String) throws {
    if isUnread { return }
    do { try StandardStreams.output(text) } catch {
      // Nobody reads any more (`| head`): the work goes on, and the exit code stays its verdict.
      guard error.isBrokenPipe || isDone else { throw CommandError.file("standard output", error) }
      isUnread = true
      if !error.isBrokenPipe {
        let sentence = Message("it is done and durable; only this report could not be written: do not do it again")
        StandardStreams.error(self.text(Message("warning: \(sentence)")) + "\n")
      }
    }
  }
}
