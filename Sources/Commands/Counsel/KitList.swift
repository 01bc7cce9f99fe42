import ArgumentParser
import Record
import TestimonyVault

struct KitList: Verb {
  static let words = "kit list"
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The kits, what came from each, and what is missing.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    try session.require(.counsel)
    var list: [JSON] = []
    for kit in session.kits {
      let status = KitStatus(kit)
      let end =
        kit.isRevoked
        ? kit.end?.last.map { Message("revoked, number \($0.number) is the last that counts") } ?? Message("revoked")
        : Message("until \(kit.body.until)")
      try face.out(Message("\(kit.worker?.name ?? kit.body.kit.handle)  \(end)  \(status.sentence)"))
      if session.sealsToOldKey(kit) {
        try face.out(Message("  it was made with an older key of counsel's: its next receipt brings the new one"))
      }
      list.append([
        "worker": kit.worker.map { .string($0.name) } ?? .null, "kit": .hash(kit.body.kit),
        "until": .string(kit.body.until.description), "revoked": .bool(kit.isRevoked),
        "filed": .array(status.filed.map { .integer(Int64($0)) }),
        "quarantined": .array(status.quarantined.map { .integer(Int64($0)) }),
        "missing": .array(status.missing.map { .integer(Int64($0)) }),
        "forked": .array(status.forked.map { .integer(Int64($0)) }),
        "old-key": .bool(session.sealsToOldKey(kit)),
      ])
    }
    if session.kits.isEmpty { try face.out(Message("no kits")) }
    return ["kits": .array(list)]
  }
}

extension KitStatus {
  var sentence: Message {
    var sentence = Amounts.notes(filed.count)
    if !quarantined.isEmpty { sentence = Message("\(sentence); kept apart: \(Self.list(quarantined))") }
    if !missing.isEmpty { sentence = Message("\(sentence); missing: \(Self.list(missing))") }
    if !forked.isEmpty {
      let named = forked.map { "\($0) (\((codes[$0] ?? []).map(\.description).joined(separator: ", ")))" }
      sentence = Message("\(sentence); two different notes under one number: \(Self.list(named))")
    }
    return sentence
  }

  static func list(_ numbers: [Int]) -> Message { list(numbers.map(\.description)) }

  private static func list(_ numbers: [String]) -> Message {
    let shown = numbers.prefix(20).joined(separator: ", ")
    return numbers.count > 20 ? Message("\(shown) and \(numbers.count - 20) more") : Message(verbatim: shown)
  }
}

extension Face {
  /// The kits that go on sealing to a key of counsel's which somebody who left has.
  func tellOldKits(_ session: Session, after member: Roster.Member) throws {
    guard member.holds(.counsel) else { return }
    let old = session.kits.filter { !$0.isRevoked && session.sealsToOldKey($0) }.compactMap { $0.worker?.name }
    if old.isEmpty { return }
    try out(
      Message(
        "kits         \(old.joined(separator: ", "))  seal to the key that \(member.name) has, until a receipt comes"))
    say(Message("For each: \("\(Program.name) kit receipt NAME"), and carry it there."))
  }
}
