import ArgumentParser
import Publishing
import Record
import Sodium
import TestimonyVault

struct CaseList: Verb {
  static let words = "case list"
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The cases that your key shows, with the number of their records.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let log = session.log
    let cases = log.cases.sorted { $0.key < $1.key }
    var rows: [JSON] = []
    for (id, body) in cases {
      let records = log.records.values.filter { $0.caseID == id }.count
      let published = session.open.cases.contains { $0.note.id == id }
      let count = Amounts.count(records, "record", "records")
      try face.out(
        "\(id.shown())  \(count)\(published ? "  published" : "")\(log.contested.contains(id) ? "  contested" : "")  \(face.quoted(body.title))"
      )
      rows.append([
        "case": .string(id.shown()), "id": .string(id.hash.description), "title": .string(body.title),
        "records": .integer(Int64(records)), "published": .bool(published), "fields": body.fields,
      ])
    }
    if cases.isEmpty { face.say("no cases yet") }
    return .array(rows)
  }
}
