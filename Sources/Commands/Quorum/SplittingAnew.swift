import Record
import Sodium
import TestimonyVault

/// `quorum replace` by a counsel: the keys are split anew.
enum SplittingAnew {
  static func run(from old: String?, to new: String?, _ session: Session, _ face: Face) throws -> JSON {
    try session.require(.counsel)
    try face.confirmCustodians(session)
    let done = try session.splitAnew(from: old, to: new, rehearsing: face.options.dryRun)
    for id in done.wouldRequest { try face.out("would ask for the key of \(id.shown()), sealed to custodians") }
    for id in done.wouldSplit { try face.out("would split the key of \(id.shown()) anew") }
    for one in done.all { try tell(one, face) }
    for (id, error) in done.failed {
      face.warn("\(id.shown()) is left as it is: \(Complaint(error).what)")
      face.exit = .partly
    }
    if done.all.isEmpty, done.failed.isEmpty, !face.options.dryRun {
      try face.out(
        old.map { "no identity here is shared with \($0)" } ?? "every identity is under the quorum in force")
    }
    let asked = done.all.filter { if case .split = $0.state { false } else { true } }
    if !asked.isEmpty {
      face.next(
        "custodians: \(Program.name) identity approve \(asked.map { $0.request.shown() }.joined(separator: " "))  (then this again)"
      )
    }
    if asked.count < done.all.count {
      face.say("Copies of the old lock files elsewhere, with the old shares, still count.")
    }
    return [
      "from": old.map { .string($0) } ?? .null, "to": new.map { .string($0) } ?? .null,
      "records": .array(done.all.map(json)),
    ]
  }

  private static func tell(_ one: SplitAnew.One, _ face: Face) throws {
    switch one.state {
    case .split:
      try face.done("split anew", "\(one.record.shown())  by \(one.request.shown()), which the log has as your opening")
    case .requested:
      try face.done("requested", "\(one.request.shown())  the key of \(one.record.shown())  sealed to custodians")
    case .waiting(let approved, let need):
      let names = approved.isEmpty ? "" : ": \(approved.joined(separator: ", "))"
      try face.out(
        "waits        \(one.request.shown())  the key of \(one.record.shown())  \(approved.count) of \(need) approved\(names)"
      )
    }
  }

  private static func json(_ one: SplitAnew.One) -> JSON {
    let state =
      switch one.state {
      case .split: "split"
      case .requested: "requested"
      case .waiting: "waiting"
      }
    return [
      "record": .string(one.record.shown()), "request": .string(one.request.shown()), "state": .string(state),
    ]
  }
}
