import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Countersign: Verb {
  static let words = "countersign"
  static let configuration = CommandConfiguration(
    commandName: "countersign",
    abstract: "Sign, as a publisher, what another has signed. Without a name: list what awaits signatures.",
    discussion: "A summary is public once as many have signed as the policy asks for; until then counsel read it here.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("A case, or the first 12 digits of a text.", valueName: "case|text"))
  var handle: String?
  @Option(help: ArgumentHelp("The same again, instead of being asked for it.", valueName: "case|text"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    try session.require(.counsel)
    guard let handle else { return try list(session, face) }
    let text = try session.awaiting(handle)
    let number = try session.checkCountersigning(text)
    let shown = face.lines(of: String(text.text.dropLast()))
    if common.dryRun {
      for line in shown { face.say(line) }
      try face.out(
        "would sign \(text.handle) as publisher \(number), \(text.signed.count + 1) of \(text.need)\(audience(of: text))"
      )
      return json(text)
    }
    try face.confirm(
      text.handle, given: confirm, shown: shown,
      about: "With \(text.need) signatures this counts, for anyone who checks. It has \(text.signed.count).")
    let done = try session.countersign(text)
    let signatures = "\(done.have) of \(done.need) have signed"
    switch text.kind {
    case .summary where done.isEnough:
      try face.done("published", "\(text.handle)  for anyone to read, \(signatures)")
      face.next("\(Program.name) show \(text.handle)")
    case .summary(_, isPublic: false):
      try face.done(
        "signed", "\(text.handle)  sealed to \(try face.readers(of: CircleName.counsel, session)), \(signatures)")
    case .succession(let name) where done.isEnough:
      try face.done("put in place", "\(name) as the founder  for anyone to read, \(signatures)")
      face.next("\(Program.name) succession take --as \(name)")
    default: try face.done("signed", "\(text.handle)  for anyone to read, \(signatures)")
    }
    return ["text": .hash(text.hash), "have": .integer(Int64(done.have)), "need": .integer(Int64(done.need))]
  }

  private func list(_ session: Session, _ face: Face) throws -> JSON {
    let all = try session.awaiting()
    for text in all {
      let signers = text.signed.sorted().map(String.init).joined(separator: ", ")
      try face.out(
        "\(text.handle)  \(words(text))  \(text.hash.handle)  \(text.signed.count) of \(text.need): publisher \(signers)"
      )
    }
    if all.isEmpty { face.say("nothing awaits signatures") }
    return ["awaiting": .array(all.map(json))]
  }

  private func words(_ text: Awaiting) -> String {
    switch text.kind {
    case .succession(let name): "\(name) as the founder"
    case .gone(let gone): "\(Amounts.count(gone.names.count, "file", "files")) to \(gone.reason.rawValue)"
    case .summary(let note, _): "text \(note.number)"
    }
  }

  private func audience(of text: Awaiting) -> String {
    if case .summary(_, isPublic: false) = text.kind, text.signed.count + 1 < text.need {
      return ", sealed to \(CircleName.counsel)"
    }
    return ", for anyone to read"
  }

  private func json(_ text: Awaiting) -> JSON {
    let kind =
      switch text.kind {
      case .succession: "succession"
      case .gone(let gone): gone.reason.rawValue
      case .summary: "publish"
      }
    return [
      "handle": .string(text.handle), "kind": .string(kind), "text": .hash(text.hash),
      "signed": .array(text.signed.sorted().map { .integer(Int64($0)) }), "need": .integer(Int64(text.need)),
    ]
  }
}
