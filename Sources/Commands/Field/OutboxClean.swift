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
      try face.out(Message("would remove \(Amounts.notes(safe.count))"))
      return ["removed": .array(safe.map { .integer(Int64($0.number)) })]
    }
    let (removed, left, unfinished) = try kit.clean()
    try face.done(
      removed.isEmpty
        ? Message("removed  nothing: no note here is safe yet")
        : Message("removed  \(OutboxReceipts.numbers(removed.map(\.number)))"))
    let waiting = kit.held
    if !waiting.isEmpty { try face.out(Message("kept     \(OutboxReceipts.numbers(waiting.map(\.number)))")) }
    if unfinished > 0 {
      try face.out(Message("removed  what an interrupted note had sealed, \(Amounts.size(unfinished))"))
    }
    if left > 0 {
      face.warn(Message(count: left, one: "%1 file could not be removed", many: "%1 files could not be removed"))
      face.exit = .partly
    }
    return [
      "removed": .array(removed.map { .integer(Int64($0.number)) }),
      "kept": .array(waiting.map { .integer(Int64($0.number)) }), "unfinished": .integer(Int64(unfinished)),
    ]
  }
}
