import ArgumentParser
import Platform
import Publishing
import Record
import Sodium
import TestimonyVault

struct KeyForget: Verb {
  static let words = "key forget"
  static let configuration = CommandConfiguration(
    commandName: "forget", abstract: "Remove a key from this machine, and say what remains elsewhere.",
    discussion:
      "Removes NAME.key, NAME.seen (with the keys of open requests), NAME.index and NAME.card from Keys/, after you typed "
      + "the name. No passphrase is needed. Nothing is overwritten: flash memory would keep it all the same.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "Whose key.")
  var name: String
  @Option(help: ArgumentHelp("The name again, instead of being asked for it.", valueName: "name"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    let name = try Face.name(self.name)
    let keys = try face.keyFolder()
    guard keys.hasKey(of: name) else { throw VaultError.noSuchKey(name.text) }
    let files = keys.files(of: name)
    let isFounder = isFounder(name, keys)
    if common.dryRun {
      for file in files { try face.out("would remove  \(keys.path)/\(file)") }
      return ["name": .string(name.text), "removed": names(files), "founder": .bool(isFounder)]
    }
    let losses = losses(name, files, isFounder)
    try face.confirm(name.text, given: confirm, shown: losses, about: "This key is forgotten here.")
    let forgotten = try keys.forget(name)
    try face.done("forgotten", name.text)
    for file in forgotten.files { try face.out("removed    \(keys.path)/\(file)") }
    for line in remaining(name) { try face.out("remains    \(line)") }
    let isLast = try keys.people().isEmpty
    if isLast { try face.out("No key is left in \(keys.path).") }
    if forgotten.isInUse {
      face.warn(
        "another run with this key is still working: end it, and run this again; until then it has the key in memory and "
          + "may write \(name.text).seen anew")
      face.exit = .partly
    }
    return [
      "name": .string(name.text), "removed": names(forgotten.files), "in-use": .bool(forgotten.isInUse),
      "last": .bool(isLast), "founder": .bool(isFounder),
    ]
  }

  private func names(_ files: [PathBytes]) -> JSON { .array(files.map { .string($0.description) }) }

  /// What is lost with the files, before they go.
  private func losses(_ name: PersonName, _ files: [PathBytes], _ isFounder: Bool) -> [String] {
    let toGo = files.isEmpty ? ["\(name.text).lock"] : files.map(\.description)
    var lines = ["To be removed: \(toGo.joined(separator: ", "))."]
    lines.append("Without a copy or a paper backup, nobody can read again what was sealed to this key alone.")
    if files.contains(PathBytes("\(name.text).seen")) {
      lines.append(
        "\(name.text).seen is sealed and was not looked at: what you opened and could not record yet, and open requests, "
          + "are lost with it.")
    }
    if isFounder {
      lines.append(
        "It is the founder's key: without it nobody is admitted or removed until a succession. See: "
          + "\(Program.name) succession show.")
    }
    return lines
  }

  /// What no command on this machine can reach.
  private func remaining(_ name: PersonName) -> [String] {
    [
      "copies of \(common.keysPath) and backups of this machine: with one, and the passphrase, the key is whole",
      "what this disk keeps of removed files; flash memory keeps it long: only the passphrase protects that",
      "the cards of a paper backup, if there are any, and the keys on other devices of the same person",
      "the membership, and all that was sealed to this key; counsel: \(Program.name) member suspend \(name.text), "
        + "the founder: \(Program.name) member remove \(name.text)",
    ]
  }

  /// Known where the vault and the card are at hand: the key itself is not opened.
  private func isFounder(_ name: PersonName, _ keys: KeyFolder) -> Bool {
    guard let bytes = try? keys.read(PathBytes("\(name.text).card")), let card = try? Card(parsing: bytes.span),
      let vault = try? VaultFolder(opening: common.vaultPath), let note = try? vault.vaultNote(),
      let founder = try? vault.publicListing(of: note).record.founder
    else { return false }
    return founder == card.founder
  }
}
