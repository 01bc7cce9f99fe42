import Age
import ArgumentParser
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
    let files = NewKeyFiles(name: name, folder: common.keysPath)
    try files.requireFree()
    // Beside a vault, the key is of the vault's kind and bound to it.
    let vault = try common.vaultNote()
    let kind = vault.map { KeyKind(rawValue: $0.keys) ?? .hybrid } ?? (classic ? .classic : .hybrid)
    if classic, kind != .classic { throw VaultError.mixedKeys }
    if common.dryRun {
      try face.out("would make the key of \(name.text) in \(common.keysPath)")
      return [:]
    }
    let passphrase = try face.newPassphrase(choose: protection.choose)
    let key = MemberKey.make(name, kind: kind, vault: vault?.id)
    let (card, paths) = try files.write(key, passphrase: passphrase, logN: protection.logN)
    try face.done("made", paths)
    let words = CheckWords.of(card.hash)
    try face.out("check words  \(words.joined(separator: " "))")
    if let vault {
      face.say("for the vault \(VaultID(hash: vault.id).shown()): \(CheckWords.of(vault.id).joined(separator: " "))")
    }
    protection.warn(face)
    face.next("give \(files.card) to the founder, and read the check words to them by another way")
    return [
      "name": .string(name.text), "member": .string(card.member.description), "kind": .string(kind.rawValue),
      "check-words": .array(words.map { .string($0) }),
    ]
  }
}
