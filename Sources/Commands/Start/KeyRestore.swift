import Age
import ArgumentParser
import Platform
import Record
import Shares
import Sodium
import TestimonyVault

struct KeyRestore: Verb {
  static let words = "key restore"
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Bring a key back from its cards.",
    discussion:
      "Asks for the words of the cards that key backup made, until there are enough, and writes NAME.key, under a new "
      + "passphrase, and NAME.card. The age identity is the old one; all signing keys are new, so the founder removes the "
      + "lost key and admits the new card. Whoever has the old key file and its passphrase still reads: if it was taken "
      + "rather than lost, make another key instead (key new).")

  @OptionGroup var common: CommonOptions
  @Argument(help: "The name: that of the lost key, or another.")
  var name: String
  @Flag(help: "The cards are those of an X25519 key, of a vault that was founded with --classic.")
  var classic = false
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Read the cards from files: the words of one card in a line, its check code below it or not at all.",
      valueName: "file"))
  var cards: [String] = []
  @OptionGroup var protection: NewPassphraseOptions

  func perform(_ face: Face) throws -> JSON {
    let name = try Face.name(self.name)
    let files = NewKeyFiles(name: name, folder: common.keysPath)
    try files.requireFree()
    let vault = try common.vaultNote()
    let known = vault.map { KeyKind(rawValue: $0.keys) ?? .hybrid } ?? (classic ? .classic : nil)
    if classic, known != .classic { throw VaultError.mixedKeys }
    if common.dryRun {
      try face.out("would bring the key of \(name.text) back into \(common.keysPath), with new signing keys")
      return [:]
    }
    let isTyped = cards.isEmpty && StandardStreams.isTerminal(.in) && !common.noInput
    if !isTyped, cards.isEmpty {
      if StandardStreams.isTerminal(.in) { throw BackupRefusal.noCards }
      if common.passphraseDescriptor == 0 { throw CommandError.standardInputTwice }
    }
    // A passphrase that is handed over, or cannot be asked for, is looked at before anybody types cards.
    let isAsked = common.passphraseFile == nil && common.passphraseDescriptor == nil && !common.noInput
    let given = isAsked ? nil : SecretBox(try face.newPassphrase(choose: protection.choose))
    let restored = isTyped ? try CardTyping(face).restored(known) : try read().restored(known)
    let passphrase = try given ?? SecretBox(face.newPassphrase(choose: protection.choose))
    let key = MemberKey.make(name, identity: restored.identity, vault: vault?.id)
    let (card, paths) = try files.write(key, passphrase: passphrase.secret, logN: protection.logN)
    try face.done("restored", paths)
    return try tell(restored, card, files, face)
  }

  /// The cards that were handed in: all are looked at, also those beyond the number that is needed.
  private func read() throws -> CardCollection {
    var collection = CardCollection()
    if cards.isEmpty { try take(StandardStreams.input, "standard input", into: &collection) }
    for file in cards {
      let path = PathBytes(file)
      let descriptor: Descriptor
      do { descriptor = try FileSystem.openForReading(path) } catch { throw CommandError.file(path.description, error) }
      try take(descriptor, path.description, into: &collection)
    }
    return collection
  }

  private func take(_ descriptor: Descriptor, _ place: String, into collection: inout CardCollection) throws {
    let text: Secret
    do { text = try descriptor.readSecret(atMost: 1 << 16) } catch { throw CommandError.file(place, error) }
    do throws(CardLines.Fault) {
      for line in try CardLines.read(text) {
        do { try collection.add(line.share, code: line.code) } catch { throw line.fault(error) }
      }
    } catch { throw BackupRefusal.card(place, line: error.line, error.fault) }
  }

  private func tell(
    _ restored: CardCollection.Restored, _ card: Card, _ files: NewKeyFiles, _ face: Face
  ) throws -> JSON {
    let recipientWords = BackupSheet.recipientWords(of: card.recipient)
    let words = CheckWords.of(card.hash).joined(separator: " ")
    for one in restored.codes { try face.out("card \(one.number)  \(one.code)") }
    try face.out("recipient words  \(recipientWords)")
    try face.out("check words      \(words)")
    for number in restored.falseCards {
      face.warn("card \(number) does not fit the others: it is false, and was left out")
    }
    let kind = restored.identity.kind
    if !restored.isKindKnown {
      face.warn(
        "nothing said of which kind the key is, and it was taken for a \(kind.rawValue) one: compare its recipient words "
          + "with the cards'; of a classic key, forget this one and add --classic")
    }
    face.say("Compare the codes and the recipient words with the cards: the same words mean the same key.")
    face.say(
      "The check words are new, as the signing keys are. Whoever has the old key file, and its passphrase, still reads."
    )
    protection.warn(face)
    face.next(
      "the founder: \(Program.name) member remove NAME, then \(Program.name) member admit \(files.card); "
        + "of the founder's own key: \(Program.name) succession first")
    return [
      "name": .string(name), "member": .string(card.member.description), "kind": .string(kind.rawValue),
      "recipient": .string(card.recipient), "recipient-words": .string(recipientWords), "check-words": .string(words),
      "cards": .array(
        restored.codes.map { ["number": .integer(Int64($0.number)), "code": .string($0.code.description)] }),
      "false-cards": .array(restored.falseCards.map { .integer(Int64($0)) }),
    ]
  }
}
