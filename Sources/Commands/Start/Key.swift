import ArgumentParser

struct Key: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make, show, re-protect, back up, restore or forget your key.",
    subcommands: [
      KeyNew.self, KeyShow.self, KeyPassphrase.self, KeyBackup.self, KeyRestore.self, KeyForget.self,
    ])
}
