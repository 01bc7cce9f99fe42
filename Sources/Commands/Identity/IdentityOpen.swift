import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct IdentityOpen: Verb {
  static let words = "identity open"
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Read what your request asked for, once a quorum approved it. Once.",
    discussion: """
      That you opened it goes into the custody log first, then the request's key is destroyed, then it is shown. \
      Documents are written only with --output, into a new folder; those that were not need a new request. Where that \
      folder cannot be written any more once it is recorded, the texts are shown instead. --partly \
      opens some versions where others cannot be opened: the request ends with it.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("Your request.", valueName: "request"))
  var request: String
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("A new folder for the texts and documents, unsealed.", valueName: "dir"))
  var output: String?
  @Flag(help: "Open what can be opened, and give the rest up.")
  var partly = false

  func perform(_ face: Face) throws -> JSON {
    let folder = output.map { PathBytes($0) }
    if let folder {
      try OutputPath.checkFree(folder)
      try OutputPath.checkFolder(folder.parent)
    }
    _ = try ShownID(request, of: .request)
    let session = try face.session()
    let standing = try session.findRequest(request)
    if common.dryRun {
      try session.checkOpening(of: standing)
      try face.out(
        "would record that you opened the identity of \(standing.record.shown()), destroy the key of \(standing.id.shown()), and show it"
      )
      return ["request": .string(standing.id.shown()), "record": .string(standing.record.shown())]
    }
    let opened = try session.openIdentities(of: standing, partly: partly)
    var files = try folder.map { try IdentityFiles(opened, in: $0, json: common.json, session) }
    try face.record(session.recordOpening(of: opened))
    // The key is gone: what cannot be written is shown all the same.
    var failure: (any Error)?
    do { try files?.appear() } catch {
      failure = error
      files = nil
    }
    for accusation in opened.accused { face.warn(Complaint.sentence(accusation)) }
    try show(opened, files, face)
    if let failure { face.tell(failure) }
    return json(opened, files)
  }

  private func show(_ opened: OpenedIdentities, _ files: IdentityFiles?, _ face: Face) throws {
    let standing = opened.request
    try face.done(
      "opened",
      "\(standing.id.shown())  \(standing.record.shown())  by shares of \(opened.approvers.joined(separator: ", "))")
    if let files {
      for name in files.names { try face.out("written  \(files.folder)/\(name)") }
      if files.names.isEmpty { try face.out("none recorded") }
      face.say("These files are not sealed. Remove them when you are done; flash memory may keep what was removed.")
      for one in opened.versions where one.opened == nil { try RecordShowing.showFailure(of: one, face) }
    } else {
      try RecordShowing(id: standing.record, layer: .identity, versions: opened.versions).show(face, isOnce: true)
    }
    if standing.history.body.isDrill {
      if Drill.isCanary(opened) {
        try face.done("drilled", "\(opened.approvers.count) opened the canary  told to all members")
      } else {
        face.warn("the request was a drill, and what it opened is no canary")
      }
    }
    if !opened.later.isEmpty {
      face.warn("version \(opened.later.joined(separator: ", ")) was sealed after the request: it needs a new request")
    }
    face.say("The key of \(standing.id.shown()) is destroyed. Whoever reads it again asks again.")
  }

  private func json(_ opened: OpenedIdentities, _ files: IdentityFiles?) -> JSON {
    [
      "request": .string(opened.request.id.shown()), "record": .string(opened.request.record.shown()),
      "approvers": .array(opened.approvers.map { .string($0) }),
      "versions": .array(opened.versions.map(files == nil ? RecordShowing.json : Self.withoutContent)),
      "files": .array((files?.names ?? []).map { .string($0.description) }),
      "accused": .array(opened.accused.map { .string(Complaint.sentence($0)) }),
      "later": .array(opened.later.map { .string($0) }),
      "drilled": opened.request.history.body.isDrill ? .bool(Drill.isCanary(opened)) : .null,
    ]
  }

  private static func withoutContent(_ one: VersionRead) -> JSON {
    ["label": .string(one.label), "opened": .bool(one.opened != nil)]
  }
}
