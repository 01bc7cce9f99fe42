import ArgumentParser
import Publishing
import Record
import Sodium
import TestimonyVault

struct Show: Verb {
  static let words = "show"
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a case's public summary, without a key, and who signed it.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The case.", valueName: "case"))
  var caseID: String

  func perform(_ face: Face) throws -> JSON {
    let folder = try face.vaultFolder()
    let vault = try folder.vaultNote()
    let open = try folder.publicListing(of: vault).record
    guard let id = try? ShownID.parse(caseID), id.kind == .case || id.kind == nil else {
      throw VaultError.notHere(caseID)
    }
    let found = open.cases.filter { id.matches($0.note.id) }
    guard let one = found.first else { throw VaultError.notHere(caseID) }
    guard found.count == 1 else { throw VaultError.ambiguous(caseID, found.map(\.note.id)) }
    let signers = one.publishers.sorted().map(String.init).joined(separator: ", ")
    let need = open.keys?.thresholds.publish ?? 1
    try face.out(
      "\(one.note.id.shown())  public summary \(one.note.number), signed by publisher \(signers) (\(need) asked for)")
    for line in one.note.details { try face.data("\(line.name): \(line.value)") }
    if !one.note.details.isEmpty { try face.data("\n") }
    try face.data(one.note.summary)
    return [
      "case": .string(one.note.id.shown()), "id": .string(one.note.id.hash.description),
      "number": .integer(Int64(one.note.number)),
      "details": .array(one.note.details.map { ["name": .string($0.name), "value": .string($0.value)] }),
      "summary": .string(one.note.summary), "publishers": .array(one.publishers.sorted().map { .integer(Int64($0)) }),
    ]
  }
}
