import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct MemberList: Verb {
  static let words = "member list"
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The members, their roles, and the circles whose keys they hold.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let roster = session.log.roster
    let founder = roster.founderMember?.key
    let members = roster.members.values.sorted { ($0.name, $0.key) < ($1.name, $1.key) }
    let width = members.map { TextWidth.columns($0.name) }.max() ?? 0
    for member in members {
      let roles = member.roles.map(\.rawValue).joined(separator: ", ")
      let mark = (member.key == founder ? "  founder" : "") + (member.mark.map { "  \($0)" } ?? "")
      let name = member.name + String(repeating: " ", count: width - TextWidth.columns(member.name))
      try face.out("\(name)  \(roles)\(mark)  \(face.quoted(member.admission.displayName))")
    }
    return .array(
      members.map { member in
        [
          "name": .string(member.name), "display-name": .string(member.admission.displayName),
          "roles": .array(member.roles.map { .string($0.rawValue) }),
          "circles": .array(roster.circles(of: member).map { .string($0) }), "member": .string(member.key.description),
          "founder": .bool(member.key == founder), "mark": member.mark.map { .string($0) } ?? .null,
        ]
      })
  }
}

extension Roster.Member {
  /// What a list says of who is not active.
  var mark: String? { isRemoved ? "removed" : isActive ? nil : "suspended" }
}
