import ArgumentParser
import Platform
import Record
import TestimonyVault

struct OutboxReceipts: Verb {
  static let words = "outbox receipts"
  static let configuration = CommandConfiguration(
    commandName: "receipts", abstract: "Take counsel's receipts: which notes have arrived, and what changed.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var kit: KitOptions
  @Argument(help: ArgumentHelp("Receipt files.", valueName: "file"))
  var files: [String]

  func perform(_ face: Face) throws -> JSON {
    let read = try files.map { ($0, try HandedIn.bytes($0)) }
    let kit = try face.fieldKit(kit)
    var results: [JSON] = []
    for (file, bytes) in read {
      let outcome = try kit.take(receipt: bytes, at: HandedIn.place(file))
      try face.done(
        Message(
          "received  \(HandedIn.place(file))  counsel \(outcome.publisher) has \(Self.numbers(outcome.numbers))"))
      if !outcome.others.isEmpty {
        face.warn(
          Message(
            "it also names \(Self.numbers(outcome.others)), which this kit did not seal: somebody may have a copy of your kit; tell counsel"
          ))
        face.exit = .fork
      }
      if outcome.newCounsel { try face.out(Message("changed   notes go to counsel's new key from now on")) }
      if outcome.newPolicy {
        try face.out(
          Message(
            "changed   a source's name goes to other custodians from now on: \(kit.quorum.threshold) of \(kit.quorum.recipients.count)"
          ))
      }
      results.append([
        "file": .string(HandedIn.place(file)), "publisher": .integer(Int64(outcome.publisher)),
        "numbers": .array(outcome.numbers.map { .integer(Int64($0)) }),
        "others": .array(outcome.others.map { .integer(Int64($0)) }), "new-counsel": .bool(outcome.newCounsel),
        "new-policy": .bool(outcome.newPolicy),
      ])
    }
    let safe = kit.held.filter { $0.isSafe(under: kit.note.rule) }
    if !safe.isEmpty {
      let count = Message(count: safe.count, one: "%1 note is safe", many: "%1 notes are safe")
      face.next(Message("\("\(Program.name) outbox clean")  (\(count))"))
    }
    return ["receipts": .array(results)]
  }

  static func numbers(_ numbers: [Int]) -> Message {
    if numbers.isEmpty { return Message("none of your notes") }
    return Message("number \(numbers.sorted().map(String.init).joined(separator: ", "))")
  }
}
