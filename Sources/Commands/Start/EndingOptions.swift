import ArgumentParser

/// Whose entries no longer count, from where on, and why: what `member suspend` and `member remove` take.
struct EndingOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The member.", valueName: "member"))
  var name: String
  @Option(help: ArgumentHelp("Why, as members read it.", valueName: "text"))
  var reason: String
  @Option(
    help: ArgumentHelp(
      "The last entry of theirs that counts: its hash, the first eight digits or more, or none. What came after is late.",
      valueName: "hash"))
  var last: String?
  @Option(help: ArgumentHelp("The name again, instead of being asked for it.", valueName: "member"))
  var confirm: String?
}
