import ArgumentParser
import Publishing
import Record
import Shares
import Sodium
import TestimonyVault

struct Status: Verb {
  static let words = "status"
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "What this vault is, and what holds. With a key: members, cases, and who could open an identity.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let folder = try face.vaultFolder()
    let vault = try folder.vaultNote()
    let open = try folder.publicListing(of: vault).record
    let id = VaultID(hash: vault.id).shown()
    let words = CheckWords.of(vault.id)
    var counts: [String: Int] = [:]
    for kind in ObjectKind.allCases { counts[kind.rawValue] = try folder.list(kind).objects.count }
    let session = common.person == nil ? nil : try face.session(remembering: false)
    try face.out("vault        \(id)  format \(vault.format), \(vault.keys) keys")
    try face.out("check words  \(words.joined(separator: " "))")
    try face.out(
      "files        \(counts["log"] ?? 0) entries, \(counts["locks"] ?? 0) lock files, \(counts["sealed"] ?? 0) sealed objects"
    )
    try face.out(
      "public       \(Amounts.count(open.cases.count, "case summary", "case summaries")), \(Amounts.count(open.keys?.publishers.count ?? 0, "publisher", "publishers"))"
    )
    var data: [(String, JSON)] = [
      ("vault", .string(vault.id.description)), ("shown", .string(id)), ("format", .string(vault.format)),
      ("keys", .string(vault.keys)), ("check-words", .array(words.map { .string($0) })),
      ("entries", .integer(Int64(counts["log"] ?? 0))), ("lock-files", .integer(Int64(counts["locks"] ?? 0))),
      ("objects", .integer(Int64(counts["sealed"] ?? 0))), ("public", .integer(Int64(open.cases.count))),
    ]
    if let session { try member(session, face, &data) }
    let drill = session?.lastDrill
    try face.out("drill        \(Self.words(for: drill, isMember: session != nil))")
    if vault.keys == "classic" {
      try face.out("note         classic keys: what is copied today can be opened by a large quantum computer later")
    }
    data.append(("drilled", drill.map { .string($0.time.description) } ?? .null))
    return .object(JSONObject(data))
  }

  /// When a quorum last opened a canary.
  private static func words(for drill: DrillReading?, isMember: Bool) -> String {
    guard let drill else {
      return isMember
        ? "never: nobody has proven yet that an identity can be opened (\(Program.name) drill)"
        : "a member sees when the last one was (--as NAME)"
    }
    let of = drill.custodians.map { " of \($0)" } ?? ""
    let old = drill.isCurrent ? "" : "; another quorum is in force since: \(Program.name) drill"
    return "\(drill.time.description.prefix(10)): \(drill.approvers.count)\(of) opened a test identity\(old)"
  }

  private func member(_ session: Session, _ face: Face, _ data: inout [(String, JSON)]) throws {
    let roster = session.log.roster
    let me = session.me
    let roles = me?.roles.map(\.rawValue) ?? []
    let mark = me?.mark.map { ", \($0)" } ?? ""
    try face.out(
      "you          \(session.key.name.text)  \(roles.joined(separator: ", "))\(session.isFounder ? ", founder" : "")\(mark)"
    )
    let circles = roster.circles.keys.sorted().map { "\($0) (\(roster.members(of: $0).count))" }
    let active = roster.members.values.filter(\.isActive).count
    let left = ["suspended", "removed"].compactMap { mark in
      let names = roster.members.values.filter { $0.mark == mark }.map(\.name).sorted()
      return names.isEmpty ? nil : "; \(mark): \(names.joined(separator: ", "))"
    }
    try face.out("members      \(active): \(circles.joined(separator: ", "))\(left.joined())")
    try identities(session, face, &data)
    try face.out(
      "cases        \(session.log.cases.count), with \(Amounts.count(session.log.records.count, "record", "records"))")
    if !session.log.refused.isEmpty || !session.damaged.isEmpty {
      try face.out(
        "problems     \(session.log.refused.count + session.damaged.count) entries are refused or damaged: \(Program.name) verify --as \(session.key.name.text)"
      )
    }
    data += [
      ("you", .string(session.key.name.text)), ("roles", .array(roles.map { .string($0) })),
      ("members", .integer(Int64(active))), ("founder", roster.founderMember.map { .string($0.name) } ?? .null),
      ("cases", .integer(Int64(session.log.cases.count))),
      ("records", .integer(Int64(session.log.records.count))),
    ]
  }

  /// Who opens identities, and what that means where it is one person.
  private func identities(_ session: Session, _ face: Face, _ data: inout [(String, JSON)]) throws {
    guard let policy = session.log.roster.policy else {
      try face.out("identities   there is no quorum yet: nothing is sealed before it is settled who opens identities")
      return data.append(("identity-policy", .null))
    }
    let words = face.words(for: policy, session)
    try face.out(
      policy.body.isAlone
        ? "identities   \(words): that one key opens every identity, and whoever takes it does"
        : "identities   \(words) together")
    data.append(("identity-policy", face.json(of: policy, session)))
  }
}
