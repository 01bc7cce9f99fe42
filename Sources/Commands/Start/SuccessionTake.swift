import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct SuccessionTake: Verb {
  static let words = "succession take"
  static let configuration = CommandConfiguration(
    commandName: "take", abstract: "Take the vault as its new founder, once enough have signed.",
    discussion: "From then on your key writes the roster. What the old founder's key signs later is late.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    try session.checkTaking()
    let old = session.log.roster.founderMember?.name
    let audience = try face.readers(of: CircleName.members, session)
    if common.dryRun {
      try face.out("would take the vault, sealed to \(audience)")
      return ["sealed-to": .string(CircleName.members)]
    }
    try session.takeVault()
    try face.done("taken", "you are the founder, \(session.key.name.text)  the entry sealed to \(audience)")
    if let old { face.next("if \(old)'s key is in other hands: \(Program.name) member remove \(old) --reason TEXT") }
    return ["founder": .string(session.key.name.text), "former": old.map { .string($0) } ?? .null]
  }
}
