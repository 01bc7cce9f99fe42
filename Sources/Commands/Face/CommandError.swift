import Platform
import Record

/// What goes wrong on this side of the vault: arguments, prompts, files handed in.
enum CommandError: Error {
  case name(String)
  case needsTerminal(for: Message)
  case passphraseTooShort
  case passphrasesDiffer
  case wordsDiffer
  case emptyPassphrase
  case cancelled
  case notConfirmed(String)
  case wrongConfirmation(String)
  case noKeys(String)
  /// A kit's questions: not `name: question`, or a name twice.
  case kitForm(String, line: Int)
  /// An answer that is not UTF-8.
  case notText
  case unknownRule(String)
  case unknownLanguage(String)
  case whichKey([String])
  /// Notes from the field that nothing says a case for.
  case whichCase(String)
  case notACard(String, RecordError)
  case form(String, Form.Failure)
  case file(String, SystemError)
  case standardInputTwice
  /// So many custodians that lock files become larger than the smallest class, in bytes.
  case largerLocks(Int, Int)
  case nothingToSeal
  case nothingToSearch
  case incompleteTranslation(String, [String])
  case noProposal(Int)
  case batch(String, String)
  case unknownRole(String)
  case editor(Message)
  case unknownLayer(String)
  case unknownForm(String)
  case textTooLarge(String, limit: Int)
  case notADate(String)
  case dateNotAhead(String)
  case dateTooFar(String)
}
