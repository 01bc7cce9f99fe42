import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Read: Verb {
  static let words = "read"
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Read a record with its history, or a case as members see it.",
    discussion: """
      Without a layer: the testimony if you may read it, else the summary. An identity is read only when asked for. All \
      versions are shown, oldest first, then the assessments. That you read it goes into the custody log before anything \
      is shown.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record, or a case.", valueName: "id"))
  var record: String
  @Argument(help: "summary, testimony or identity.")
  var layer: String?
  @Option(help: ArgumentHelp("Only this version: 1, or 2a where several were made apart.", valueName: "version"))
  var version: String?

  func perform(_ face: Face) throws -> JSON {
    let asked = try layer.map { name in
      guard let layer = Layer(rawValue: name) else { throw CommandError.unknownLayer(name) }
      return layer
    }
    if asked == nil, version == nil, (try? ShownID.parse(record))?.kind == .case {
      return try CaseReading.show(record, face)
    }
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    let id = try session.findRecord(record)
    let layer = try asked ?? self.layer(of: id, session)
    let versions = try session.read(layer, of: id, only: version)
    if common.dryRun {
      try face.out("would record that you opened the \(layer.rawValue) of \(id.shown()), and show it")
      return ["record": .string(id.shown()), "layer": .string(layer.rawValue)]
    }
    if asked == nil, layer == .summary { face.say("you may read the summary of \(id.shown()), not its testimony") }
    if session.log.contested.contains(id) {
      face.warn("the author of \(id.shown()) signed two different records under this id; one of them is shown")
    }
    let opened = versions.filter { $0.opened != nil }.map(\.version)
    try face.record(session.recordOpening(layer, of: id, opened))
    try RecordShowing(id: id, layer: layer, versions: versions).show(face)
    let assessments = version == nil ? session.assessments(of: id) : []
    try Reviews.show(assessments, under: "assessments", face)
    let newest = versions.last { $0.opened != nil }
    return [
      "record": .string(id.shown()), "id": .string(id.hash.description), "layer": .string(layer.rawValue),
      "version": .integer(Int64(newest?.version.head.version ?? 0)),
      "fields": newest?.opened?.compartment.fields ?? [:],
      "attachments": .array((newest?.opened?.compartment.attachments ?? []).map(Attachments.json)),
      "versions": .array(versions.map(RecordShowing.json)), "assessments": .array(assessments.map(Reviews.json)),
    ]
  }

  /// The testimony of whoever may read that of any version; else the summary.
  private func layer(of id: ThingID, _ session: Session) throws -> Layer {
    let may = try session.history(of: id).versions.reduce(into: Set<Layer>()) {
      $0.formUnion(try session.layers(of: $1))
    }
    return may.contains(.testimony) || !may.contains(.summary) ? .testimony : .summary
  }
}

/// A record's versions as a reader sees them.
struct RecordShowing {
  let id: ThingID
  let layer: Layer
  let versions: [VersionRead]

  /// - Parameter isOnce: it is shown this once; documents are not opened from here.
  func show(_ face: Face, isOnce: Bool = false) throws {
    guard let newest = versions.last else { return }
    let caseID = ThingID(kind: .case, hash: newest.version.head.caseID)
    try face.out("\(id.shown())  \(layer.rawValue)  version \(newest.label)  case \(caseID.shown())")
    if let text = authoritative(face) { try face.out("authoritative text: \(text)") }
    var number = 1
    for one in versions { try show(one, from: &number, face) }
    if versions.allSatisfy({ $0.isEmpty }) { try face.out("none recorded") }
    if number > 1, isOnce {
      face.say("The documents were not written: that needs a new request, and identity open --output DIR.")
    } else if number > 1 {
      let layer = self.layer == .identity ? " --layer identity" : ""
      face.next("\(Program.name) open \(id.shown()) 1\(layer) --output FILE")
    }
  }

  private func show(_ one: VersionRead, from number: inout Int, _ face: Face) throws {
    let date = one.time.description.prefix(10)
    var what = kind(of: one, face).map { "  \($0)" } ?? ""
    // Somebody who waits for a name must not take it for one that was not shown.
    if layer == .identity, one.isEmpty, versions.contains(where: { !$0.isEmpty }) { what += "  none recorded" }
    try face.out("version \(one.label)  \(date)  \(one.author ?? "?")\(what)")
    guard let opened = one.opened else { return try Self.showFailure(of: one, face) }
    try Words.show(opened.compartment.fields, face)
    try Attachments.show(opened.compartment.attachments, from: &number, face)
  }

  static func showFailure(of one: VersionRead, _ face: Face) throws {
    guard let failure = one.failure else { return }
    if case .notThisLayer = failure { return try face.out("not for you") }
    // The other versions are whole: they are shown, and the exit code tells of this one.
    let complaint = Complaint(failure)
    face.warn("version \(one.label): \(complaint.what)")
    face.exit = complaint.exit
  }

  /// What a version is, as far as the testimony says it.
  private func kind(of one: VersionRead, _ face: Face) -> String? {
    guard layer == .testimony, let fields = one.opened?.compartment.fields, !one.isEmpty else { return nil }
    switch one.addition {
    case .translation:
      let (from, to) = (fields["translated-from"]?.text ?? "?", fields["translated-to"]?.text ?? "?")
      return "translation from \(face.quoted(from)) to \(face.quoted(to))"
    case .correction: return "correction"
    case .testimony: return "addition"
    case nil:
      if one.version.head.version == 1 { return "statement" }
      return fields.members?.isEmpty ?? true ? "attachments" : "addition"
    }
  }

  /// Which text counts, as the newest version that says it has it.
  private func authoritative(_ face: Face) -> String? {
    let told = versions.last { $0.opened?.compartment.fields["authoritative-text"]?.text?.isEmpty == false }
    guard layer == .testimony, let told, let text = told.opened?.compartment.fields["authoritative-text"]?.text else {
      return nil
    }
    switch text {
    case "original": return "the original"
    case "translation" where told.addition == .translation: return "the translation, version \(told.label)"
    default: return face.quoted(text)
    }
  }

  static func json(_ one: VersionRead) -> JSON {
    let compartment = one.opened?.compartment
    return [
      "label": .string(one.label), "version": .integer(Int64(one.version.head.version)),
      "note": .string(one.version.note.description), "time": .string(one.time.description),
      "author": one.author.map { .string($0) } ?? .null, "adds": one.addition.map { .string($0.rawValue) } ?? .null,
      "fields": compartment?.fields ?? .null,
      "attachments": compartment.map { .array($0.attachments.map(Attachments.json)) } ?? .null,
    ]
  }
}

/// Attachments as a reader sees them listed.
enum Attachments {
  /// They are counted through all versions that are shown.
  static func show(_ attachments: [Attachment], from number: inout Int, _ face: Face) throws {
    if attachments.isEmpty { return }
    try face.out("attachments")
    for one in attachments {
      try face.out(
        "  \(number)  \(face.quoted(one.name))  \(face.quoted(one.mediaType))  \(Amounts.bytes(one.length))  sha256 \(one.content)"
      )
      number += 1
    }
  }

  static func json(_ one: Attachment) -> JSON {
    [
      "name": .string(one.name), "media-type": .string(one.mediaType), "length": .integer(Int64(one.length)),
      "sha256": .string(one.content.description),
    ]
  }
}
