import ArgumentParser
import Publishing
import Record
import Sodium
import TestimonyVault

struct List: Verb {
  static let words = "list"
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "What is public; with a key (--as NAME), the records that you may read.")

  @OptionGroup var common: CommonOptions
  @Option(name: .customLong("case"), help: ArgumentHelp("Only the records of one case.", valueName: "case"))
  var caseID: String?
  @Flag(name: .customLong("public"), help: "What is public only, even where a key is at hand.")
  var onlyPublic = false

  func perform(_ face: Face) throws -> JSON {
    let keys = try? face.keyFolder()
    let people = try keys?.people() ?? []
    let withKey = !onlyPublic && (common.person != nil || people.count == 1 || caseID != nil)
    return withKey ? try records(face) : try published(face, people)
  }

  private func published(_ face: Face, _ people: [String]) throws -> JSON {
    let folder = try face.vaultFolder()
    let vault = try folder.vaultNote()
    let open = try folder.publicListing(of: vault).record
    var rows: [JSON] = []
    for one in open.cases {
      let title = one.note.title ?? String(one.note.summary.split(separator: "\n").first ?? "")
      let mark = open.forked.contains(one.note.id) ? "  fork" : ""
      try face.out("\(one.note.id.shown())\(mark)  \(face.quoted(title))")
      rows.append([
        "case": .string(one.note.id.shown()), "id": .string(one.note.id.hash.description), "title": .string(title),
        "number": .integer(Int64(one.note.number)),
      ])
    }
    if !open.forked.isEmpty { face.exit = .fork }
    if open.cases.isEmpty { face.say("nothing is public here") }
    if people.count > 1, !onlyPublic { face.next("\(Program.name) list --as NAME   (what your key may read)") }
    return ["public": .array(rows)]
  }

  private func records(_ face: Face) throws -> JSON {
    if let caseID { _ = try ShownID(caseID, of: .case) }
    let opened = try face.opened()
    // An index that covers what is here answers by itself; a case without records it does not know.
    if let rows = opened.quick?.rows, try caseID == nil || !wanted(rows).isEmpty { return try show(rows, face) }
    let session = try face.session(opened)
    if let caseID { _ = try session.findCase(caseID) }
    return try show(session.rows(), face)
  }

  /// The cases among the records that a shown id means.
  private func wanted(_ rows: [IndexRow]) throws -> Set<ThingID> {
    guard let caseID else { return [] }
    let id = try ShownID(caseID, of: .case)
    let cases = Set(rows.map(\.case)).filter { id.matches($0) }
    guard cases.count < 2 else { throw VaultError.ambiguous(caseID, cases.sorted()) }
    return cases
  }

  private func show(_ all: [IndexRow], _ face: Face) throws -> JSON {
    let cases = try wanted(all)
    let rows = all.filter { $0.isNewest && (caseID == nil || cases.contains($0.case)) }
    var lines: [String] = []
    for row in rows {
      let may = row.layers.isEmpty ? "nothing that you may read" : row.layers.map(\.rawValue).joined(separator: ", ")
      let version = row.label == "1" ? "" : "  version \(row.label)"
      let mark = row.isContested ? "  contested" : ""
      lines.append(
        "\(row.recordID.shown())  \(row.case.shown())  \(row.time.description.prefix(10))  \(may)\(version)\(mark)")
    }
    try face.out(lines: lines)
    if rows.isEmpty { face.say("no records that your key shows") }
    guard face.isJSON else { return [:] }
    return [
      "records": .array(
        rows.map { row in
          [
            "record": .string(row.recordID.shown()), "id": .string(row.record.description),
            "case": .string(row.case.shown()), "version": .integer(row.version), "label": .string(row.label),
            "time": .string(row.time.description),
            "may": .array(row.layers.map { .string($0.rawValue) }), "contested": .bool(row.isContested),
          ]
        })
    ]
  }
}

extension IndexRow {
  var recordID: ThingID { ThingID(kind: .record, hash: record) }
  var `case`: ThingID { ThingID(kind: .case, hash: caseID) }
  /// The number in front of the label.
  var version: Int64 { Int64(label.prefix { $0.isASCII && $0.isNumber }) ?? 0 }
}
