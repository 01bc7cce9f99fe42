import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct CircleNew: Verb {
  static let words = "circle new"
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a circle, so that a case can have its own reviewers.",
    discussion: "Counsel hold the keys of all circles. The founder's key is needed.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "The name: 2 to 31 letters a-z, digits and dashes.")
  var name: String
  @Option(help: ArgumentHelp("Who is in it beside counsel; may be given more than once.", valueName: "member"))
  var with: [String] = []

  func perform(_ face: Face) throws -> JSON {
    let name = try Face.name(self.name)
    let session = try face.session()
    guard session.isFounder else { throw VaultError.needsFounder }
    let holders = try session.holders(ofNewCircle: name.text, with: with)
    if common.dryRun { return ["circles": try face.keys(wouldBe: [(name.text, holders)])] }
    let circle = try session.makeCircle(name, with: with)
    try face.done("made", "the circle \(name.text)  the entry sealed to \(try face.readers(of: "members", session))")
    try face.keys([circle])
    face.next("\(Program.name) case new --title TITLE --reviewers \(name.text)")
    return circle.json
  }
}
