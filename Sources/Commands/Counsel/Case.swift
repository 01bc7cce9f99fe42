import ArgumentParser

struct Case: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case", abstract: "Open and list cases.", subcommands: [CaseNew.self, CaseList.self])
}
