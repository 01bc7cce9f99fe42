import ArgumentParser

struct Key: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make, show, or re-protect your key.",
    subcommands: [KeyNew.self, KeyShow.self, KeyPassphrase.self])
}
