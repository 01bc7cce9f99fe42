import Shares

/// Why cards of a paper backup were not made, taken or put together. Never what stands on them.
public enum BackupFault: Error, Equatable, Sendable {
  // Cards that are made.
  /// One card would be the key itself, in clear.
  case oneIsEnough
  /// Not 2 ≤ needed ≤ cards ≤ 16.
  case numbers
  /// What was made does not combine to the key: nothing is shown.
  case unproven

  // A card that is read.
  /// The word at `place`, counted from 1, is not in the list.
  case word(place: Int)
  /// So many words, where a card has `PaperBackup.wordsOnACard`.
  case length(Int)
  /// The words do not add up: one or more of them are wrong.
  case checksum
  /// A SLIP-39 share, but not one of a key backup: of groups, or made with more than the empty passphrase's work.
  case notABackup
  /// What stands after a card is not a check code.
  case malformedCode

  // Cards together.
  /// Card `number` is of another set than the first.
  case otherSet(number: Int)
  case sameCard(number: Int)
  /// Two different cards say that they are number `number`.
  case twoOfOneNumber(number: Int)
  case tooFew(have: Int, need: Int)
  /// The cards are well formed and do not fit together: one or more are false.
  case doNotFit
  /// The check code that was given with card `number` is not that of the key which the cards bring back.
  case otherCode(number: Int)
  /// The check codes are those of a key of the other kind, hybrid or classic.
  case otherKind

  /// A share that could not be read, with as many words as were given.
  init(_ error: ShareError, words: Int) {
    switch error {
    case .word(let place): self = .word(place: place)
    case .length: self = .length(words)
    case .checksum: self = .checksum
    default: self = .notABackup
    }
  }
}
