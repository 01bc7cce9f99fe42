import ArgumentParser
import Record
import Shares
import Sodium
import TestimonyVault

struct SuccessionFollow: Verb {
  static let words = "succession follow"
  static let configuration = CommandConfiguration(
    commandName: "follow", abstract: "Follow the founder's newest public note, though it set aside one you followed.",
    discussion:
      "After a succession that set the old founder's later notes aside. Ask the successors by another way first: a vault that went back in time looks the same."
  )

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("The note's first 12 digits, instead of being asked for them.", valueName: "digits"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let newest = try session.checkFollowing()
    let words = CheckWords.of(newest.hash).joined(separator: " ")
    let shown = [
      "note         \(newest.number)  \(newest.hash.handle)", "founder      \(newest.founder)", "check words  \(words)",
    ]
    if common.dryRun {
      for line in shown { try face.out(line) }
      try face.out("would follow it from now on, on this device")
    } else {
      try face.confirm(
        newest.hash.handle, given: confirm, shown: shown,
        about: "Compare these words with the successors by another way: whoever this note names writes the roster.")
      try session.followKeys()
      try face.done("following", "note \(newest.number) of \(newest.founder)  on this device")
    }
    return [
      "number": .integer(Int64(newest.number)), "text": .hash(newest.hash), "founder": .string(newest.founder),
      "check-words": .string(words),
    ]
  }
}
