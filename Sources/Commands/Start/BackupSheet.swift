import Age
import Platform
import Record
import Shares
import Sodium
import TestimonyVault

/// What stands on one card of a key's paper backup, before it is laid out as text or as a page.
struct BackupSheet {
  let card: BackupCard
  let title: String
  let facts: [(label: String, value: String)]
  /// Above the words.
  let warning: String
  /// Below the words: how to use them, and what they cannot do.
  let notes: [String]

  init(_ card: BackupCard, of key: MemberKey) {
    let share = card.share
    let name = key.name.text
    let need = share.memberThreshold
    self.card = card
    title = "Card \(card.number) of \(card.count): a piece of the key of \(name)"
    facts = [
      ("whose", name), ("kind", key.identity.kind.rawValue), ("check code", card.code.description),
      ("recipient words", Self.recipientWords(of: key.identity.recipient.text)),
    ]
    warning =
      "Any \(need) of the \(card.count) cards bring the key back; fewer tell nothing about it. Keep them apart, each "
      + "with another person or in another place. Whoever has \(need) of them reads what was sealed to \(name), and "
      + "needs no passphrase."
    notes = [
      "To bring the key back: \(Program.name) key restore \(name). It asks for the \(PaperBackup.wordsOnACard) words and the check code of "
        + "\(need) cards.",
      "Without this program: any SLIP-39 tool with an empty passphrase, or Scripts/emergency/words-to-key, makes the "
        + "32 bytes of the \(key.identity.kind.rawValue) age identity, which age takes.",
      "What the cards cannot do: sign. The signing keys are not in them; the founder removes the lost key and admits a "
        + "new one.",
      "The check code may be said to whoever asks which card this is; its recipient words too. No word of the card may.",
    ]
  }

  /// The check words of a recipient: of its text, whatever card it stands on.
  static func recipientWords(of recipient: String) -> String {
    CheckWords.of(SHA256Hash(of: Array(recipient.utf8))).joined(separator: " ")
  }

  /// Calls `body` with the number and the letters of each of the words, in order.
  func forEachWord(_ body: (Int, Span<UInt8>) -> Void) {
    let words = card.share.encoded()
    for place in 0..<PaperBackup.wordsOnACard {
      guard let range = Passphrase.range(ofWord: place, in: words) else { return }
      body(place + 1, words.bytes.extracting(range))
    }
  }
}
