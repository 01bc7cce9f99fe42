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
    let id = try ShownID(caseID, of: .case)
    let found = open.cases.filter { id.matches($0.note.id) }
    guard let first = found.first else { throw VaultError.notHere(caseID) }
    let cases = Set(found.map(\.note.id))
    guard cases.count == 1 else { throw VaultError.ambiguous(caseID, cases.sorted()) }
    for one in found { try show(one, need: open.keys?.thresholds.publish ?? 1, face) }
    let place = "public/\(first.note.id.shown())/"
    for fault in open.faults where fault.place.utf8.starts(with: place.utf8) {
      face.warn("\(fault.place): \(Verify.sentence(fault.fault))")
    }
    if found.count > 1 { face.exit = .fork }
    let texts = found.map(Self.json)
    guard texts.count > 1, case .object(var object) = texts[0] else { return texts[0] }
    object.append("fork", .array(texts))
    return .object(object)
  }

  private func show(_ one: PublicRecord.PublishedCase, need: Int, _ face: Face) throws {
    let signers = one.publishers.sorted().map(String.init).joined(separator: ", ")
    try face.out(
      "\(one.note.id.shown())  public summary \(one.note.number), signed by publisher \(signers) (\(need) asked for)")
    for line in one.note.details { try face.data("\(line.name): \(line.value)") }
    if !one.note.details.isEmpty { try face.data("\n") }
    try face.data(one.note.summary)
  }

  private static func json(_ one: PublicRecord.PublishedCase) -> JSON {
    [
      "case": .string(one.note.id.shown()), "id": .string(one.note.id.hash.description),
      "number": .integer(Int64(one.note.number)),
      "details": .array(one.note.details.map { ["name": .string($0.name), "value": .string($0.value)] }),
      "summary": .string(one.note.summary), "publishers": .array(one.publishers.sorted().map { .integer(Int64($0)) }),
    ]
  }
}
