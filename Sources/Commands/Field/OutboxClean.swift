import ArgumentParser
import Record
import TestimonyVault

struct OutboxClean: Verb {
  static let words = "outbox clean"
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Remove the sealed notes that are safe with counsel.",
    discussion: """
      Never one that is not. What an interrupted note had sealed is removed too: it would begin anew. Flash memory may \
      keep what was removed.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var kit: KitOptions

  func perform(_ face: Face) throws -> JSON {
    let kit = try face.fieldKit(kit)
    let safe = kit.held.filter { $0.isSafe(under: kit.note.rule) }
    if common.dryRun {
      try face.out("would remove \(Amounts.count(safe.count, "note", "notes"))")
      return ["removed": .array(safe.map { .integer(Int64($0.number)) })]
    }
    let (removed, left, unfinished) = try kit.clean()
    try face.done(
      "removed", removed.isEmpty ? "nothing: no note here is safe yet" : OutboxReceipts.numbers(removed.map(\.number)))
    let waiting = kit.held
    if !waiting.isEmpty { try face.out("kept     \(OutboxReceipts.numbers(waiting.map(\.number)))") }
    if unfinished > 0 {
      try face.out("removed  what an interrupted note had sealed, \(Amounts.bytes(unfinished))")
    }
    if left > 0 {
      face.warn("\(Amounts.count(left, "file", "files")) could not be removed")
      face.exit = .partly
    }
    return [
      "removed": .array(removed.map { .integer(Int64($0.number)) }),
      "kept": .array(waiting.map { .integer(Int64($0.number)) }), "unfinished": .integer(Int64(unfinished)),
    ]
  }
}
