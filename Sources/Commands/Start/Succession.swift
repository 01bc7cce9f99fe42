import ArgumentParser
import Record
import TestimonyVault

struct Succession: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "succession", abstract: "Who puts a new founder in place, if the founder is lost.",
    subcommands: [
      SuccessionShow.self, SuccessionSet.self, SuccessionPropose.self, SuccessionTake.self, SuccessionFollow.self,
    ], defaultSubcommand: SuccessionShow.self)
}

struct SuccessionShow: Verb {
  static let words = "succession show"
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "The rule, what is proposed, and who is to take the vault.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let state = try session.succession()
    let founder = session.log.roster.founderMember?.name
    try face.out("founder      \(founder ?? "an unknown key")")
    let names = state.successors.map(\.name)
    if state.threshold == 0 {
      try face.out("rule         none: if the founder's key is lost, nobody can change who belongs to the vault")
      face.next("\(Program.name) succession set 2 NAME NAME NAME")
    } else {
      try face.out("rule         \(state.threshold) of \(names.joined(separator: ", "))")
    }
    for one in state.proposed {
      try face.out("proposed     \(one.name)  \(one.have) of \(one.need) have signed  \(one.handle)")
      face.next("\(Program.name) countersign \(one.handle)")
    }
    if let name = state.awaited {
      try face.out("put in place \(name), who has not taken the vault yet: until then nothing is sealed")
      face.next("\(Program.name) succession take --as \(name)")
    }
    return [
      "founder": founder.map { .string($0) } ?? .null, "threshold": .integer(Int64(state.threshold)),
      "successors": .array(names.map { .string($0) }),
      "proposed": .array(
        state.proposed.map { one in
          [
            "name": .string(one.name), "text": .string(one.handle), "have": .integer(Int64(one.have)),
            "need": .integer(Int64(one.need)),
          ]
        }), "awaited": state.awaited.map { .string($0) } ?? .null,
    ]
  }
}
