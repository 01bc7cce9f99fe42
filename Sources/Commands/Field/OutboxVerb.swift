import ArgumentParser

struct OutboxVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox", abstract: "In the field: the sealed notes on their way to counsel.",
    subcommands: [OutboxList.self, OutboxExport.self, OutboxReceipts.self, OutboxClean.self])
}
