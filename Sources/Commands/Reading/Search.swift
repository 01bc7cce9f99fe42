import ArgumentParser
import Publishing
import Record
import Sodium
import TestimonyVault

struct Search: Verb {
  static let words = "search"
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Search all that you may read, in any script.",
    discussion: """
      Every word must occur; case, marks and the forms of Arabic letters do not matter. The first search opens every \
      text that you may read, which goes into the custody log, and keeps an index sealed to your key in Keys/. Identities \
      are never in it.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The words; one with spaces is looked for as it stands.", valueName: "word"))
  var terms: [String]
  @Option(name: .customLong("case"), help: ArgumentHelp("Only in one case.", valueName: "case"))
  var caseID: String?

  func perform(_ face: Face) throws -> JSON {
    guard let query = SearchQuery(terms) else { throw CommandError.nothingToSearch }
    let wanted = try caseID.map { try ShownID($0, of: .case) }
    let opened = try face.opened()
    if let search = opened.quick?.search, let hits = try? search.hits(query) {
      return try show(hits, search.rows, wanted, face)
    }
    let session = try face.session(opened)
    if common.dryRun {
      try face.out("would open every text that you may read, record that, and keep an index of it sealed to your key")
      return [:]
    }
    let progress = ProgressLine("indexing", face: face, counting: "versions")
    defer { progress.end() }
    let (search, unreadable, isRecorded) = try session.indexTexts { done, total in
      progress.show(done: UInt64(done), total: UInt64(total), of: "texts")
    }
    progress.end()
    face.record(isRecorded)
    for place in unreadable { face.warn("\(place) could not be opened, and was not searched") }
    return try show(search.hits(query), search.rows, wanted, face)
  }

  private func show(_ hits: [TextSearch.Hit], _ rows: [IndexRow], _ wanted: ShownID?, _ face: Face) throws -> JSON {
    let byManifest = Dictionary(rows.map { ($0.manifest, $0) }) { first, _ in first }
    var shown: [JSON] = []
    for hit in hits {
      guard let row = byManifest[hit.manifest], wanted?.matches(row.case) ?? true else { continue }
      try face.out(
        "\(hit.record.shown())  \(row.case.shown())  \(hit.layer.rawValue)  version \(row.label)")
      try face.data(hit.excerpt)
      shown.append([
        "record": .string(hit.record.shown()), "id": .string(hit.record.hash.description),
        "case": .string(row.case.shown()), "layer": .string(hit.layer.rawValue), "version": .string(row.label),
        "excerpt": .string(hit.excerpt),
      ])
    }
    if shown.isEmpty {
      face.say("not found in what you may read")
    } else {
      face.next("\(Program.name) read RECORD")
    }
    return ["hits": .array(shown)]
  }
}
