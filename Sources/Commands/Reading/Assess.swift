import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Assess: Verb {
  static let words = "assess"
  static let configuration = CommandConfiguration(
    commandName: "assess", abstract: "Write what you make of a record, for those who review its case.",
    discussion: "It cannot be changed later, only followed by another one.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record.", valueName: "record"))
  var record: String
  @OptionGroup var text: ReviewText

  func perform(_ face: Face) throws -> JSON {
    let given = try text.read(text.file, as: .assessment, atMost: Session.reviewLimit)
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    let id = try session.findRecord(record)
    let audience = try face.reviewers(of: try session.history(of: id).caseID, session)
    if common.dryRun {
      try face.out("would seal an assessment of \(id.shown()) to \(audience)")
      return ["record": .string(id.shown()), "sealed-to": .string(audience)]
    }
    try session.assess(id, fields: given ?? Editing.form(.assessment, face))
    try face.done("assessed", "\(id.shown())  sealed to \(audience)")
    return ["record": .string(id.shown()), "id": .string(id.hash.description), "sealed-to": .string(audience)]
  }
}

/// Words handed in as a file, or written in the editor.
struct ReviewText: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The text: a filled form (template assessment), JSON or text; - for standard input.", valueName: "file"))
  var file: String?
  @Flag(help: "Write it in an editor; no unsealed file is made.")
  var edit = false

  func validate() throws {
    guard (file != nil) != edit else { throw ValidationError("give the text with --file, or write it with --edit.") }
  }

  func read(_ file: String?, as kind: FormKind, atMost limit: Int) throws -> JSON? {
    try file.map { try HandedIn.fields($0, as: kind, atMost: limit) }
  }
}

extension Face {
  /// The circle that reviews a case, as people.
  func reviewers(of caseID: ThingID, _ session: Session) throws -> String {
    guard let body = session.log.cases[caseID] else { throw VaultError.notHere(caseID.shown()) }
    return try readers(of: body.reviewers, session)
  }
}
