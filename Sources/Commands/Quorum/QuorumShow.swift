import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct QuorumShow: Verb {
  static let words = "quorum show"
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Who opens identities, who has accepted that, and whom you have confirmed.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let roster = session.log.roster
    guard let policy = roster.policy else {
      try face.out(
        roster.contestedPolicies.isEmpty
          ? "quorum       none that counts: nothing is sealed before there is one"
          : "quorum       contested: none of these holds before a quorum of the others accepts it too")
      for note in roster.contestedPolicies {
        guard let one = roster.policies[note] else { continue }
        try face.out("beside       \(note.handle)  \(face.words(for: one, session))")
      }
      try tellWaiting(session, face)
      return ["in-force": .null, "waiting": waiting(session, face)]
    }
    for line in face.lines(of: policy, session) { try face.out(line) }
    for key in policy.body.custodians {
      guard let member = roster.members[key] else { continue }
      let mark = member.mark.map { ", \($0): gets no share" } ?? ""
      let known = session.isConfirmed(member) ? "confirmed on this device" : "not confirmed on this device"
      try face.out("custodian    \(member.name)  \(known)\(mark)")
    }
    try tellWaiting(session, face)
    return ["in-force": face.json(of: policy, session), "waiting": waiting(session, face)]
  }

  /// Policies that would follow the one in force and lack somebody's word.
  private func open(_ session: Session) -> [Record.Policy] {
    let roster = session.log.roster
    return roster.policies.values.filter {
      !roster.policyPath.contains($0.note) && $0.body.previous == roster.policy?.note
    }.sorted { $0.note < $1.note }
  }

  private func tellWaiting(_ session: Session, _ face: Face) throws {
    for policy in open(session) {
      try face.out("stated       \(face.words(for: policy, session))")
      try face.waiting(for: policy, session)
    }
  }

  private func waiting(_ session: Session, _ face: Face) -> JSON {
    .array(open(session).map { face.json(of: $0, session) })
  }
}
