import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Publish: Verb {
  static let words = "publish"
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publish a case's summary, for anyone to read.",
    discussion:
      "What is published cannot be called back from those who have read it, and this version cannot take it back.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The case.", valueName: "case"))
  var caseID: String
  @Option(
    help: ArgumentHelp(
      "The public text: a filled form (template public), JSON or text; - for standard input.", valueName: "file"))
  var summary: String?
  @Option(help: ArgumentHelp("The text that was proposed under this number.", valueName: "n"))
  var proposal: Int?
  @Option(help: ArgumentHelp("The case's id again, instead of being asked for it.", valueName: "case"))
  var confirm: String?

  func validate() throws {
    guard (summary != nil) != (proposal != nil) else {
      throw ValidationError("give the text with --summary, or name a proposal with --proposal.")
    }
  }

  func perform(_ face: Face) throws -> JSON {
    var content = try summary.map {
      try PublicText.split(HandedIn.fields($0, as: .public, atMost: PublicText.limit), face)
    }
    _ = try ShownID(caseID, of: .case)
    let session = try face.session()
    try session.require(.counsel)
    let id = try session.findCase(caseID)
    if let proposal {
      let all = session.proposals(for: id)
      guard all.indices.contains(proposal - 1) else { throw CommandError.noProposal(proposal) }
      content = try PublicText.split(all[proposal - 1].body.fields, face)
    }
    guard let (details, text) = content else { throw CommandError.form("the public text", .empty) }
    let head = details.map { "\($0.name): \($0.value)\n" }.joined()
    let shown = face.lines(of: head + (head.isEmpty ? "" : "\n") + text.dropLast())
    if common.dryRun {
      for line in shown { face.say(line) }
      let need = try session.policy().thresholds.publish
      let audience = need > 1 ? CircleName.counsel : "anyone"
      try face.out(
        need > 1
          ? "would sign this as \(id.shown()), sealed to \(try face.readers(of: CircleName.counsel, session)) until \(need) publishers have signed"
          : "would publish this as \(id.shown()), for anyone to read")
      return ["case": .string(id.shown()), "sealed-to": .string(audience), "summary": .string(text)]
    }
    try face.confirm(
      id.shown(), given: confirm, shown: shown,
      about: "This text becomes public. Whoever has read it keeps it, whatever is done later.")
    let done = try session.publish(id, details: details, summary: text)
    let signer = "signed by publisher \(session.publisherNumber ?? 0)"
    if done.need > 1 {
      try face.done(
        "signed",
        "\(id.shown())  text \(done.number)  sealed to \(try face.readers(of: CircleName.counsel, session)), \(signer), 1 of \(done.need)"
      )
      face.next("another counsel: \(Program.name) countersign \(id.shown())")
    } else {
      try face.done("published", "\(id.shown())  text \(done.number)  for anyone to read, \(signer)")
      face.next("\(Program.name) show \(id.shown())")
    }
    return [
      "case": .string(id.shown()), "number": .integer(Int64(done.number)), "need": .integer(Int64(done.need)),
      "text": .string(done.note.note.hash.description),
    ]
  }
}

/// A public text, split into its details and the summary, in characters that a signed note can hold.
enum PublicText {
  /// Bytes. A note of everyone's is read whole by everyone: far below what the vault refuses to read.
  static let limit = 512 << 10

  static func split(_ fields: JSON, _ face: Face) throws -> (details: [PublicNote.Field], text: String) {
    var details: [PublicNote.Field] = []
    var text = ""
    var replaced = false
    for member in fields.members ?? [] {
      let given = member.value.list ?? [member.value]
      let values = given.compactMap(\.text).filter { !$0.isEmpty }
      if given.contains(where: { $0.text == nil }) {
        face.warn("the field '\(face.quoted(member.key))' holds something else than text, which is left out")
      }
      if member.key == FormKind.public.textName {
        text = cleaned(values.joined(separator: "\n"), keepingLines: true, &replaced)
      } else if CaseNote.detailNames.contains(member.key) {
        for value in values {
          details.append(PublicNote.Field(member.key, cleaned(value, keepingLines: false, &replaced)))
        }
      } else if member.key != "form" {
        face.warn("the field '\(face.quoted(member.key))' has no place in a public summary and is left out")
      }
    }
    guard !text.isEmpty else { throw CommandError.form("the public text", .empty) }
    if replaced { face.say("tabs and carriage returns were replaced: a signed note cannot hold them") }
    return (details, text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n")
  }

  /// TAB becomes a space, CR LF and CR a newline; other control characters are left out.
  private static func cleaned(_ text: String, keepingLines: Bool, _ replaced: inout Bool) -> String {
    var bytes: [UInt8] = []
    var before: UInt8 = 0
    for byte in text.utf8 {
      defer { before = byte }
      switch byte {
      case UInt8(ascii: "\n") where before == UInt8(ascii: "\r"): break
      case UInt8(ascii: "\r"):
        bytes.append(keepingLines ? UInt8(ascii: "\n") : UInt8(ascii: " "))
        replaced = true
      case UInt8(ascii: "\n"): bytes.append(keepingLines ? byte : UInt8(ascii: " "))
      case UInt8(ascii: "\t"):
        bytes.append(UInt8(ascii: " "))
        replaced = true
      case ..<0x20, 0x7f: replaced = true
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
