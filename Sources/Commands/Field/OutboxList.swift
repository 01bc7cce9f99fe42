import ArgumentParser
import Record
import TestimonyVault

struct OutboxList: Verb {
  static let words = "outbox list"
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The notes by number, and how far each has come.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var kit: KitOptions

  func perform(_ face: Face) throws -> JSON {
    let kit = try face.fieldKit(kit)
    for drop in kit.outbox.drops {
      try face.out(Message("\(drop.number)  \(drop.code)  \(drop.time)  \(Self.state(of: drop, kit))"))
    }
    if kit.outbox.drops.isEmpty { try face.out(Message("nothing was sealed yet")) }
    let unfinished = kit.outbox.unfinished?.length ?? 0
    if unfinished > 0 {
      try face.out(Message("unfinished: \(Amounts.size(unfinished)) of a note; with the same files it goes on"))
    }
    face.tellAge(of: kit)
    return [
      "drops": .array(
        kit.outbox.drops.map { drop in
          [
            "number": .integer(Int64(drop.number)), "receipt": .string(drop.code.description),
            "time": .string(drop.time.description), "exported": .bool(drop.wasExported),
            "receipts": .integer(Int64(drop.receipts.count)), "covered": .bool(drop.isCovered),
            "safe": .bool(drop.isSafe(under: kit.note.rule)), "cleaned": .bool(drop.isCleaned),
          ]
        }), "unfinished": .integer(Int64(unfinished)),
    ]
  }

  static func state(of drop: Outbox.Drop, _ kit: FieldKit) -> Message {
    if drop.isCleaned { return Message("safe with counsel, removed here") }
    if drop.isSafe(under: kit.note.rule) { return Message("safe with counsel") }
    switch (drop.receipts.isEmpty, kit.note.rule) {
    case (false, .twoCounsel): return Message("arrived, one counsel has signed; another must")
    case (false, .checkpoint): return Message("arrived, waiting for a checkpoint")
    case (true, _): return drop.wasExported ? Message("exported, not confirmed") : Message("only here")
    }
  }
}
