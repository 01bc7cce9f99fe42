import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct IntakeVerb: Verb {
  static let words = "intake"
  static let configuration = CommandConfiguration(
    commandName: "intake", abstract: "Take in notes from the field: files, folders, packed files, in any order, twice.",
    discussion: """
      Each drop that is whole, signed by a kit and in time becomes a record of its case; others are kept apart or left \
      where they are, and said. A plain age file to counsel's recipient is taken in as unsigned. Nothing that was handed \
      in is changed or removed. A second intake of the same changes nothing.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("Files and folders.", valueName: "file or dir"))
  var inputs: [String]
  @Option(
    name: .customLong("case"),
    help: ArgumentHelp("The case that they go to (default: the kit's, or asked).", valueName: "case"))
  var caseID: String?
  @Option(help: ArgumentHelp("The folder that receipts go to (default: this one).", valueName: "dir"))
  var receipts: String?
  @Option(
    help: ArgumentHelp("File also what would be kept apart, for this reason.", valueName: "reason"))
  var accept: String?

  func perform(_ face: Face) throws -> JSON {
    let sources = try DropSources(inputs.map { PathBytes($0) })
    let session = try face.session()
    try session.require(.counsel)
    let given = try caseID.map { try session.findCase($0) }
    let intake = try session.examine(sources)
    var desk = IntakeDesk(face: face, session: session, given: given)
    if common.dryRun {
      let statuses = desk.statuses(intake)
      try desk.tell(intake, [], statuses)
      for one in intake.unsigned where !one.isKnown { try face.out(Message("unsigned  \(one.place)")) }
      // Nothing was to be done, so nothing is left undone.
      face.exit = .done
      return desk.report(intake, [], statuses, receipts: [])
    }
    let filing = intake.arrivals.filter { desk.isFiled($0, accepting: accept != nil) }
    let cases = try desk.cases(for: filing)
    let all = intake.arrivals.map { one in (arrival: one, caseID: cases[one.drop.note]) }
    let taken = try session.take(all, from: sources, accepting: accept)
    var unsigned: [Taken] = []
    for one in intake.unsigned where !one.isKnown {
      let target = try desk.caseOfUnsigned(one)
      if let record = try session.take(one, named: "unsigned", in: target) {
        unsigned.append(record)
        try face.done(Message("unsigned  \(record.record.shown())  from \(one.place)"))
      }
    }
    let statuses = desk.statuses(intake)
    try desk.tell(intake, taken, statuses)
    let written = try desk.receipts(for: taken, into: PathBytes(receipts ?? "."))
    return desk.report(intake, taken + unsigned, statuses, receipts: written)
  }
}
