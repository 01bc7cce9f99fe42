import Age
import ArgumentParser
import Platform
import Record
import Shares
import Sodium
import TestimonyVault

struct KeyNew: Verb {
  static let words = "key new"
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a key for one person on this device.",
    discussion: "Writes NAME.key (protected by a passphrase) and NAME.card (to give to the founder) into Keys/.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "The name: 2 to 31 letters a-z, digits and dashes.")
  var name: String
  @Flag(help: "An X25519 key, for a vault that was founded with --classic.")
  var classic = false
  @OptionGroup var protection: NewPassphraseOptions

  func perform(_ face: Face) throws -> JSON {
    let name = try Face.name(self.name)
    let keyFile = PathBytes("\(name.text).key")
    let cardFile = PathBytes("\(name.text).card")
    for file in [keyFile, cardFile] {
      let path = common.keysPath.appending(file)
      if (try? FileSystem.linkStatus(path)) != nil { throw VaultError.alreadyThere(Place(path.description)) }
    }
    // Beside a vault, the key is of the vault's kind and bound to it.
    let vault = try here()
    let kind = vault.map { KeyKind(rawValue: $0.keys) ?? .hybrid } ?? (classic ? .classic : .hybrid)
    if classic, kind != .classic { throw VaultError.mixedKeys }
    if common.dryRun {
      try face.out("would make the key of \(name.text) in \(common.keysPath)")
      return [:]
    }
    let passphrase = try face.newPassphrase(choose: protection.choose)
    let key = MemberKey.make(name, kind: kind, vault: vault?.id)
    let sealed = try KeyFile.seal(key, passphrase: passphrase, logN: protection.logN)
    let card = try key.card()
    let keys = try KeyFolder(making: common.keysPath)
    try keys.write(keyFile, sealed, replacing: false)
    do { try keys.write(cardFile, card.note.encoded, replacing: false) } catch {
      // A key without its card would be in the way of the next try.
      keys.remove(keyFile)
      throw error
    }
    try face.done("made", "\(keys.path)/\(keyFile)  and its card, \(keys.path)/\(cardFile)")
    let words = CheckWords.of(card.hash)
    try face.out("check words  \(words.joined(separator: " "))")
    if let vault {
      face.say("for the vault \(VaultID(hash: vault.id).shown()): \(CheckWords.of(vault.id).joined(separator: " "))")
    }
    protection.warn(face)
    face.next("give \(cardFile) to the founder, and read the check words to them by another way")
    return [
      "name": .string(name.text), "member": .string(card.member.description), "kind": .string(kind.rawValue),
      "check-words": .array(words.map { .string($0) }),
    ]
  }

  private func here() throws -> VaultNote? {
    do { return try VaultFolder(opening: common.vaultPath).vaultNote() } catch VaultError.notAVault { return nil }
  }
}
