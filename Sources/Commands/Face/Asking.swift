import Platform
import Record
import Shares
import Sodium
import TestimonyVault

/// Prompts: on the terminal only, and only where asking is allowed.
extension Face {
  /// The terminal, or the reason why there is none to ask on.
  func terminal(for purpose: Message) throws -> Terminal {
    guard !options.noInput, let terminal = Terminal.open() else { throw CommandError.needsTerminal(for: purpose) }
    return terminal
  }

  /// Whether lines on the terminal may be drawn anew.
  var mayRedraw: Bool {
    !options.plain && Environment.value("TERM") != "dumb" && Environment.value("ACCESSIBLE") != "1"
  }

  /// The passphrase that was handed over by descriptor or file; nil where it is to be asked for.
  func givenPassphrase() throws -> Secret? {
    let descriptor: Descriptor
    let place: String
    if let number = options.passphraseDescriptor {
      place = "descriptor \(number)"
      do { descriptor = try FileSystem.adopt(number) } catch { throw CommandError.file(place, error) }
    } else if let file = options.passphraseFile {
      place = PathBytes(file).description
      do { descriptor = try FileSystem.openForReading(PathBytes(file)) } catch { throw CommandError.file(place, error) }
    } else {
      return nil
    }
    return try Self.firstLine(descriptor, place)
  }

  /// The first line of a file, in guarded memory.
  static func firstLine(_ descriptor: Descriptor, _ place: String) throws -> Secret {
    let all: Secret
    do { all = try descriptor.readSecret(atMost: 4096) } catch { throw CommandError.file(place, error) }
    var end = 0
    while end < all.count, all.bytes[end] != UInt8(ascii: "\n") { end += 1 }
    if end > 0, all.bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    guard end > 0 else { throw CommandError.emptyPassphrase }
    return Secret(copying: all.bytes.extracting(0..<end))
  }

  /// Asks for a passphrase that exists already.
  func askPassphrase(for name: String) throws -> Secret {
    let terminal = try terminal(for: Message("the passphrase of \(name)"))
    guard let line = try terminal.readLine(prompt: text(Message("Passphrase of \(name): ")), echo: false) else {
      throw CommandError.cancelled
    }
    terminal.write("\n")
    return line
  }

  /// A new passphrase: handed over, or made here, shown once on the terminal, and two of its words typed back.
  func newPassphrase(words: Int = 8, choose: Bool) throws -> Secret {
    if let given = try givenPassphrase() { return try checkedLength(given) }
    return try askNewPassphrase(words: words, choose: choose)
  }

  /// A new passphrase, on the terminal.
  func askNewPassphrase(words: Int = 8, choose: Bool) throws -> Secret {
    choose ? try chosenPassphrase() : try madePassphrase(words: words)
  }

  private func chosenPassphrase() throws -> Secret {
    let terminal = try terminal(for: Message("a passphrase"))
    let prompt = text(Message("New passphrase (12 characters or more): "))
    guard let first = try terminal.readLine(prompt: prompt, echo: false) else { throw CommandError.cancelled }
    terminal.write("\n")
    let checked = try checkedLength(first)
    guard let second = try terminal.readLine(prompt: text(Message("Once more: ")), echo: false) else {
      throw CommandError.cancelled
    }
    terminal.write("\n")
    guard checked.equals(second) else { throw CommandError.passphrasesDiffer }
    return checked
  }

  func checkedLength(_ passphrase: consuming Secret) throws -> Secret {
    // Characters, not bytes: continuation bytes of UTF-8 do not count.
    var characters = 0
    for index in 0..<passphrase.count where passphrase.bytes[index] & 0xc0 != 0x80 { characters += 1 }
    guard characters >= 12 else { throw CommandError.passphraseTooShort }
    return passphrase
  }

  private func madePassphrase(words: Int) throws -> Secret {
    let terminal = try terminal(for: Message("somebody to show the new passphrase to"))
    let passphrase = Passphrase.generate(words: words)
    let first = Int(Random.uniform(below: UInt32(words)))
    var second = Int(Random.uniform(below: UInt32(words - 1)))
    if second >= first { second += 1 }
    let asked = [min(first, second), max(first, second)]
    let heading = text(Message("Your passphrase, shown this once:"))
    terminal.write("\(heading)\n\n    ")
    terminal.write(passphrase)
    terminal.write("\n\n")
    // Lines on the screen: a narrow terminal breaks them.
    let width = terminal.width
    var lines = 3 + Self.rows(TextWidth.columns(heading), width)
    lines += Self.rows(4 + passphrase.count, width) - 1
    for _ in 1...3 {
      let prompt = text(Message("Write it down now. Type word \(asked[0] + 1) and word \(asked[1] + 1): "))
      guard let answer = try terminal.readLine(prompt: prompt, echo: true) else { throw CommandError.cancelled }
      lines += Self.rows(TextWidth.columns(prompt) + answer.count, width)
      if Self.matches(answer, asked, of: passphrase) {
        // The words, the prompts and the answers leave the screen.
        if mayRedraw { terminal.eraseLines(lines) }
        return passphrase
      }
    }
    if mayRedraw { terminal.eraseLines(lines) }
    throw CommandError.wordsDiffer
  }

  /// How many lines of the screen a line of `columns` letters takes.
  static func rows(_ columns: Int, _ width: Int) -> Int { max(1, (columns + width - 1) / max(1, width)) }

  private static func matches(_ answer: borrowing Secret, _ asked: [Int], of passphrase: borrowing Secret) -> Bool {
    let typed = [0, 1].map { Passphrase.range(ofWord: $0, in: answer) }
    guard typed.allSatisfy({ $0 != nil }), Passphrase.range(ofWord: 2, in: answer) == nil else { return false }
    for (index, word) in asked.enumerated() {
      guard let range = Passphrase.range(ofWord: word, in: passphrase), let own = typed[index],
        ConstantTime.equal(passphrase.bytes.extracting(range), answer.bytes.extracting(own))
      else { return false }
    }
    return true
  }

  /// What cannot be undone is confirmed by typing the id, never by y or n. What is confirmed, `shown`, stands on the
  /// terminal that asks, whatever else is switched off.
  func confirm(_ id: String, given: String?, shown: [String], about sentence: String) throws {
    if let given {
      for line in shown { say(line) }
      guard given.uppercased() == id.uppercased() else { throw CommandError.wrongConfirmation(id) }
      return
    }
    guard !options.noInput, let terminal = Terminal.open() else { throw CommandError.notConfirmed(id) }
    for line in shown { terminal.write(line + "\n") }
    terminal.write("\(sentence)\n")
    guard let answer = try terminal.readLine(prompt: text(Message("Type \(id) to go on: ")), echo: true) else {
      throw CommandError.cancelled
    }
    let typed = String(decoding: answer.bytes.copy(), as: UTF8.self)
    guard typed.uppercased().split(separator: " ").joined() == id.uppercased() else {
      throw CommandError.wrongConfirmation(id)
    }
  }
}
