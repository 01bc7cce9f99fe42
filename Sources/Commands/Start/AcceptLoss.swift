import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct AcceptLoss: Verb {
  static let words = "accept-loss"
  static let configuration = CommandConfiguration(
    commandName: "accept-loss", abstract: "Go on though something that this device has seen is gone for good.",
    discussion:
      "Whoever keeps an entry from you can hide that somebody was removed: ask the others first, and look at every other copy. What is accepted is not missed any more, on this device."
  )

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("The vault's id, instead of being asked for it.", valueName: "id"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let lost = session.lostHeads
    let stood = session.policyStands
    let checkpoint = session.remarks.compactMap { remark -> (was: Int, now: Int)? in
      if case .checkpointsWentBack(let was, let now) = remark { (was, now) } else { nil }
    }.first
    guard !lost.isEmpty || checkpoint != nil || !stood else { throw VaultError.nothingLost }
    var shown = lost.map { one in
      let name = session.log.roster.members[one.author]?.name ?? "the founder's key"
      return "gone  \(one.place)  \(name)'s chain to \(one.circle) was at \(one.was), now at \(one.now)"
    }
    if let checkpoint { shown.append("gone  checkpoint \(checkpoint.was), the newest here is \(checkpoint.now)") }
    if !stood {
      shown.append("gone  the quorum that this device last saw in force: another one is here, or none (quorum show)")
    }
    let id = VaultID(hash: session.note.id).shown()
    if common.dryRun {
      for line in shown { try face.out(line) }
      try face.out("would not miss it any more, on this device")
    } else {
      try face.confirm(
        id, given: confirm, shown: shown,
        about: "If any copy of the vault has these files, fetch them instead: one of them may have removed somebody.")
      try session.acceptLoss(lost, checkpoint: checkpoint != nil)
      try face.done("accepted", "\(Amounts.count(shown.count, "loss", "losses"))  on this device")
      face.next("\(Program.name) verify")
    }
    return [
      "lost": .array(
        lost.map { one in
          [
            "file": .string(one.place.description), "author": .hash(one.author), "circle": .string(one.circle),
            "was": .integer(one.was), "now": .integer(one.now),
          ]
        }),
      "quorum": .bool(!stood),
      "checkpoint": checkpoint.map { ["was": .integer(Int64($0.was)), "now": .integer(Int64($0.now))] } ?? .null,
    ]
  }
}
