import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct KeyBackup: Verb {
  static let words = "key backup"
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Print cards of which some together bring your key back.",
    discussion:
      "Each card has a piece of your age identity as words (SLIP-39), and says how to use it. On a terminal the cards are "
      + "shown one by one, to be written down, and wiped; anywhere else they are written as text, or with --page as a "
      + "page of HTML to print. The signing keys are not in them: after key restore the founder admits a new one.")

  @OptionGroup var common: CommonOptions
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("How many cards are needed, of how many: 2 of 3.", valueName: "t of n"))
  var shares: [String]
  @Flag(help: "One self-contained page of HTML, a card on each sheet of paper, instead of text.")
  var page = false

  func perform(_ face: Face) throws -> JSON {
    if face.isJSON { throw BackupRefusal.cardsAreForPeople }
    let (threshold, count) = try numbers()
    try PaperBackup.check(threshold: threshold, of: count)
    let onScreen = StandardStreams.isTerminal(.out)
    if page, onScreen { throw BackupRefusal.pageOnScreen }
    let keys = try face.keyFolder()
    let name = try face.person(in: keys)
    guard keys.exists(PathBytes("\(name.text).key")) else { throw VaultError.noSuchKey(name.text) }
    if common.dryRun {
      let place = onScreen ? "show them here, one by one" : "write them to standard output"
      try face.out(
        "would make \(count) cards of the key of \(name.text), of which any \(threshold) bring it back, and \(place)")
      return [:]
    }
    // All of it is asked for before the passphrase.
    let terminal = onScreen ? try somebody() : nil
    let key = try face.unlock(name, in: keys)
    let cards = try PaperBackup.cards(of: key, threshold: threshold, of: count)
    let sheets = cards.map { BackupSheet($0, of: key) }
    if let terminal {
      try CardShowing(face: face, terminal: terminal).show(sheets)
    } else {
      try write(page ? BackupPage.whole(sheets) : BackupText.whole(sheets))
      face.warn(
        "what was written is the key in clear pieces, all in one place: any \(threshold) of these cards open what was "
          + "sealed to \(name.text). Write it to /dev/shm, print it there, and remove it; a disk, flash memory above all, "
          + "and a printer may keep what was removed")
    }
    // Standard output is the cards.
    for card in cards { face.say("card \(card.number)  \(card.code)") }
    face.next("keep the cards apart, and try \(threshold) of them: \(Program.name) key restore \(name.text) --keys DIR")
    return [:]
  }

  private func somebody() throws -> Terminal {
    guard !common.noInput, let terminal = Terminal.open() else { throw BackupRefusal.nobodyReads }
    return terminal
  }

  /// `2 of 3`, and no other form.
  private func numbers() throws -> (Int, Int) {
    let digits = { (text: String) in
      (1...2).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
    guard shares.count == 3, shares[1] == "of", let threshold = digits(shares[0]), let count = digits(shares[2]) else {
      throw BackupRefusal.form
    }
    return (threshold, count)
  }

  private func write(_ text: borrowing Secret) throws {
    do { try StandardStreams.output(text.bytes) } catch { throw CommandError.file("standard output", error) }
  }
}
