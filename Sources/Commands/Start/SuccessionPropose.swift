import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct SuccessionPropose: Verb {
  static let words = "succession propose"
  static let configuration = CommandConfiguration(
    commandName: "propose", abstract: "Put a new founder in place, or sign for it as the first of several.",
    discussion:
      "For those whom the rule of succession names; the founder hands the vault on alone. Then the new founder takes it: succession take."
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The counsel who becomes the founder.", valueName: "member"))
  var name: String
  @Option(help: ArgumentHelp("The name again, instead of being asked for it.", valueName: "member"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let (member, need) = try session.checkProposal(of: name)
    if common.dryRun {
      try face.out(
        need > 1
          ? "would propose \(member.name) as the founder, 1 of \(need), for anyone to read"
          : "would put \(member.name) in place as the founder, for anyone to read")
      return ["name": .string(member.name), "need": .integer(Int64(need))]
    }
    try face.confirm(
      member.name, given: confirm, shown: [face.line(of: member)],
      about: "With as many signatures as the rule asks for, what the founder's key signs later counts for nothing.")
    if let proposal = try session.propose(founder: member.name) {
      try face.done(
        "proposed",
        "\(member.name) as the founder  \(proposal.signed.count) of \(proposal.need) have signed  \(proposal.handle)")
      face.next("another successor: \(Program.name) countersign \(proposal.handle)")
      return [
        "name": .string(member.name), "text": .string(proposal.hash.description),
        "have": .integer(Int64(proposal.signed.count)), "need": .integer(Int64(proposal.need)),
      ]
    }
    try face.done("put in place", "\(member.name) as the founder  for anyone to read")
    face.next("\(Program.name) succession take --as \(member.name)")
    return ["name": .string(member.name), "need": .integer(Int64(need))]
  }
}
