import Age
import ArgumentParser
import Platform
import Record
import Shares
import Sodium
import TestimonyVault

struct Init: Verb {
  static let words = "init"
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Found a vault, and make your key.",
    discussion: "Makes Vault/ and, in Keys/, your passphrase-protected key. You are its founder and its first counsel.")

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("Your name in any script, as members see it.", valueName: "name"))
  var displayName: String?
  @Flag(help: "X25519 keys only. The default is hybrid: X25519 and ML-KEM-768, against quantum computers.")
  var classic = false
  @OptionGroup var protection: NewPassphraseOptions

  func perform(_ face: Face) throws -> JSON {
    let name = try Face.name(common.person ?? Self.userName)
    let vault = foundingPath
    let keys = common.hasKeys ? common.keysPath : CommonOptions.keys(beside: vault)
    try Founding.check(vault: vault, keys: keys, name: name)
    if common.dryRun {
      try face.out("would make a vault in \(vault), and the key of \(name.text) in \(keys)")
      return [:]
    }
    face.say("Making a vault in \(vault), and your key in \(keys).")
    let passphrase = try face.newPassphrase(choose: protection.choose)
    let founded = try Founding.found(
      vault: vault, keys: keys, name: name, displayName: displayName ?? name.text, kind: classic ? .classic : .hybrid,
      passphrase: passphrase, logN: protection.logN)
    let id = VaultID(hash: founded.note.id).shown()
    let words = CheckWords.of(founded.note.id)
    try face.done("founded", "vault \(id)  you are its founder, \(name.text)")
    try face.out("check words  \(words.joined(separator: " "))")
    protection.warn(face)
    face.next(
      "\(Program.name) member admit FILE --role reviewer   (then: \(Program.name) case new --title TITLE)")
    return [
      "vault": .string(founded.note.id.description), "shown": .string(id), "founder": .string(name.text),
      "keys": .string(founded.note.keys), "check-words": .array(words.map { .string($0) }),
    ]
  }

  /// Where a new vault goes: never into one that lies further up.
  private var foundingPath: PathBytes {
    if let vault = common.vault { return PathBytes(vault) }
    if let vault = Environment.value("TESTIMONY_VAULT"), !vault.isEmpty { return PathBytes(vault) }
    return "Vault"
  }

  private static var userName: String {
    let user = Environment.value("USER") ?? Environment.value("LOGNAME") ?? ""
    return (try? PersonName(user)) == nil ? "founder" : user
  }
}
