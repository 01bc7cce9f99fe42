import ArgumentParser
import Record
import TestimonyVault

struct QuorumReplace: Verb {
  static let words = "quorum replace"
  static let configuration = CommandConfiguration(
    commandName: "replace", abstract: "Have another custodian hold the shares of one who leaves.",
    discussion: """
      OLD, on their own machine, seals all own shares to NEW. Where OLD cannot or will not, a counsel runs it: the \
      custodians are asked to approve that the keys are split anew under the quorum in force, which has NEW in OLD's \
      place; run it again when they have. With --all, keys that lie under any earlier quorum are. Nothing is shown, and \
      the log calls it that counsel's opening. Copies of old lock files elsewhere, with old shares, still count.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("Who leaves.", valueName: "OLD"))
  var old: String?
  @Argument(help: ArgumentHelp("Who holds the shares then.", valueName: "NEW"))
  var new: String?
  @Flag(help: "Bring every identity under the quorum in force, whoever held it.")
  var all = false
  @Option(help: ArgumentHelp("NEW's name again, instead of being asked for it.", valueName: "name"))
  var confirm: String?

  func validate() throws {
    guard all ? old == nil : old != nil && new != nil else { throw ValidationError("say OLD and NEW, or --all.") }
  }

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    guard let old, let new, session.log.roster.member(named: old)?.key == session.key.hash else {
      return try SplittingAnew.run(from: old, to: new, session, face)
    }
    let successor = try session.handingOn(to: new)
    try face.confirm([successor], session, whoHold: "your shares")
    if common.dryRun {
      try face.out("would seal all shares of \(old) to \(successor.name)")
      return ["from": .string(old), "to": .string(successor.name)]
    }
    try face.confirm(
      successor.name, given: confirm, shown: [],
      about: "\(successor.name) will hold your shares of every identity. That cannot be taken back.")
    let done = try session.handOn(to: new)
    try face.done(
      "handed on",
      "\(Amounts.count(done.shares, "share", "shares")) of \(Amounts.count(done.records, "record", "records")), sealed to \(done.successor)"
    )
    if done.damaged > 0 {
      face.warn("\(Amounts.count(done.damaged, "lock file", "lock files")) could not be read: verify names them")
      face.exit = .partly
    }
    face.say(
      "The lock files of before, and their copies elsewhere, still open to \(old)'s key: forget it, or keep it safe.")
    face.next("the founder: \(Program.name) quorum set T of NAME… with \(new), for what is sealed from now on")
    return [
      "from": .string(old), "to": .string(done.successor), "shares": .integer(Int64(done.shares)),
      "records": .integer(Int64(done.records)),
    ]
  }
}
