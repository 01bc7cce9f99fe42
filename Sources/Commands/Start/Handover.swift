import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Handover: Verb {
  static let words = "handover"
  static let configuration = CommandConfiguration(
    commandName: "handover", abstract: "Hand the registrar's place to a counsel, who issues checkpoints from then on.",
    discussion:
      "What the former registrar signed counts up to the newest checkpoint that is here, and no further; where two contradict each other, up to the one before them."
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The counsel.", valueName: "member"))
  var name: String
  @Option(help: ArgumentHelp("The name again, instead of being asked for it.", valueName: "member"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let member = try session.checkHandover(to: name)
    if let count = try session.checkpointsBeforeFork() {
      face.warn(
        "two checkpoints contradict each other: those up to number \(count) hold, and what the former registrar signed behind it counts no more; keep the files, they are evidence"
      )
    }
    let audience = try face.readers(of: CircleName.members, session)
    if common.dryRun {
      try face.out("would hand the registrar's place to \(member.name), the entry sealed to \(audience)")
      return ["name": .string(member.name), "sealed-to": .string(CircleName.members)]
    }
    try face.confirm(
      member.name, given: confirm, shown: [face.line(of: member)],
      about: "From here on only \(member.name)'s device issues checkpoints.")
    let size = try session.handOver(to: member.name)
    try face.done(
      "handed over",
      "to \(member.name)  the former registrar counts up to \(Amounts.count(size, "name", "names"))  the entry sealed to \(audience)"
    )
    face.next("\(Program.name) checkpoint --as \(member.name)")
    return ["name": .string(member.name), "size": .integer(Int64(size))]
  }
}
