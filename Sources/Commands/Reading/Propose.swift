import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Propose: Verb {
  static let words = "propose"
  static let configuration = CommandConfiguration(
    commandName: "propose", abstract: "Propose a public text for a case, to those who review it.",
    discussion: "Nothing becomes public by it: counsel publishes.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The case.", valueName: "case"))
  var caseID: String
  @Option(
    help: ArgumentHelp(
      "The text: a filled form (template public), JSON or text; - for standard input.", valueName: "file"))
  var summary: String?
  @Flag(help: "Write it in an editor.")
  var edit = false

  func validate() throws {
    guard (summary != nil) != edit else {
      throw ValidationError("give the text with --summary, or write it with --edit.")
    }
  }

  func perform(_ face: Face) throws -> JSON {
    let given = try summary.map { try HandedIn.fields($0, as: .public, atMost: PublicText.limit) }
    // What could not be published is said now, not when counsel tries.
    if let given { _ = try PublicText.split(given, face) }
    _ = try ShownID(caseID, of: .case)
    let session = try face.session()
    let id = try session.findCase(caseID)
    let audience = try face.reviewers(of: id, session)
    if common.dryRun {
      try face.out("would propose a public text for \(id.shown()), sealed to \(audience)")
      return ["case": .string(id.shown()), "sealed-to": .string(audience)]
    }
    try session.propose(id, fields: given ?? Editing.form(.public, face))
    let number = session.proposals(for: id).count
    try face.done("proposed", "\(id.shown())  proposal \(number)  sealed to \(audience)")
    face.next("counsel: \(Program.name) publish \(id.shown()) --proposal \(number)")
    return [
      "case": .string(id.shown()), "id": .string(id.hash.description), "proposal": .integer(Int64(number)),
      "sealed-to": .string(audience),
    ]
  }
}
