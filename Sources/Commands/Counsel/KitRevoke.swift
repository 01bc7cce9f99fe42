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
  @Option(help: ArgumentHelp("The last note that counts, by its number or receipt code.", valueName: "number or code"))
  var last: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    try session.require(.counsel)
    let revoked =
      try common.dryRun ? session.kitRevocation(worker, last: last) : session.revokeKit(worker, last: last)
    let what =
      revoked.last.map { Message("number \($0.number) is the last that counts") }
      ?? Message("none of its notes counts from now on")
    if common.dryRun {
      try face.out(Message("would revoke the kit of \(worker): \(what)"))
    } else {
      try face.done(Message("revoked  the kit of \(worker): \(what)"))
      face.say(
        Message("What it seals from now on is kept apart at intake. What it sealed before, nobody can take back."))
    }
    return [
      "worker": .string(worker), "kit": .hash(revoked.kit),
      "last": revoked.last.map { .integer(Int64($0.number)) } ?? .null,
      "receipt": revoked.last.map { .string(ReceiptCode(of: $0.head).description) } ?? .null,
    ]
  }
}
