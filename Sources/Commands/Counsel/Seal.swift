import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct Seal: Verb {
  static let words = "seal"
  static let configuration = CommandConfiguration(
    commandName: "seal",
    abstract: "Seal a record: summary to reviewers, testimony to counsel, identity to who holds its key.",
    discussion: """
      Texts are filled forms (template), JSON or plain text; - is standard input. What is not given becomes a dummy, \
      sealed the same way; a large attachment shows by its size. The originals are never touched.
      """)

  @OptionGroup var common: CommonOptions
  @Option(name: .customLong("case"), help: ArgumentHelp("The case.", valueName: "case"))
  var caseID: String
  @Option(help: ArgumentHelp("The review summary: for reviewers, without identifying detail.", valueName: "file"))
  var summary: String?
  @Option(help: ArgumentHelp("The statement and all about it: for counsel.", valueName: "file"))
  var testimony: String?
  @Option(
    help: ArgumentHelp(
      "A photo, recording or document of any size, with the testimony. May be given many times.", valueName: "file"))
  var attach: [String] = []
  @Option(help: ArgumentHelp("Who the source is. At most 16 KiB with its envelope.", valueName: "file"))
  var identity: String?
  @Option(help: ArgumentHelp("A document with the identity. May be given many times.", valueName: "file"))
  var identityAttach: [String] = []
  @Flag(help: "Write the testimony in an editor; no unsealed file is made.")
  var edit = false
  @Flag(help: "Write the review summary in an editor.")
  var editSummary = false
  @Flag(help: "Write the identity in an editor.")
  var editIdentity = false
  @Option(
    help: ArgumentHelp(
      "Seal many at once: a folder of files or folders, or a file that lists their paths.", valueName: "dir"))
  var batch: String?

  func validate() throws {
    let single = summary != nil || testimony != nil || identity != nil || !attach.isEmpty || !identityAttach.isEmpty
    if batch != nil, single || edit || editSummary || editIdentity {
      throw ValidationError("--batch stands alone with --case.")
    }
    if edit && testimony != nil || editSummary && summary != nil || editIdentity && identity != nil {
      throw ValidationError("give a text as a file or write it in the editor, not both.")
    }
  }

  func perform(_ face: Face) throws -> JSON {
    let materials = try gather(face)
    _ = try ShownID(caseID, of: .case)
    let session = try face.session()
    try session.require(.counsel)
    let id = try session.findCase(caseID)
    try face.confirmCustodians(session)
    guard let body = session.log.cases[id] else { throw VaultError.notHere(caseID) }
    let audience = try Audience(of: body, session, face)
    if common.dryRun {
      try face.out(
        "would seal \(Amounts.count(materials.count, "record", "records")) in \(id.shown()): \(audience.sentence)")
      return ["case": .string(id.shown()), "records": .integer(Int64(materials.count))]
    }
    let drafts = try materials.map { try $0.draft(in: id, edit: edits, face) }
    let sealed = try face.seal(drafts, session)
    for (record, material) in zip(sealed, materials) {
      let files = Face.attachments(of: record)
      let name = material.label.map { "  (\(face.quoted($0)))" } ?? ""
      try face.done("sealed", "\(record.id.shown())  \(audience.sentence)\(files)\(name)")
    }
    face.say("The originals are still here. Remove them when a second copy of the vault exists.")
    if let first = sealed.first { face.next("\(Program.name) read \(first.id.shown()) testimony") }
    return [
      "case": .string(id.shown()),
      "records": .array(
        zip(sealed, materials).map { record, material in
          [
            "record": .string(record.id.shown()), "id": .string(record.id.hash.description),
            "from": material.label.map { .string($0) } ?? .null,
            "attachments": .integer(Int64(record.attachments)), "bytes": .integer(Int64(record.bytes)),
          ]
        }),
      "sealed-to": audience.json,
    ]
  }

  private var edits: [FormKind] {
    (edit ? [FormKind.testimony] : []) + (editSummary ? [.summary] : []) + (editIdentity ? [.identity] : [])
  }

  /// Everything that can be looked at before the passphrase is asked for.
  private func gather(_ face: Face) throws -> [Materials] {
    if let batch { return try Batch.read(batch) }
    if [summary, testimony, identity].filter({ $0 == "-" }).count
      + (attach + identityAttach).filter({ $0 == "-" }).count > 1
    {
      throw CommandError.standardInputTwice
    }
    var one = Materials(label: nil)
    one.summary = try summary.map { try HandedIn.fields($0, as: .summary) }
    one.testimony = try testimony.map { try HandedIn.fields($0, as: .testimony) }
    one.identity = try identity.map { try HandedIn.fields($0, as: .identity) }
    one.attachments = try attach.map(Self.source)
    one.identityAttachments = try identityAttach.map(Self.source)
    guard !one.isEmpty || !edits.isEmpty else { throw CommandError.nothingToSeal }
    return [one]
  }

  static func source(_ file: String) throws -> AttachmentSource {
    file == "-" ? AttachmentSource(standardInputNamed: "standard-input") : try AttachmentSource(PathBytes(file))
  }
}

/// To whom a record of a case is sealed, in words.
struct Audience {
  let sentence: String
  let json: JSON

  init(of body: CaseBody, _ session: Session, _ face: Face) throws {
    let reviewers = try face.readers(of: body.reviewers, session)
    let counsel = try face.readers(of: CircleName.counsel, session)
    let quorum = try session.activeQuorum()
    let identity = face.words(for: quorum.policy, of: quorum.holders.map(\.member.name), left: quorum.left)
    sentence = "summary to \(reviewers), testimony to \(counsel), identity to \(identity)"
    json = [
      "summary": .string(body.reviewers), "testimony": .string(CircleName.counsel),
      "identity": [
        "threshold": .integer(Int64(quorum.policy.body.threshold)),
        "custodians": .array(quorum.holders.map { .string($0.member.name) }),
      ],
    ]
  }
}
