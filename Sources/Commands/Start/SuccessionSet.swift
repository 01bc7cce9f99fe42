import ArgumentParser
import Record
import TestimonyVault

struct SuccessionSet: Verb {
  static let words = "succession set"
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set how many of whom put a new founder in place. The founder's key is needed.",
    discussion:
      "As many as you name can always take over behind this, also where you end some of them later. 0 takes the rule away."
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("How many must sign.", valueName: "t"))
  var threshold: Int
  @Argument(help: ArgumentHelp("The counsel who may.", valueName: "member"))
  var names: [String] = []

  func validate() throws {
    if threshold < 0 { throw ValidationError("a number of people is not negative.") }
  }

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    try session.checkSuccession(threshold, names)
    let rule = threshold == 0 ? "no rule" : "\(threshold) of \(names.joined(separator: ", "))"
    if common.dryRun {
      try face.out("would set, for anyone to read: \(rule)")
    } else {
      try session.setSuccession(threshold, names)
      try face.done("set", "succession  \(rule)  for anyone to read, signed by the founder's key")
    }
    return ["threshold": .integer(Int64(threshold)), "successors": .array(names.map { .string($0) })]
  }
}
