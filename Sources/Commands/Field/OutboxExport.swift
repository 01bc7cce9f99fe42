import ArgumentParser
import Platform
import Record
import TestimonyVault

struct OutboxExport: Verb {
  static let words = "outbox export"
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Copy sealed notes into a folder, or pack them into one file.",
    discussion: """
      What is not confirmed yet goes, or the numbers that you name. They stay here until counsel's receipts have come. \
      All files look alike from outside.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var kit: KitOptions
  @Argument(help: ArgumentHelp("A folder, or a new file to pack into.", valueName: "file or dir"))
  var output: String
  @Argument(help: ArgumentHelp("Numbers or receipt codes (default: all that is not safe).", valueName: "number"))
  var drops: [String] = []
  @Flag(help: "Also what is safe already, as long as it is here.")
  var all = false

  func perform(_ face: Face) throws -> JSON {
    let path = PathBytes(output)
    let kit = try face.fieldKit(kit)
    let named = try drops.map { try kit.drop(named: $0) }
    if let gone = named.first(where: \.isCleaned) { throw VaultError.kit(.noDrop(String(gone.number))) }
    let chosen = !named.isEmpty ? named : all ? kit.held : kit.held.filter { !$0.isSafe(under: kit.note.rule) }
    guard !chosen.isEmpty else {
      try face.done(Message("nothing  to export: every note is safe with counsel"))
      return ["drops": []]
    }
    let isFolder = (try? FileSystem.status(path))?.kind == .directory || output.utf8.last == UInt8(ascii: "/")
    if common.dryRun {
      try face.out(Message("would export \(Amounts.notes(chosen.count)) to \(path)"))
      return ["drops": .array(chosen.map { .integer(Int64($0.number)) })]
    }
    let exported = isFolder ? try kit.export(chosen, into: path) : try kit.export(chosen, packed: path)
    let numbers = exported.drops.map { String($0.number) }.joined(separator: ", ")
    try face.done(
      Message(
        "exported  \(path)  \(Amounts.notes(exported.drops.count)) (\(numbers)), \(Amounts.size(exported.bytes))"))
    face.say(Message("They stay in the outbox until counsel's receipts have come."))
    return [
      "output": .string(path.description), "drops": .array(exported.drops.map { .integer(Int64($0.number)) }),
      "files": .integer(Int64(exported.files)), "bytes": .integer(Int64(exported.bytes)),
    ]
  }
}
