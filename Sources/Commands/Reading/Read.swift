import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Read: Verb {
  static let words = "read"
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Read a record: its summary, testimony or identity.",
    discussion:
      "Without a layer: the testimony if you may read it, else the summary. An identity is read only when asked for. "
      + "That you read it goes into the custody log before anything is shown.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record.", valueName: "record"))
  var record: String
  @Argument(help: "summary, testimony or identity.")
  var layer: String?

  func perform(_ face: Face) throws -> JSON {
    let asked = try layer.map { name in
      guard let layer = Layer(rawValue: name) else { throw CommandError.unknownLayer(name) }
      return layer
    }
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    let id = try session.findRecord(record)
    let version = try session.newest(id)
    let may = try session.layers(of: version)
    let layer = asked ?? (may.contains(.testimony) || !may.contains(.summary) ? .testimony : .summary)
    let opened = try session.open(layer, of: id, version)
    if common.dryRun {
      try face.out("would record that you opened the \(layer.rawValue) of \(id.shown()), and show it")
      return ["record": .string(id.shown()), "layer": .string(layer.rawValue)]
    }
    if asked == nil, layer == .summary { face.say("you may read the summary of \(id.shown()), not its testimony") }
    if session.log.contested.contains(id) {
      face.warn("the author of \(id.shown()) signed two different records under this id; one of them is shown")
    }
    try face.record(session.recordOpening(layer, of: id, [version]))
    try show(opened, face)
    return [
      "record": .string(id.shown()), "id": .string(id.hash.description), "layer": .string(layer.rawValue),
      "version": .integer(Int64(opened.compartment.version)), "fields": opened.compartment.fields,
      "attachments": .array(opened.compartment.attachments.map(Attachments.json)),
    ]
  }

  private func show(_ opened: OpenedLayer, _ face: Face) throws {
    let caseID = ThingID(kind: .case, hash: opened.manifest.caseID)
    try face.out(
      "\(opened.record.shown())  \(opened.layer.rawValue)  version \(opened.compartment.version)  case \(caseID.shown())"
    )
    let members = opened.compartment.fields.members ?? []
    if members.isEmpty { try face.out("none recorded") }
    for member in members where member.value.text != nil || member.value.list != nil {
      let values = member.value.list?.map(Self.text) ?? [Self.text(member.value)]
      for value in values {
        // A long text stands below its name.
        let block = value.utf8.contains(UInt8(ascii: "\n"))
        try face.data(block ? "--- \(member.key)\n\(value)" : "\(member.key): \(value)")
      }
    }
    for member in members where member.value.text == nil && member.value.list == nil {
      try face.data("\(member.key): \(Self.text(member.value))")
    }
    try Attachments.show(opened.compartment.attachments, of: opened, face)
  }

  private static func text(_ value: JSON) -> String {
    value.text ?? String(decoding: value.printed(), as: UTF8.self)
  }
}

/// Attachments as a reader sees them listed.
enum Attachments {
  static func show(_ attachments: [Attachment], of opened: OpenedLayer, _ face: Face) throws {
    if attachments.isEmpty { return }
    try face.out("attachments")
    for (index, one) in attachments.enumerated() {
      try face.out(
        "  \(index + 1)  \(face.quoted(one.name))  \(face.quoted(one.mediaType))  \(Amounts.bytes(one.length))  sha256 \(one.content)"
      )
    }
    let layer = opened.layer == .identity ? " --layer identity" : ""
    face.next("\(Program.name) open \(opened.record.shown()) 1\(layer) --output FILE")
  }

  static func json(_ one: Attachment) -> JSON {
    [
      "name": .string(one.name), "media-type": .string(one.mediaType), "length": .integer(Int64(one.length)),
      "sha256": .string(one.content.description),
    ]
  }
}
