import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Grant: Verb {
  static let words = "grant"
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Give one person one compartment of a record.",
    discussion: """
      What was granted cannot be taken back from who has opened it. It goes for the versions that exist now: grant again \
      after an amend. An identity is granted to nobody.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record.", valueName: "record"))
  var record: String
  @Argument(help: "summary or testimony, with its attachments.")
  var layer: String
  @Option(help: ArgumentHelp("The member's name.", valueName: "name"))
  var to: String

  func perform(_ face: Face) throws -> JSON {
    guard let layer = Layer(rawValue: layer) else { throw CommandError.unknownLayer(self.layer) }
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    let id = try session.findRecord(record)
    let member = try session.checkGrant(layer, of: id, to: to)
    let what = "\(id.shown())  \(layer.rawValue) to \(member.name)"
    if common.dryRun {
      try face.out("would grant  \(what), sealed to their own key")
      return ["record": .string(id.shown()), "layer": .string(layer.rawValue), "sealed-to": .string(member.name)]
    }
    let granted = try session.grant(layer, of: id, to: to)
    if granted.versions.isEmpty {
      try face.done("granted", "\(what) already: nothing was done")
    } else {
      let versions = granted.versions.joined(separator: ", ")
      try face.done("granted", "\(what), version \(versions), sealed to their own key")
    }
    face.next("bring the vault's copy to \(member.name); there: \(Program.name) read \(id.shown()) \(layer.rawValue)")
    return [
      "record": .string(id.shown()), "id": .string(id.hash.description), "layer": .string(layer.rawValue),
      "member": .string(member.name), "versions": .array(granted.versions.map { .string($0) }),
      "before": .array(granted.before.map { .string($0) }),
    ]
  }
}
