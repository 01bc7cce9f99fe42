import ArgumentParser

/// `testimony VERB [NOUN…] [flags]`: no default verb, no abbreviations.
struct Root: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.name,
    abstract: "Seals testimony, so that only who is meant to read it can.",
    discussion: ExitCodes.help,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Start",
        subcommands: [
          Init.self, Key.self, Member.self, Circle.self, Quorum.self, Policy.self, Succession.self, Handover.self,
          AcceptLoss.self,
          Status.self,
        ]),
      CommandGroup(
        name: "Counsel",
        subcommands: [
          Case.self, Seal.self, Amend.self, Grant.self, Relock.self, Reseal.self, Template.self, Publish.self,
          Countersign.self, Adopt.self, KitVerb.self, IntakeVerb.self,
          Checkpoint.self,
        ]),
      CommandGroup(name: "Field", subcommands: [NoteVerb.self, OutboxVerb.self]),
      CommandGroup(name: "Identities", subcommands: [Identity.self, DrillVerb.self]),
      CommandGroup(
        name: "Reading", subcommands: [List.self, Search.self, Read.self, Open.self, Assess.self, Propose.self]),
      CommandGroup(name: "Anyone, without a key", subcommands: [Show.self, Log.self, Verify.self]),
    ])
}

enum Version {
  static let text = "0.1.0 (format: draft)"
}
