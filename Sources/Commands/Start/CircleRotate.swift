import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct CircleRotate: Verb {
  static let words = "circle rotate"
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Give circles new keys, for what is sealed from now on.",
    discussion:
      "What was sealed before stays open to whoever held the old key. The founder may at any time; counsel once behind a suspension, and where two keys were made apart."
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The circles.", valueName: "circle"))
  var names: [String]
  @Option(help: ArgumentHelp("Who comes into it; may be given more than once.", valueName: "member"))
  var with: [String] = []
  @Option(help: ArgumentHelp("Who leaves it; may be given more than once.", valueName: "member"))
  var without: [String] = []

  func perform(_ face: Face) throws -> JSON {
    let names = self.names.enumerated().filter { !self.names.prefix($0.offset).contains($0.element) }.map(\.element)
    let session = try face.session()
    guard session.mayRotate else { throw VaultError.needsFounder }
    let planned = try session.holders(ofNext: names, with: with, without: without)
    if common.dryRun { return ["circles": try face.keys(wouldBe: planned)] }
    let circles = try session.rotate(names, with: with, without: without)
    try face.done(
      "rotated", "\(names.joined(separator: ", "))  the entries sealed to \(try face.readers(of: "members", session))")
    try face.keys(circles)
    if !without.isEmpty {
      face.say("What was sealed before stays open to whoever held the old key.")
      face.next("\(Program.name) relock --all")
    }
    return ["circles": .array(circles.map(\.json))]
  }
}
