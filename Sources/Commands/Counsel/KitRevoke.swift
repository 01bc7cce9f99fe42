import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct KitRevoke: Verb {
  static let words = "kit revoke"
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "End a kit: say which of its notes is the last that counts.",
    discussion: """
      What its chain leads to from that note counts, though it may arrive later; everything else, back-dated or not, is \
      kept apart at intake. Without --last: the newest that was filed.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "Whose kit.")
  var worker: String
  @Option(help: ArgumentHelp("The number of the last note that counts.", valueName: "number"))
  var last: Int?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    try session.require(.counsel)
    let kit = try session.kit(named: worker)
    if common.dryRun {
      try face.out(Message("would revoke the kit of \(worker)"))
      return ["worker": .string(worker), "kit": .hash(kit.body.kit)]
    }
    let revoked = try session.revokeKit(worker, last: last)
    let what =
      revoked.last.map { Message("number \($0.number) is the last that counts") }
      ?? Message("none of its notes counts from now on")
    try face.done(Message("revoked  the kit of \(worker): \(what)"))
    face.say(
      Message("What it seals from now on is kept apart at intake. What it sealed before, nobody can take back."))
    return [
      "worker": .string(worker), "kit": .hash(kit.body.kit),
      "last": revoked.last.map { .integer(Int64($0.number)) } ?? .null,
    ]
  }
}
