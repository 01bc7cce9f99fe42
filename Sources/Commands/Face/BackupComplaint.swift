import TestimonyVault

/// What is refused about paper backups before a card is made or read, or where in a file a card is wrong.
enum BackupRefusal: Error {
  case form
  case cardsAreForPeople
  case pageOnScreen
  case nobodyReads
  case noCards
  /// A card that was read from a file or from standard input.
  case card(String, line: Int, BackupFault)
}

// The sentences about paper backups. None has a word of a card.
extension Complaint {
  init(refusal: BackupRefusal) {
    switch refusal {
    case .form:
      self.init("usage: --shares takes how many cards are needed, of how many", hint: "--shares 2 of 3", exit: .usage)
    case .cardsAreForPeople:
      self.init(
        "usage: the cards are for paper: --json would hand the key to a program",
        hint: "without --json, and > FILE where it must be a file", exit: .usage)
    case .pageOnScreen:
      self.init("usage: --page is for a printer, not for the screen", hint: "> /dev/shm/cards.html", exit: .usage)
    case .nobodyReads:
      self.init(
        "the cards are shown to somebody who writes them down, and there is nobody to ask",
        hint: "without --no-input, or > FILE", exit: .cancelled)
    case .noCards:
      self.init(
        "no card was given, and there is nobody to ask",
        hint: "--cards FILE, or standard input: the words of one card in a line", exit: .usage)
    case .card(let place, let line, let fault):
      let complaint = Complaint(backup: fault)
      self.init("\(place), line \(line): \(complaint.what)", hint: complaint.hint, exit: complaint.exit)
    }
  }

  init(backup fault: BackupFault) {
    switch fault {
    case .oneIsEnough:
      self.init(
        "one card that is enough by itself is the key in clear", hint: "at least two: --shares 2 of 3", exit: .refused)
    case .numbers:
      self.init("usage: 2 to 16 cards, of which 2 or more are needed", hint: "--shares 2 of 3", exit: .usage)
    case .unproven:
      self.init(
        "internal error: the cards do not bring the key back, and are not shown", hint: "please report this",
        exit: .internalError)
    case .word(let place):
      self.init("word \(place) is not in the list", hint: "is a letter misread?", exit: .damaged)
    case .length(let count):
      self.init("there are \(count) words, and a card has \(PaperBackup.wordsOnACard)", exit: .damaged)
    case .checksum:
      self.init(
        "the words do not add up: one of them, or more, is another than on the card",
        hint: "compare it with the card, word by word", exit: .damaged)
    case .notABackup: self.init("this is not a card of a key's backup", exit: .damaged)
    case .malformedCode:
      self.init(
        "this is no check code below its card: a letter is wrong, or there is no card above it",
        hint: "it looks like K-7K3F-9QDM; it may be left out", exit: .damaged)
    case .otherSet(let number):
      self.init(
        "card \(number) is of another backup than the first card that was given",
        hint: "cards of one backup only: their first two words are the same", exit: .damaged)
    case .sameCard(let number): self.init("card \(number) was given twice", exit: .quorum)
    case .twoOfOneNumber(let number):
      self.init(
        "there are two different cards with the number \(number): one is false", hint: "leave one out, then the other",
        exit: .damaged)
    case .tooFew(let have, let need):
      self.init(
        have == 0 ? "no card was given" : "\(Amounts.count(have, "card is", "cards are")) here, and \(need) are needed",
        exit: .quorum)
    case .doNotFit:
      self.init(
        "the cards do not fit together: one of them is false, though its words add up",
        hint: "with another card it goes, and the false one is named", exit: .damaged)
    case .otherCode(let number):
      self.init(
        "the cards bring back another key than the one that the check code of card \(number) was made for",
        hint: "compare the code; where it is right, a card is false", exit: .damaged)
    case .otherKind:
      self.init(
        "the check codes are those of a key of the other kind, hybrid or classic, than was asked for or this vault has",
        hint: "leave --classic out, or name the right vault: --vault DIR", exit: .refused)
    }
  }
}
