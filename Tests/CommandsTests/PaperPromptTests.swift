import Foundation
import Testing

/// Cards of a paper backup on a terminal: shown one by one and wiped; typed, checked word by word.
@Suite(.serialized) struct PaperPromptTests {
  private let folder = try? Folder()
  private var url: URL { folder?.url ?? URL(fileURLWithPath: "/nowhere") }

  private func backup(columns: Int = 100, environment: [String: String] = [:]) throws -> Conversation {
    try Conversation(
      ["key", "backup", "--shares", "2", "of", "3", "--as", "dana", "--passphrase-file", "pw"], in: url,
      columns: columns, environment: environment)
  }

  private func restore(_ more: [String] = [], environment: [String: String] = [:]) throws -> Conversation {
    try Conversation(
      ["key", "restore", "dana", "--keys", "K2", "--passphrase-file", "pw", "--work-factor", "10"] + more, in: url,
      environment: environment)
  }

  /// Types a card, `size` words in a line.
  private func type(_ words: [String], _ talk: Conversation, size: Int = 11) throws {
    for start in stride(from: 0, to: words.count, by: size) {
      try talk.wait(for: "card, word \(start + 1) of 33")
      try talk.wait(for: ": ")
      try talk.type(words[start..<min(start + size, words.count)].joined(separator: " ") + "\n")
    }
  }

  @Test(arguments: [100, 80, 40, 30])
  func cardsAreShownOneByOneAndWiped(columns: Int) throws {
    try Office.named("hybrid").copy(to: url)
    let talk = try backup(columns: columns)
    try talk.wait(for: "read over your shoulder")
    try talk.answer("Return shows the first card: ", "\n")
    for number in 1...3 {
      try talk.wait(for: "Card \(number) of 3: a piece of the key of dana")
      try talk.wait(for: "Return wipes it: ")
      try talk.type("\n")
    }
    #expect(try talk.end() == 0, "\(talk.shown)")
    let cards = PaperCards(printed: talk.shown.replacingOccurrences(of: "\r", with: ""))
    #expect(cards.lines.count == 3 && cards.codes.count == 3)
    let left = talk.screen.text
    for number in 1...3 { #expect(left.contains("card \(number)  \(cards.codes[number - 1])"), "\(left)") }
    #expect(!left.contains("Return wipes it") && !left.contains("a piece of the key"), "\(left)")
    // No row of words is left; a word alone may be one of a sentence.
    #expect(left.firstMatch(of: /\d+ [a-z]{4,8}\s+\d+ [a-z]{4,8}/) == nil, "\(left)")
    // They bring the key back.
    try Data((cards.lines[0] + "\n" + cards.lines[2] + "\n").utf8).write(to: url.appendingPathComponent("cards"))
    let outcome = try Binary.run(
      ["key", "restore", "dana", "--keys", "K2", "--cards", "cards", "--passphrase-file", "pw", "--work-factor", "10"],
      in: url)
    #expect(outcome.exit == 0, "\(outcome.err)")
  }

  @Test(arguments: ["\u{3}", "\u{4}"])
  func whoeverStopsLeavesNoWordOnTheScreen(_ key: String) throws {
    try Office.named("hybrid").copy(to: url)
    let talk = try backup()
    try talk.answer("Return shows the first card: ", "\n")
    try talk.wait(for: "Return wipes it: ")
    try talk.type(key)
    #expect(try talk.end() == (key == "\u{3}" ? 130 : 15))
    #expect(!talk.screen.text.contains("Card 1 of 3"), "\(talk.screen.text)")
    #expect(!talk.shown.contains("Card 2 of 3"))
    #expect(talk.isRestored)
  }

  @Test func aTerminalThatIsNotDrawnAnewIsSaidToKeepTheWords() throws {
    try Office.named("hybrid").copy(to: url)
    let talk = try backup(environment: ["TERM": "dumb"])
    try talk.wait(for: "the words stay on this screen")
    for _ in 0...3 { try talk.answer(": ", "\n") }
    #expect(try talk.end() == 0)
    #expect(!talk.shown.contains("\u{1b}"))
  }

  @Test func aPageAndNoInputAreNotForAScreen() throws {
    try Office.named("hybrid").copy(to: url)
    for (flag, code) in [("--page", Int32(64)), ("--no-input", 15)] {
      let talk = try Conversation(
        ["key", "backup", flag, "--as", "dana", "--passphrase-file", "pw", "--shares", "2", "of", "3"], in: url)
      #expect(try talk.end() == code)
      #expect(!talk.shown.contains("Card 1"))
    }
  }

  @Test func aKeyComesBackFromTypedCards() throws {
    try Office.named("hybrid").copy(to: url)
    let cards = try PaperCards.of("dana", in: url)
    let talk = try restore()
    // Four letters, capitals, a word that is none, one that is taken back, more words than there are.
    var first = cards.words(3).map { String($0.prefix(4)) }
    first[1] = first[1].uppercased()
    try talk.answer("First card, word 1 of 33: ", first[0...4].joined(separator: " ") + "\n")
    try talk.answer("First card, word 6 of 33 (after \(cards.words(3)[4])): ", "acadmeic zzz\n")
    try talk.wait(for: "Word 6 is not in the list. Near it: academic")
    try talk.answer("word 6 of 33", "zero\n")
    try talk.answer("word 7 of 33 (after zero): ", "<\n")
    try talk.answer("word 6 of 33", first[5...].joined(separator: " ") + " zero\n")
    try talk.wait(for: "there are more words than a card has")
    try talk.answer("Check code of card 3, or Return: ", "K-0000-0000\n")
    try talk.wait(for: "that is no check code, or a letter of it is wrong")
    try talk.answer("Check code of card 3, or Return: ", cards.codes[2].lowercased() + "\n")
    try talk.wait(for: "card 3 is good; 1 more needed")
    // The same one again.
    try type(cards.words(3), talk, size: 33)
    try talk.wait(for: "card 3 was given twice: it was left out")
    try type(cards.words(1), talk)
    try talk.answer("Check code of card 1, or Return: ", "\n")
    try talk.wait(for: "there are enough")
    #expect(try talk.end() == 0, "\(talk.shown)")
    let left = talk.screen.text
    #expect(left.contains("restored  K2/dana.key") && left.contains("card 1  \(cards.codes[0])"), "\(left)")
    #expect(!left.contains("of 33") && !left.contains(first[0...4].joined(separator: " ")), "\(left)")
    #expect(!left.contains("(after"), "\(left)")
  }

  @Test func aCardThatDoesNotAddUpIsNeverCorrectedByGuessing() throws {
    try Office.named("hybrid").copy(to: url)
    let cards = try PaperCards.of("dana", in: url)
    let talk = try restore()
    var wrong = cards.words(1)
    wrong[8] = wrong[8] == "acid" ? "acne" : "acid"
    try type(wrong, talk, size: 33)
    try talk.wait(for: "the words do not add up: one of them, or more")
    try talk.answer("or Return to type the card again: ", "40 acid\n")
    try talk.answer("or Return to type the card again: ", "acid\n")
    try talk.wait(for: "that is not a number and a word")
    try talk.answer("or Return to type the card again: ", "9 \(cards.words(1)[8])\n")
    try talk.answer("Check code of card 1, or Return: ", "\(cards.codes[1])\n")
    // Return begins a card again; another key's cards are named.
    try type(wrong.reversed(), talk, size: 33)
    try talk.answer("or Return to type the card again: ", "\n")
    let other = try PaperCards.of("dana", in: url)
    try type(other.words(2), talk, size: 33)
    try talk.wait(for: "card 2 is of another backup than the first card that was given: it was left out")
    try type(cards.words(2), talk, size: 33)
    try talk.answer("Check code of card 2, or Return: ", "\n")
    // The code of card 1 was that of another card.
    try talk.wait(for: "another key than the one that the check code of card 1")
    try talk.answer("Check code of card 1 again, or Return to leave it out: ", cards.codes[0] + "\n")
    #expect(try talk.end() == 0, "\(talk.shown)")
    for word in ["wrong word 9", "word 9 is wrong"] { #expect(!talk.shown.contains(word)) }
  }

  @Test(arguments: ["\u{3}", "\u{4}"])
  func whoeverStopsTypingMakesNothing(_ key: String) throws {
    try Office.named("hybrid").copy(to: url)
    let before = try Folder.tree(url)
    let cards = try PaperCards.of("dana", in: url)
    let talk = try restore()
    try talk.answer("First card, word 1 of 33: ", cards.words(1)[0...20].joined(separator: " ") + "\n")
    try talk.wait(for: "word 22 of 33")
    try talk.type(key)
    #expect(try talk.end() == (key == "\u{3}" ? 130 : 15))
    #expect(!talk.screen.text.contains(cards.words(1)[0...3].joined(separator: " ")), "\(talk.screen.text)")
    #expect(try Folder.tree(url) == before)
    #expect(talk.isRestored)
  }

  @Test func forgettingIsConfirmedByTheName() throws {
    try Office.named("hybrid").copy(to: url)
    let before = try Folder.tree(url)
    for typed in ["y\n", "\n", "\u{4}"] {
      let talk = try Conversation(["key", "forget", "nura"], in: url)
      try talk.answer("Type nura to go on: ", typed)
      #expect(try talk.end() == 15)
      #expect(try Folder.tree(url) == before)
    }
    let talk = try Conversation(["key", "forget", "nura"], in: url)
    try talk.wait(for: "To be removed: nura.key, nura.card.")
    try talk.answer("Type nura to go on: ", "nura\n")
    #expect(try talk.end() == 0)
    #expect(talk.shown.contains("forgotten  nura"))
  }
}
