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
    let session = try face.session()
    let wanted = try caseID.map { try session.findCase($0) }
    var rows: [JSON] = []
    for id in session.log.records.keys.sorted() {
      let version = try session.newest(id)
      if let wanted, version.head.caseID != wanted.hash { continue }
      let layers = try session.layers(of: version).map(\.rawValue)
      let caseID = ThingID(kind: .case, hash: version.head.caseID)
      let date = version.entry.entry.time.description.prefix(10)
      let may = layers.isEmpty ? "nothing that you may read" : layers.joined(separator: ", ")
      let mark = session.log.contested.contains(id) ? "  contested" : ""
      try face.out("\(id.shown())  \(caseID.shown())  \(date)  \(may)\(mark)")
      rows.append([
        "record": .string(id.shown()), "id": .string(id.hash.description), "case": .string(caseID.shown()),
        "version": .integer(Int64(version.head.version)), "time": .string(version.entry.entry.time.description),
        "may": .array(layers.map { .string($0) }),
      ])
    }
    if rows.isEmpty { face.say("no records that your key shows") }
    return ["records": .array(rows)]
  }
}
