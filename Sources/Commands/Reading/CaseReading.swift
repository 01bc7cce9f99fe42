import Publishing
import Record
import Sodium
import TestimonyVault

/// A case as members see it.
enum CaseReading {
  static func show(_ text: String, _ face: Face) throws -> JSON {
    let session = try face.session()
    let id = try session.findCase(text)
    guard let body = session.log.cases[id] else { throw VaultError.notHere(text) }
    let records = session.log.records.filter { $0.value.caseID == id }.sorted { $0.key < $1.key }
    let proposals = session.proposals(for: id)
    let isPublished = session.open.cases.contains { $0.note.id == id }
    try face.out(
      "\(id.shown())  case  reviewed by \(try face.readers(of: body.reviewers, session))\(isPublished ? "  published" : "")"
    )
    if session.log.contested.contains(id) {
      face.warn("the author of \(id.shown()) signed two different cases under this id; one of them is shown")
    }
    try face.data("title: \(body.title)")
    try Words.show(body.fields, face)
    if !records.isEmpty { try face.out("records") }
    for (record, history) in records {
      guard let newest = history.versions.last else { continue }
      try face.out(
        "  \(record.shown())  version \(history.label(newest))  \(newest.entry.entry.time.description.prefix(10))")
    }
    try Reviews.show(proposals, under: "proposals", face)
    return [
      "case": .string(id.shown()), "id": .string(id.hash.description), "title": .string(body.title),
      "reviewers": .string(body.reviewers), "published": .bool(isPublished), "fields": body.fields,
      "records": .array(
        records.map { record, history in
          [
            "record": .string(record.shown()), "id": .string(record.hash.description),
            "versions": .array(history.versions.map { .string(history.label($0)) }),
          ]
        }), "proposals": .array(proposals.map(Reviews.json)),
    ]
  }
}
