import Age
import Platform
import Record
import Shares
import Sodium
import TestimonyVault

/// Cards of a paper backup, typed on the terminal: each word is checked as it comes, each card when it is whole.
///
/// No more than the last word stays on a screen that may be drawn anew. A card that does not add up is not corrected by
/// the program, however near a right one is: the guess would be a card that nobody holds.
struct CardTyping {
  private let face: Face
  private let screen: WipedLines

  init(_ face: Face) throws {
    guard let terminal = Terminal.open() else { throw BackupRefusal.noCards }
    self.face = face
    screen = WipedLines(terminal, mayWipe: face.mayRedraw)
  }

  /// Asks for cards until there are enough, and they fit together.
  func restored(_ kind: KeyKind?) throws -> CardCollection.Restored {
    defer { screen.wipe() }
    face.say(
      "Type the words of a card, one or several in a line: four letters of each are enough. < takes the last one back.")
    if !face.mayRedraw { face.warn("what you type stays on this screen, which is not drawn anew: close it afterwards") }
    var cards = CardCollection()
    while true {
      while !cards.isEnough { try take(into: &cards) }
      do { return try cards.restored(kind) } catch BackupFault.doNotFit {
        say("\(Complaint(backup: .doNotFit).what); type another one")
        try take(into: &cards)
      } catch BackupFault.otherCode(let number) {
        say(Complaint(backup: .otherCode(number: number)).what.description)
        cards.change(codeOf: number, to: try code("Check code of card \(number) again, or Return to leave it out: "))
      }
    }
  }

  private func take(into cards: inout CardCollection) throws {
    let before = cards.count
    let share = try card(before + 1)
    do { try cards.add(share) } catch {
      return say("\(Complaint(backup: error).what): it was left out")
    }
    cards.change(codeOf: share.memberIndex, to: try code("Check code of card \(share.memberIndex), or Return: "))
    let missing = max(0, share.memberThreshold - cards.count)
    face.say("card \(share.memberIndex) is good; " + (missing == 0 ? "there are enough" : "\(missing) more needed"))
  }

  /// One whole card whose words add up. `ordinal` is only for the person: the card's number is in its words.
  private func card(_ ordinal: Int) throws -> Mnemonic {
    var card = TypedCard()
    while true {
      while !card.isWhole { try words(ordinal, into: &card) }
      do { return try card.share() } catch .checksum {
        if try !correct(&card) { card = TypedCard() }
      } catch {
        say("\(Complaint(backup: error).what): begin it again")
        card = TypedCard()
      }
    }
  }

  /// One line with words. The rest of a line behind a word that is none is dropped.
  private func words(_ ordinal: Int, into card: inout TypedCard) throws {
    screen.write("\(Self.ordinal(ordinal)) card, word \(card.count + 1) of \(PaperBackup.wordsOnACard)")
    if let last = card.lastWord() {
      screen.write(" (after ")
      screen.write(last)
      screen.write(")")
    }
    screen.write(": ")
    let line = try answer()
    for range in Self.words(in: line) {
      let word = line.bytes.extracting(range)
      if word.count == 1, word[0] == UInt8(ascii: "<") {
        card.removeLast()
      } else if card.isWhole {
        return say("there are more words than a card has: the rest of the line was dropped")
      } else if !card.add(word) {
        return sayUnknown(word, number: card.count + 1)
      }
    }
  }

  private func sayUnknown(_ word: Span<UInt8>, number: Int) {
    screen.write("Word \(number) is not in the list. ")
    for (index, near) in WordList.nearest(to: word).enumerated() {
      screen.write(index == 0 ? "Near it: " : ", ")
      screen.write(near)
    }
    screen.write("\n")
  }

  /// A whole card does not add up. False where it is to be typed again.
  private func correct(_ card: inout TypedCard) throws -> Bool {
    say(Complaint(backup: .checksum).what.description)
    screen.write("A number and the right word (7 academic), or Return to type the card again: ")
    let line = try answer()
    let ranges = Self.words(in: line)
    if ranges.isEmpty { return false }
    guard ranges.count == 2, let number = Self.number(line.bytes.extracting(ranges[0])) else {
      say("that is not a number and a word")
      return true
    }
    let word = line.bytes.extracting(ranges[1])
    if !card.replace(number, with: word) { sayUnknown(word, number: number) }
    return true
  }

  /// A check code, as it is typed; nil where it was left out.
  private func code(_ prompt: String) throws -> BackupCode? {
    while true {
      screen.write(prompt)
      let line = try answer()
      if Self.words(in: line).isEmpty { return nil }
      if let code = try? BackupCode(parsing: line.bytes) { return code }
      say("that is no check code, or a letter of it is wrong: it looks like K-7K3F-9QDM")
    }
  }

  private func answer() throws -> Secret {
    let line = try screen.readLine()
    screen.wipe()
    return line
  }

  /// What is wiped with the next answer.
  private func say(_ sentence: String) { screen.write("\(sentence)\n") }

  private static func ordinal(_ number: Int) -> String {
    ["First", "Second", "Third"].indices.contains(number - 1) ? ["First", "Second", "Third"][number - 1] : "Next"
  }

  private static func words(in line: borrowing Secret) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for index in 0...line.count where index == line.count || line.bytes[index] == 0x20 || line.bytes[index] == 0x09 {
      if start < index { ranges.append(start..<index) }
      start = index + 1
    }
    return ranges
  }

  private static func number(_ digits: Span<UInt8>) -> Int? {
    guard (1...2).contains(digits.count) else { return nil }
    var number = 0
    for index in digits.indices {
      guard (0x30...0x39).contains(digits[index]) else { return nil }
      number = 10 * number + Int(digits[index] - 0x30)
    }
    return number
  }
}
