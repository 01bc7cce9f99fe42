import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct MemberSuspend: Verb {
  static let words = "member suspend"
  static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Shut somebody out at once. Any counsel can.",
    discussion:
      "What they sign from now on is late and without effect, and what is sealed from now on is closed to them. What they could open before, they may have kept. The founder admits their card again, or removes them."
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var ending: EndingOptions

  func perform(_ face: Face) throws -> JSON {
    guard !ending.reason.isEmpty else { throw CommandError.form("--reason", .empty) }
    let session = try face.session()
    let member = try session.checkSuspension(of: ending.name, anew: ending.last != nil)
    let point = try session.endingPoint(of: member, last: ending.last)
    face.warn(doubtsOf: session)
    for line in face.lines(of: point, session) { face.say(line) }
    let isOwn = member.key == session.key.hash
    if common.dryRun {
      try face.out("would suspend \(member.name), sealed to \(try face.readers(of: CircleName.members, session))")
      return [
        "name": .string(member.name), "circles": try face.keys(wouldBe: isOwn ? [] : session.holders(without: member)),
      ]
    }
    try face.confirm(
      member.name, given: ending.confirm, shown: [face.line(of: member)],
      about: isOwn
        ? "This is your own name: from here on you can do nothing in this vault."
        : "From here on \(member.name) can do nothing in this vault, and reads nothing new.")
    let audience = try face.readers(of: CircleName.members, session)
    let done = try session.suspend(member.name, reason: ending.reason, last: ending.last)
    try face.done(
      done.wasAlready && ending.last == nil ? "suspended before" : "suspended",
      "\(member.name)  the entry sealed to \(audience)")
    try face.keys(done.circles)
    if done.circles.isEmpty {
      face.next("another counsel makes new keys: \(Program.name) member suspend \(member.name) --reason TEXT")
    } else {
      face.next(
        "the founder: \(Program.name) member remove \(member.name) --reason TEXT, or member admit of the same card")
    }
    return [
      "name": .string(member.name), "member": .string(member.key.description), "already": .bool(done.wasAlready),
      "late": .integer(Int64(point.late.count)),
      "circles": .array(done.circles.map(\.json)),
    ]
  }
}

extension Face {
  /// What is not known of the members, where somebody is shut out all the same.
  func warn(doubtsOf session: Session) {
    let doubts = session.rosterDoubts
    if doubts.isEmpty { return }
    for one in doubts { warn(Complaint(one.error).what) }
    let missing = session.missingRoster
    for place in missing.prefix(20) { warn("not here: \(place)") }
    if missing.count > 20 { warn("and \(missing.count - 20) more") }
    warn("it is written all the same, and rests on what is here")
  }

  /// What would have no effect any more, to be shown for a decision.
  func lines(of point: EndingPoint, _ session: Session) -> [String] {
    guard point.isNamed else { return [] }
    let late = Set(point.late.map(\.note))
    let last = point.last.map { "\($0.note.handle)  \($0.entry.time)  \($0.entry.type.word)" }
    return ["the last that counts: \(last ?? "none")"]
      + session.log.lines().filter { late.contains($0.entry.note) }.map { "late: \(Log.text($0, session, self))" }
  }

  /// A member as they are shown for a decision.
  func line(of member: Roster.Member) -> String {
    "\(member.name)  \(member.roles.map(\.rawValue).joined(separator: ", "))\(member.mark.map { ", \($0)" } ?? "")  "
      + quoted(member.admission.displayName)
  }
}
