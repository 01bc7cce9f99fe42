import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct Amend: Verb {
  static let words = "amend"
  static let configuration = CommandConfiguration(
    commandName: "amend",
    abstract: "Add a version to a record: a translation, a correction, an attachment, an identity.",
    discussion: """
      Nothing earlier is rewritten: every version stays, and read shows all of them. What is not given becomes a dummy, \
      sealed the same way. Texts are filled forms (template), JSON or plain text; - is standard input.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record.", valueName: "record"))
  var record: String
  @OptionGroup(title: "What is added to the testimony")
  var testimony: TestimonyAddition
  @Option(help: ArgumentHelp("A new review summary: for reviewers, without identifying detail.", valueName: "file"))
  var summary: String?
  @Option(help: ArgumentHelp("A photo, recording or document. May be given many times.", valueName: "file"))
  var attach: [String] = []
  @Option(
    help: ArgumentHelp("Who the source is, or more about it. At most 16 KiB with its envelope.", valueName: "file"))
  var identity: String?
  @Option(help: ArgumentHelp("A document with the identity. May be given many times.", valueName: "file"))
  var identityAttach: [String] = []
  @Flag(help: "Write the review summary in an editor.")
  var editSummary = false
  @Flag(help: "Write the identity in an editor.")
  var editIdentity = false

  func validate() throws {
    if editSummary && summary != nil || editIdentity && identity != nil {
      throw ValidationError("give a text as a file or write it in the editor, not both.")
    }
  }

  func perform(_ face: Face) throws -> JSON {
    let files = [testimony.file, summary, identity].compactMap { $0 } + attach + identityAttach
    guard files.filter({ $0 == "-" }).count <= 1 else { throw CommandError.standardInputTwice }
    guard !files.isEmpty || testimony.isEdited || editSummary || editIdentity else { throw CommandError.nothingToSeal }
    let added = try testimony.read()
    let summary = try summary.map { try HandedIn.fields($0, as: .summary) }
    let identity = try identity.map { try HandedIn.fields($0, as: .identity) }
    let (attachments, documents) = try (attach.map(Seal.source), identityAttach.map(Seal.source))
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    try session.require(.counsel)
    try face.confirmCustodians(session)
    let id = try session.findRecord(record)
    let history = try session.history(of: id)
    guard let body = session.log.cases[history.caseID] else { throw VaultError.notHere(history.caseID.shown()) }
    let audience = try Audience(of: body, session, face)
    if common.dryRun {
      try face.out("would add a version to \(id.shown()): \(audience.sentence)")
      return ["record": .string(id.shown()), "sealed-to": audience.json]
    }
    var draft = RecordDraft(caseID: history.caseID, amends: id)
    draft.testimony = try added ?? testimony.edited(face) ?? [:]
    draft.summary = try summary ?? (editSummary ? Editing.form(.summary, face) : [:])
    draft.identity = try identity ?? (editIdentity ? Editing.form(.identity, face) : [:])
    draft.attachments = attachments
    draft.identityAttachments = documents
    guard let sealed = try face.seal([draft], session).first else { throw CommandError.nothingToSeal }
    try face.done(
      "amended", "\(id.shown())  version \(sealed.version)  \(audience.sentence)\(Face.attachments(of: sealed))")
    if !files.isEmpty {
      face.say("The originals are still here. Remove them when a second copy of the vault exists.")
    }
    face.next("\(Program.name) read \(id.shown())")
    return [
      "record": .string(id.shown()), "id": .string(id.hash.description), "version": .integer(Int64(sealed.version)),
      "attachments": .integer(Int64(sealed.attachments)), "bytes": .integer(Int64(sealed.bytes)),
      "sealed-to": audience.json,
    ]
  }
}

/// What one version adds to a testimony: more of it, a translation, or a correction; one of them at a time.
struct TestimonyAddition: ParsableArguments {
  @Option(help: ArgumentHelp("More of the testimony: a later statement, or more about it.", valueName: "file"))
  var testimony: String?
  @Option(help: ArgumentHelp("A translation; with --from, --to, --translator and --date.", valueName: "file"))
  var translation: String?
  @Option(help: ArgumentHelp("The language of the original.", valueName: "language"))
  var from: String?
  @Option(help: ArgumentHelp("The language of the translation.", valueName: "language"))
  var to: String?
  @Option(help: ArgumentHelp("Who translated: a code or pseudonym.", valueName: "name"))
  var translator: String?
  @Option(help: ArgumentHelp("When it was translated.", valueName: "date"))
  var date: String?
  @Option(help: ArgumentHelp("By whom it is certified, and how.", valueName: "text"))
  var certificate: String?
  @Option(help: ArgumentHelp("Which text counts: original or translation.", valueName: "text"))
  var authoritative: String?
  @Option(help: ArgumentHelp("What was put right when it was read back.", valueName: "file"))
  var correction: String?
  @Flag(help: "Write more of the testimony in an editor; no unsealed file is made.")
  var edit = false
  @Flag(help: "Write a correction in an editor.")
  var editCorrection = false

  func validate() throws {
    let ways =
      [testimony, translation, correction].filter { $0 != nil }.count + (edit ? 1 : 0) + (editCorrection ? 1 : 0)
    guard ways <= 1 else {
      throw ValidationError("one addition at a time: a testimony, a translation or a correction.")
    }
    if translation == nil, [from, to, translator, date, certificate, authoritative].contains(where: { $0 != nil }) {
      throw ValidationError(
        "--from, --to, --translator, --date, --certificate and --authoritative tell about --translation.")
    }
    if let authoritative, !["original", "translation"].contains(authoritative) {
      throw ValidationError("--authoritative is original or translation.")
    }
  }

  var file: String? { testimony ?? translation ?? correction }
  var isEdited: Bool { edit || editCorrection }

  /// What was handed in as a file.
  func read() throws -> JSON? {
    if let testimony { return Addition.testimony.mark(try HandedIn.fields(testimony, as: .testimony)) }
    if let correction { return Addition.correction.mark(try HandedIn.fields(correction, as: .correction)) }
    guard let translation else { return nil }
    let told = [
      ("translated-from", from), ("translated-to", to), ("translator", translator), ("translation-date", date),
      ("translation-certificate", certificate), ("authoritative-text", authoritative),
    ]
    // What is told here stands in place of what the form says.
    var fields = JSONObject()
    for (name, value) in told { if let value { fields.append(name, .string(value)) } }
    for member in try HandedIn.fields(translation, as: .translation).members ?? [] where fields[member.key] == nil {
      fields.append(member.key, member.value)
    }
    let missing = told.prefix(4).map(\.0).filter { fields[$0] == nil }
    guard missing.isEmpty else { throw CommandError.incompleteTranslation(HandedIn.place(translation), missing) }
    return Addition.translation.mark(.object(fields))
  }

  func edited(_ face: Face) throws -> JSON? {
    if edit { return Addition.testimony.mark(try Editing.form(.testimony, face)) }
    if editCorrection { return Addition.correction.mark(try Editing.form(.correction, face)) }
    return nil
  }
}
