import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct IdentityRequest: Verb {
  static let words = "identity request"
  static let configuration = CommandConfiguration(
    commandName: "request",
    abstract: "Ask the custodians for the identities of a record. You are the one who will read.",
    discussion: """
      It asks for every identity that the record has now; what is added later needs a new request. The key that the \
      answers are sealed to lies on this device alone, and is destroyed when it is opened, taken back, or expired.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record.", valueName: "record"))
  var record: String
  @Option(help: ArgumentHelp("Why: the custodians and counsel read it.", valueName: "text"))
  var purpose: String
  @Option(
    help: ArgumentHelp("Until when it can be answered and opened: a day or a time, at most a year.", valueName: "date"))
  var until: String
  @Option(help: ArgumentHelp("A court's order, at most 16 MiB: the custodians read it.", valueName: "file"))
  var order: String?

  func perform(_ face: Face) throws -> JSON {
    guard !purpose.isEmpty else { throw CommandError.form("--purpose", .empty) }
    let until = try Until.ofRequest(until)
    let source = try order.map(Seal.source)
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    let id = try session.findRecord(record)
    let draft = RequestDraft(record: id, purpose: purpose, until: until, order: source)
    let identities = try session.checkRequest(draft)
    let audience = try face.readers(of: CircleName.custodians, session)
    let what = "\(Amounts.count(identities.count, "identity", "identities")) of \(id.shown()) until \(until)"
    if common.dryRun {
      try face.out("would ask for \(what), sealed to \(audience)")
      return ["record": .string(id.shown()), "until": .string(until.description), "sealed-to": "custodians"]
    }
    let asked = try session.request(draft)
    try face.done("requested", "\(asked.id.shown())  \(what)  sealed to \(audience)")
    face.tell(asked)
    return face.json(of: asked)
  }
}

extension Face {
  /// Whom a request waits for.
  func tell(_ asked: Requested) {
    if !asked.ended.isEmpty, asked.custodians.count - asked.ended.count < asked.need {
      warn(
        "only \(asked.custodians.count - asked.ended.count) of its custodians are left, and \(asked.need) are needed")
    }
    say(
      "\(asked.need) of these have to approve, each on their own machine: \(asked.custodians.joined(separator: ", "))")
    next(
      "custodians: \(Program.name) identity approve \(asked.id.shown())  (then you: identity open \(asked.id.shown()))")
  }

  func json(of asked: Requested) -> JSON {
    [
      "request": .string(asked.id.shown()), "id": .string(asked.id.hash.description), "note": .hash(asked.note),
      "record": .string(ThingID(kind: .record, hash: asked.body.record).shown()),
      "identities": .integer(Int64(asked.body.identities.count)), "until": .string(asked.body.until.description),
      "need": .integer(Int64(asked.need)), "custodians": .array(asked.custodians.map { .string($0) }),
      "drill": .bool(asked.body.isDrill), "sealed-to": .string(CircleName.custodians),
    ]
  }
}
