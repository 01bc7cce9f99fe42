import ArgumentParser

struct KitVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kit", abstract: "Kits: what a field worker's machine carries.",
    subcommands: [KitNew.self, KitList.self, KitReceipt.self, KitRevoke.self, KitCheck.self])
}
