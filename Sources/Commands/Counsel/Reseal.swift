import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Reseal: Verb {
  static let words = "reseal"
  static let configuration = CommandConfiguration(
    commandName: "reseal", abstract: "Give a record new keys and new ciphertext, and destroy the old.",
    discussion: """
      After a key of the record itself may have become known: relock is enough where somebody merely left. The identity \
      stays as it is. Copies elsewhere follow at their next merge; whoever kept the old files and an old key still reads \
      them. A run that was cut short is finished by the next.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record.", valueName: "record"))
  var record: String
  @Flag(help: "Also where an earlier run still waits for its end.")
  var force = false
  @Option(help: ArgumentHelp("The record's id again, instead of being asked for it.", valueName: "record"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    try session.require(.counsel)
    let id = try session.findRecord(record)
    let history = try session.history(of: id)
    guard let body = session.log.cases[history.caseID] else { throw VaultError.notHere(history.caseID.shown()) }
    let labels = history.versions.map { history.label($0) }.joined(separator: ", ")
    let what = "\(id.shown())  version \(labels)"
    let audience =
      "summary to \(try face.readers(of: body.reviewers, session)), "
      + "testimony to \(try face.readers(of: CircleName.counsel, session)); the identity stays"
    if common.dryRun {
      try face.out("would reseal  \(what): \(audience)")
      return ["record": .string(id.shown()), "versions": .array(history.versions.map { .string(history.label($0)) })]
    }
    let confirmed = try face.confirm(
      id.shown(), given: confirm, own: ["\(what): \(audience)"], session.replacedByOthers(of: [id]),
      about: "The old summary, testimony, attachments and lock files are destroyed.")
    let progress = ProgressLine("resealing", face: face)
    defer { progress.end() }
    let counter = Counter()
    let outcome = try session.reseal(id, force: force, confirmed: confirmed) { one in
      progress.show(done: counter.add(one.added), total: nil, of: one.place)
    }
    progress.end()
    if outcome.versions.isEmpty {
      try face.done("finished", "\(id.shown())  nothing was resealed again: an earlier run was not at its end")
    } else {
      try face.done("resealed", "\(id.shown())  version \(outcome.versions.joined(separator: ", "))  \(audience)")
    }
    try face.tell(outcome.ending, again: "reseal \(id.shown())")
    return [
      "record": .string(id.shown()), "id": .string(id.hash.description),
      "versions": .array(outcome.versions.map { .string($0) }), "gone": Face.json(outcome.ending),
    ]
  }
}
