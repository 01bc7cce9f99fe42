import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Relock: Verb {
  static let words = "relock"
  static let configuration = CommandConfiguration(
    commandName: "relock", abstract: "Write new lock files for records, and destroy the old ones.",
    discussion: """
      After somebody left and their circles were rotated: what they still hold opens no lock file of these records here \
      any more. Copies elsewhere follow at their next merge; what was opened before cannot be called back. Grants of those \
      who may still have them are given anew. A run that was cut short is finished by the next.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The records.", valueName: "record"))
  var records: [String] = []
  @Flag(help: "All records.")
  var all = false
  @Flag(help: "Also split the keys of identities that are yours alone under the quorum in force.")
  var quorum = false
  @Flag(help: "Also records whose locks are those that hold now.")
  var force = false
  @Option(
    help: ArgumentHelp("The record's id again, or the vault's for several, instead of being asked.", valueName: "id"))
  var confirm: String?

  func validate() throws {
    guard records.isEmpty == all else { throw ValidationError("name records, or give --all.") }
  }

  func perform(_ face: Face) throws -> JSON {
    for record in records { _ = try ShownID(record, of: .record) }
    let session = try face.session()
    try session.require(.counsel)
    var ids: [ThingID] = []
    for record in records {
      let id = try session.findRecord(record)
      if !ids.contains(id) { ids.append(id) }
    }
    let wanted = all ? nil : ids
    if quorum { try face.confirmCustodians(session) }
    let plan = try session.relock(wanted, force: force, quorum: quorum, rehearsing: true)
    let lines = plan.relocked.map(Self.line)
    let others = try session.replacedByOthers(of: wanted)
    if common.dryRun {
      for line in lines { try face.out("would relock  \(line)") }
      for line in others.map(Face.line) { try face.out("would end  \(line)") }
      try say(plan, face)
      return Self.json(plan)
    }
    let confirmed = try face.confirm(
      ids.count == 1 ? ids[0].shown() : VaultID(hash: session.note.id).shown(), given: confirm, own: lines, others,
      about: "The old files are destroyed. Whoever holds nothing but an old key opens nothing of this here then.")
    let outcome = try session.relock(wanted, force: force, quorum: quorum, confirmed: confirmed)
    for one in outcome.relocked { try face.done("relocked", Self.line(one)) }
    try say(outcome, face)
    try face.tell(
      outcome.ending, again: all ? "relock --all" : "relock \(ids.map { $0.shown() }.joined(separator: " "))")
    return Self.json(outcome)
  }

  private func say(_ outcome: RelockOutcome, _ face: Face) throws {
    for id in outcome.current { face.say("\(id.shown())  left alone: its locks are those that hold now") }
    for (id, error) in outcome.failed {
      let complaint = Complaint(error)
      face.warn("\(id.shown()) is left as it is: \(complaint.what)")
      face.exit = .partly
    }
  }

  private static func line(_ one: Relocked) -> String {
    var line = "\(one.record.shown())  version \(one.label)  "
    line += "\(Amounts.count(one.replaced, "lock file", "lock files")) replaced"
    if !one.granted.isEmpty { line += ", grants to \(one.granted.joined(separator: ", ")) given anew" }
    if !one.dropped.isEmpty { line += ", grants to \(one.dropped.joined(separator: ", ")) ended" }
    return line
  }

  private static func json(_ outcome: RelockOutcome) -> JSON {
    [
      "relocked": .array(
        outcome.relocked.map { one in
          [
            "record": .string(one.record.shown()), "id": .string(one.record.hash.description),
            "version": .string(one.label), "replaced": .integer(Int64(one.replaced)),
            "granted": .array(one.granted.map { .string($0) }), "dropped": .array(one.dropped.map { .string($0) }),
          ]
        }),
      "current": .array(outcome.current.map { .string($0.shown()) }),
      "failed": .array(outcome.failed.map { .string($0.record.shown()) }), "gone": Face.json(outcome.ending),
    ]
  }
}

extension Face {
  /// Asks for what the caller replaces, and for what others have: nobody signs for another without having seen whom and
  /// what. Gives the others' entries that were confirmed. Where only those would have to be, and nobody can be asked, they
  /// are left alone.
  func confirm(
    _ id: String, given: String?, own: [String], _ others: [ReplacedByOther], about sentence: String
  ) throws -> Set<SHA256Hash> {
    let wanted = others.filter(\.isUnsigned)
    for one in others where !one.isUnsigned { say(Self.line(one)) }
    if own.isEmpty, wanted.isEmpty { return [] }
    do { try confirm(id, given: given, shown: own + wanted.map(Self.line), about: sentence) } catch {
      guard own.isEmpty, let error = error as? CommandError, case .notConfirmed = error else { throw error }
      return []
    }
    return Set(wanted.map(\.entry))
  }

  static func line(_ one: ReplacedByOther) -> String {
    let what = one.isReseal ? "resealed" : "relocked"
    return "\(one.record.shown())  \(what) by \(one.author): \(Amounts.count(one.files, "old file", "old files"))"
  }

  /// What was destroyed, or for whom it waits.
  func tell(_ ending: Replaced, again command: String) throws {
    for one in ending.others where one.isUnsigned {
      say("\(Self.line(one)), left alone: not confirmed")
    }
    if ending.others.contains(where: \.isUnsigned) {
      next("with --confirm, once you have seen whose they are: \(Program.name) \(command)")
    }
    for (id, error) in ending.unproven {
      warn("\(id.shown())  old files stay, since what took their place is not proven: \(Complaint(error).what)")
      exit = .partly
    }
    if ending.destroyed > 0 { try out("destroyed  \(Amounts.count(ending.destroyed, "old file", "old files")) here") }
    guard let awaiting = ending.awaiting else { return }
    try out(
      "waiting  \(Amounts.count(awaiting.files, "old file stays", "old files stay")) until \(awaiting.need) publishers "
        + "have signed that they are gone (\(awaiting.have) of \(awaiting.need))")
    next("another counsel: \(Program.name) \(command)")
  }

  static func json(_ ending: Replaced) -> JSON {
    [
      "destroyed": .integer(Int64(ending.destroyed)),
      "unconfirmed": .array(
        ending.others.filter(\.isUnsigned).map { ["record": .string($0.record.shown()), "author": .string($0.author)] }),
      "unproven": .array(ending.unproven.map { .string($0.record.shown()) }),
      "waiting": ending.awaiting.map {
        ["files": .integer(Int64($0.files)), "have": .integer(Int64($0.have)), "need": .integer(Int64($0.need))]
      } ?? .null,
    ]
  }
}
