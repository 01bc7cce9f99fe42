import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct CaseNew: Verb {
  static let words = "case new"
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Open a case, which nobody outside sees.")

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("The title, as members read it.", valueName: "title"))
  var title: String
  @Option(
    help: ArgumentHelp(
      "More about it: a filled form (template case), JSON or text; - for standard input.", valueName: "file"))
  var situation: String?
  @Option(help: ArgumentHelp("The circle that reviews it.", valueName: "circle"))
  var reviewers = CircleName.reviewers

  func perform(_ face: Face) throws -> JSON {
    guard !title.isEmpty else { throw CommandError.form("--title", .empty) }
    let fields = try situation.map { try HandedIn.fields($0, as: .case) } ?? [:]
    let session = try face.session()
    try session.require(.counsel)
    if common.dryRun {
      try face.out("would open a case, sealed to \(face.readers(of: reviewers, session))")
      return ["sealed-to": .string(reviewers)]
    }
    let audience = try face.readers(of: reviewers, session)
    let id = try session.openCase(title: title, fields: fields, reviewers: reviewers)
    try face.done(
      "opened", "\(id.shown())  \(face.quoted(title))  sealed to \(audience)")
    face.next("\(Program.name) seal --case \(id.shown()) --testimony FILE")
    return ["case": .string(id.shown()), "id": .string(id.hash.description)]
  }
}

extension Face {
  /// A circle as people: `reviewers (3)`.
  func readers(of circle: String, _ session: Session) throws -> String {
    guard session.log.roster.current(circle) != nil else { throw VaultError.noCircle(circle) }
    return "\(circle) (\(session.log.roster.members(of: circle).count))"
  }
}
