import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct NoteVerb: Verb {
  static let words = "note"
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "In the field: seal a note that this machine cannot read back.",
    discussion: """
      The note is a file, or standard input. Nothing is ever written unsealed. A source's real name goes into --identity, \
      which takes several custodians to open; in the note use a code (--source). Write down the receipt code.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var kit: KitOptions
  @Argument(help: ArgumentHelp("The note's text (default, or -: standard input).", valueName: "file"))
  var text: String?
  @Flag(help: "Write the note in an editor; no unsealed file is made.")
  var edit = false
  @Flag(help: "Print the kit's questions as a form to fill in, and seal nothing.")
  var template = false
  @Option(
    help: ArgumentHelp("A photo, recording or document of any size. May be given many times.", valueName: "file"))
  var attach: [String] = []
  @Option(help: ArgumentHelp("The source's code, never the name.", valueName: "code"))
  var source: String?
  @Option(help: ArgumentHelp("Who the source is: for the custodians alone.", valueName: "file"))
  var identity: String?
  @Option(help: ArgumentHelp("A document with the identity. May be given many times.", valueName: "file"))
  var identityAttach: [String] = []
  @Option(help: ArgumentHelp("What the source agreed to, in a few words.", valueName: "text"))
  var consent: String?
  @Option(
    help: ArgumentHelp("An earlier note that this one corrects, by its receipt code or number.", valueName: "code"))
  var corrects: String?
  @Flag(help: "Remove the attached files when their sealed copies were read back and are the same.")
  var removeOriginal = false

  func validate() throws {
    if edit, text != nil {
      throw ValidationError(usage: Message("give a text as a file or write it in the editor, not both."))
    }
    let standardInput = ([text, identity].filter { $0 == "-" } + (attach + identityAttach).filter { $0 == "-" }).count
    if standardInput + (text == nil && !edit && attach.isEmpty ? 1 : 0) > 1 {
      throw ValidationError(usage: Message("standard input can be used for one thing only."))
    }
    if removeOriginal, (attach + identityAttach).contains("-") {
      throw ValidationError(usage: Message("there is no original of standard input to remove."))
    }
  }

  func perform(_ face: Face) throws -> JSON {
    var draft = NoteDraft()
    draft.attachments = try attach.map(Seal.source)
    draft.identityAttachments = try identityAttach.map(Seal.source)
    draft.identity = try identity.map { try HandedIn.fields($0, as: .identity) } ?? [:]
    let given = try text.map { try HandedIn.fields($0, as: .testimony) }
    let kit = try face.fieldKit(kit)
    if template {
      try face.data(KitForm.template(of: kit.note.form, in: face.language))
      return ["questions": .array(kit.note.form.map { ["name": .string($0.name), "question": .string($0.question)] })]
    }
    face.tellAge(of: kit)
    if let corrects { draft.corrects = try kit.drop(named: corrects) }
    draft.fields = try fields(given, kit.note.form, face)
    let quorum = kit.quorum
    let audience = Message("counsel, identity to \(quorum.threshold) of \(quorum.recipients.count) custodians")
    if common.dryRun {
      try face.out(Message("would seal a note to \(audience)"))
      return ["sealed-to": .string(audience.description)]
    }
    let sealed = try seal(draft, kit, face)
    let drop = sealed.drop
    if sealed.resumed > 0 { face.say(Message("\(Amounts.size(sealed.resumed)) were sealed by an earlier run.")) }
    try face.done(Message("sealed  number \(drop.number), receipt \(drop.code)  to \(audience)"))
    var removed: [String] = []
    if removeOriginal {
      let kept: [String]
      (removed, kept) = try kit.removeOriginals(of: sealed, draft)
      for file in removed { try face.out(Message("removed  \(file)")) }
      if !removed.isEmpty { face.say(Message("Flash memory may keep what was removed.")) }
      if !kept.isEmpty {
        for file in kept { try face.out(Message("kept     \(file)")) }
        face.warn(
          Message(
            "an earlier run had sealed a part of this note, and cannot read it back: remove what was kept yourself")
        )
        face.exit = .partly
      }
    } else if !draft.attachments.isEmpty || !draft.identityAttachments.isEmpty {
      face.say(Message("The originals are still here."))
    }
    face.next("\(Program.name) outbox export FILE")
    return [
      "number": .integer(Int64(drop.number)), "receipt": .string(drop.code.description),
      "head": .hash(drop.head), "files": .integer(Int64(1 + drop.files.count)),
      "removed": .array(removed.map { .string($0) }),
    ]
  }

  private func seal(_ draft: NoteDraft, _ kit: FieldKit, _ face: Face) throws -> SealedDrop {
    let sources = draft.attachments + draft.identityAttachments
    let isKnown = sources.allSatisfy { $0.size != nil }
    let total = isKnown ? sources.reduce(0) { $0 + ($1.size ?? 0) } : nil
    let progress = ProgressLine(Message("sealing"), face: face)
    defer { progress.end() }
    let counter = Counter()
    do {
      return try kit.seal(draft) { place, count in progress.show(done: counter.add(count), total: total, of: place) }
    } catch {
      progress.end()
      if let kept = kit.outbox.unfinished {
        face.say(
          Message("\(Amounts.size(kept.length)) are sealed and kept: with the same files the note goes on from there."))
      }
      throw error
    }
  }

  /// Asks the kit's questions; an empty answer leaves a field out.
  private func answers(to form: [(name: String, question: String)], _ face: Face) throws -> JSON {
    let terminal = try face.terminal(for: Message("your answers"))
    var object = JSONObject()
    for one in form {
      terminal.write(Visible.line(one.question) + "\n")
      guard let line = try terminal.readLine(prompt: "> ", echo: true) else { throw CommandError.cancelled }
      guard line.count > 0 else { continue }
      guard let text = String(validating: line.bytes.copy(), as: UTF8.self) else { throw CommandError.notText }
      object.append(one.name, .string(text))
    }
    return .object(object)
  }

  /// The note's fields, with what the flags say.
  private func fields(_ given: JSON?, _ form: [(name: String, question: String)], _ face: Face) throws -> JSON {
    var handed: JSON = given ?? [:]
    if edit {
      handed = try Editing.form(.testimony, face)
    } else if given == nil, attach.isEmpty, !form.isEmpty, StandardStreams.isTerminal(.in), !common.noInput {
      handed = try answers(to: form, face)
    } else if given == nil, attach.isEmpty {
      if StandardStreams.isTerminal(.in) {
        face.say(Message("Write the note, and end it with \("Ctrl-D") on a line of its own."))
      }
      handed = try HandedIn.fields("-", as: .testimony)
    }
    var object = JSONObject()
    for (name, value) in [("source", source), ("consent", consent)] {
      if let value { object.append(name, .string(value)) }
    }
    object.append("written", .string(ClaimedTime(clamping: SystemClock.now()).description))
    for member in handed.members ?? [] where object[member.key] == nil { object.append(member.key, member.value) }
    guard (handed.members?.isEmpty ?? true) == false || !attach.isEmpty || identity != nil else {
      throw CommandError.nothingToSeal
    }
    return .object(object)
  }
}
