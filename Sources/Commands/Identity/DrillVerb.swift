import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct DrillVerb: Verb {
  static let words = "drill"
  static let configuration = CommandConfiguration(
    commandName: "drill", abstract: "Rehearse with the real quorum: a canary is sealed, asked for, and opened.",
    discussion: """
      A canary is a record whose identity is nobody's, in the case 'drill'. Custodians approve it as any request; then \
      identity open says whether the quorum works, and status shows when it last did.
      """)

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("Until when it can be answered (default: in 30 days).", valueName: "date"))
  var until: String?

  func perform(_ face: Face) throws -> JSON {
    let until = try until.map(Until.ofRequest) ?? Until.days(30)
    let session = try face.session()
    try session.checkDrill()
    let audience = try face.readers(of: CircleName.custodians, session)
    if common.dryRun {
      try face.out("would seal a canary and ask for its identity until \(until), sealed to \(audience)")
      return ["until": .string(until.description)]
    }
    let asked = try session.drill(until: until)
    let record = ThingID(kind: .record, hash: asked.body.record)
    try face.done(
      "requested", "\(asked.id.shown())  the canary \(record.shown()) until \(until)  sealed to \(audience)")
    face.tell(asked)
    return face.json(of: asked)
  }
}
