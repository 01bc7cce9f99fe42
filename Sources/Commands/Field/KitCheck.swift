import ArgumentParser
import Record
import Shares
import Sodium
import TestimonyVault

struct KitCheck: Verb {
  static let words = "kit check"
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "In the field: check this kit, and prove that it cannot open what it writes.",
    discussion: "Compare the words with those on your card. It tries its own key on every file in its outbox.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var kit: KitOptions

  func perform(_ face: Face) throws -> JSON {
    let kit = try face.fieldKit(kit)
    let words = CheckWords.of(kit.vault.id)
    let proof = try kit.proveBlindness()
    try face.out(Message("vault  \(VaultID(hash: kit.vault.id).shown())"))
    try face.out(Message("check words  \(words.joined(separator: " "))"))
    try face.out(Message("kit  \(kit.note.worker), until \(kit.note.until)"))
    let quorum = kit.quorum
    try face.out(
      Message(
        "seals  notes to counsel; a source's name to \(quorum.threshold) of \(quorum.recipients.count) custodians"))
    try face.out(Message("tried  this kit's key on \(proof.tried) of its files: it opened \(proof.opened)"))
    face.tellAge(of: kit)
    if proof.opened > 0 { face.exit = .damaged }
    if !proof.missing.isEmpty {
      face.exit = .damaged
      for file in proof.missing { try face.out(Message("missing  \(file)")) }
    }
    face.say(Message("Compare the words with those on your card. If they differ, write nothing with this kit."))
    return [
      "vault": .string(kit.vault.id.description), "check-words": .array(words.map { .string($0) }),
      "worker": .string(kit.note.worker), "until": .string(kit.note.until.description),
      "tried": .integer(Int64(proof.tried)), "opened": .integer(Int64(proof.opened)),
      "missing": .array(proof.missing.map { .string($0) }),
    ]
  }
}
