import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Adopt: Verb {
  static let words = "adopt"
  static let configuration = CommandConfiguration(
    commandName: "adopt", abstract: "Give a late entry effect, on your word. Without a hash: list what is late.",
    discussion:
      "Late is what somebody signed, or back-dated, who was suspended or removed. Look at it first: who could have signed it, and when?"
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The entry: its hash, or the first eight digits or more.", valueName: "hash"))
  var hash: String?
  @Option(help: ArgumentHelp("Why, as counsel read it.", valueName: "text"))
  var reason: String?
  @Option(help: ArgumentHelp("The hash's first eight digits, instead of being asked for them.", valueName: "digits"))
  var confirm: String?

  func validate() throws {
    if hash != nil, reason?.isEmpty ?? true { throw ValidationError("say why: --reason TEXT") }
  }

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let late = session.log.lines().filter { $0.marks.contains(.late) }
    guard let hash, let reason else {
      for line in late { try face.out(Log.text(line, session, face)) }
      if late.isEmpty { face.say("nothing is late") }
      return ["late": .array(late.map { Log.json($0, session) })]
    }
    try session.require(.counsel)
    let entry = try session.lateEntry(hash)
    guard session.canAdopt(entry) else { throw VaultError.notAdoptable(entry.note) }
    let shown = late.filter { $0.entry.note == entry.note }.map { Log.text($0, session, face) }
    let audience = try face.readers(of: CircleName.counsel, session)
    if common.dryRun {
      for line in shown { face.say(line) }
      try face.out("would adopt \(entry.note.handle), sealed to \(audience)")
      return ["entry": .hash(entry.note), "sealed-to": .string(CircleName.counsel)]
    }
    try face.confirm(
      String(entry.note.description.prefix(8)), given: confirm.map { String($0.prefix(8)) }, shown: shown,
      about: "It counts from now on, on your word.")
    try session.adopt(entry, reason: reason)
    try face.done("adopted", "\(entry.note.handle)  \(entry.entry.type.word)  the entry sealed to \(audience)")
    return ["entry": .hash(entry.note), "type": .string(entry.entry.type.word)]
  }
}
