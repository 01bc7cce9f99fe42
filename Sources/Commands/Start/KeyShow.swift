import Age
import ArgumentParser
import Platform
import Publishing
import Record
import Shares
import Sodium
import TestimonyVault

struct KeyShow: Verb {
  static let words = "key show"
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the public half of your key: recipient and check words.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let keys = try face.keyFolder()
    let key = try face.unlock(try face.person(in: keys), in: keys)
    let card = try key.card()
    let words = CheckWords.of(card.hash)
    // Known where the vault is at hand.
    let vault = try? face.vaultFolder()
    let isFounder =
      (try? vault.map { try $0.publicListing(of: $0.vaultNote()).record.founder }) == key.founder.verifyingKey
    // A run that was killed between the two files, or somebody who tidied up: the card follows from the key.
    let cardFile = PathBytes("\(key.name.text).card")
    if !common.dryRun, !keys.exists(cardFile) {
      try keys.write(cardFile, card.note.encoded, replacing: false)
      face.say("wrote \(keys.path)/\(cardFile) anew")
    }
    try face.out("name         \(key.name.text)")
    try face.out("kind         \(key.identity.kind.rawValue)")
    try face.out("recipient    \(card.recipient)")
    try face.out("signing key  \(Hex.encode(card.signing.bytes))")
    try face.out("vault        \(key.vault.map { VaultID(hash: $0).shown() } ?? "not bound to one yet")")
    if isFounder { try face.out("             this is the founder's key") }
    try face.out("check words  \(words.joined(separator: " "))")
    return [
      "name": .string(key.name.text), "kind": .string(key.identity.kind.rawValue),
      "recipient": .string(card.recipient), "signing": .string(Hex.encode(card.signing.bytes)),
      "member": .string(card.member.description),
      "vault": key.vault.map { .string($0.description) } ?? .null, "founder": .bool(isFounder),
      "check-words": .array(words.map { .string($0) }),
    ]
  }
}
