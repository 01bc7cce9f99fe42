import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct MemberRemove: Verb {
  static let words = "member remove"
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove somebody for good, and say what they could open. The founder's key is needed.",
    discussion:
      "Their circles get new keys; what they sign from now on, or back-date, is late. Removal is never retroactive: what they could open, they may have kept."
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var ending: EndingOptions

  func perform(_ face: Face) throws -> JSON {
    guard !ending.reason.isEmpty else { throw CommandError.form("--reason", .empty) }
    let session = try face.session()
    let member = try session.checkRemoval(of: ending.name)
    let point = try session.endingPoint(of: member, last: ending.last)
    face.warn(doubtsOf: session)
    for line in face.lines(of: point, session) { face.say(line) }
    if let (left, need) = session.quorumWithout(member) {
      face.warn(
        "after this \(left) of the \(need) custodians are left that an identity takes: nothing is sealed any more, and too few are left to change the quorum. Set another one first: \(Program.name) quorum set T of NAME…"
      )
    }
    let reach = session.reach(of: member)
    let indexed = session.indexed(by: member)
    if common.dryRun {
      try face.out("would remove \(member.name), sealed to the new key of \(CircleName.members)")
      let circles = try face.keys(wouldBe: session.holders(without: member))
      return data(member, circles, try tell(reach, indexed, of: member, face))
    }
    try face.confirm(
      member.name, given: ending.confirm, shown: [face.line(of: member)],
      about: "\(member.name) is removed for good: this key is never admitted again.")
    let done = try session.remove(member.name, reason: ending.reason, last: ending.last)
    try face.done(
      "removed", "\(member.name)  the entry sealed to \(try face.readers(of: CircleName.members, session))")
    try face.keys(done.circles)
    if let publisher = done.publisher {
      try face.out(
        "publisher    \(publisher.number) has ended; it is believed for \(Amounts.count(publisher.signed, "text", "texts")) and nothing else"
      )
    }
    let told = try tell(reach, indexed, of: member, face)
    try face.tellOldKits(session, after: member)
    face.next("\(Program.name) relock --all")
    return data(member, .array(done.circles.map(\.json)), told)
  }

  private func data(_ member: Roster.Member, _ circles: JSON, _ reach: JSON) -> JSON {
    [
      "name": .string(member.name), "member": .string(member.key.description), "circles": circles, "could-open": reach,
    ]
  }

  /// Which records somebody has been able to open, by name, and what the log says that they did open.
  private func tell(_ reach: [Reach], _ indexed: [ClaimedTime], of member: Roster.Member, _ face: Face) throws -> JSON {
    if reach.isEmpty { try face.out("\(member.name) could open no record") }
    for one in reach {
      let granted = one.byGrant.isEmpty ? "" : " (\(words(one.byGrant)) by grant)"
      let opened = one.opened.map { opened in
        "\(opened.layer.rawValue)\(opened.attachment == nil ? "" : " an attachment") \(opened.time)"
      }
      try face.out(
        "could open   \(one.record.shown())  \(one.caseID.shown())  \(words(one.layers))\(granted)"
          + (opened.isEmpty ? "" : "  opened: \(opened.joined(separator: ", "))"))
    }
    for time in indexed { try face.out("indexed      everything they could open, \(time)") }
    if !reach.isEmpty {
      face.say("Removal is never retroactive: what \(member.name) could open, they may have read and kept.")
    }
    return .array(reach.map(json))
  }

  private func words(_ layers: [Layer]) -> String { layers.map(\.rawValue).joined(separator: ", ") }

  private func json(_ one: Reach) -> JSON {
    [
      "record": .string(one.record.shown()), "case": .string(one.caseID.shown()),
      "by-circle": .array(one.byCircle.map { .string($0.rawValue) }),
      "by-grant": .array(one.byGrant.map { .string($0.rawValue) }),
      "opened": .array(
        one.opened.map { opened in
          [
            "layer": .string(opened.layer.rawValue), "time": .string(opened.time.description),
            "attachment": opened.attachment.map { .hash($0) } ?? .null,
          ]
        }),
    ]
  }
}
