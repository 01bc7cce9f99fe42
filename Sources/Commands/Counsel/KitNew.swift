import ArgumentParser
import Platform
import Record
import Shares
import Sodium
import TestimonyVault

struct KitNew: Verb {
  static let words = "kit new"
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a kit for a field worker: a folder that seals and opens nothing.",
    discussion: """
      The folder goes to the worker's machine with the program; the passphrase goes by another way. The worker compares \
      the vault's words with you. What is sealed with the kit, counsel open; a source's name takes the custodians.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The worker's name here: a pseudonym, 2 to 31 letters a-z, digits and dashes."))
  var worker: String
  @Option(help: ArgumentHelp("Until when its notes are filed by themselves: a day or a time.", valueName: "date"))
  var until: String
  @Option(help: ArgumentHelp("The new folder (default: Kit-WORKER).", valueName: "dir"))
  var output: String?
  @Option(
    name: .customLong("case"),
    help: ArgumentHelp("The case that its notes go to (default: asked at intake).", valueName: "case"))
  var caseID: String?
  @Option(
    help: ArgumentHelp(
      "When the worker's copy may go: two-counsel (two of you signed for it) or checkpoint (one, and a checkpoint).",
      valueName: "rule"))
  var rule: String?
  @Option(
    help: ArgumentHelp(
      "Questions that the kit asks, in the worker's language: one `name: question` on a line.", valueName: "file"))
  var form: String?
  @Option(
    help: ArgumentHelp(
      "What the kit and its card speak: en, ru, kk, ug or zh (default: as you are spoken to).", valueName: "code"))
  var language: String?
  @Flag(name: .customLong("own-passphrase"), help: "Choose the passphrase yourself instead of having one made.")
  var choose = false

  @Option(
    help: ArgumentHelp("Read the kit's passphrase from a file's first line.", valueName: "file"))
  var kitPassphraseFile: String?

  /// DESIGN: kits 15, with a longer passphrase.
  private static let (logN, passphraseWords) = (15, 9)

  func perform(_ face: Face) throws -> JSON {
    let worker = try Face.name(self.worker)
    let until = try Until.parse(until)
    let wanted = try rule.map { text in
      guard let rule = SafetyRule(rawValue: text) else { throw CommandError.unknownRule(text) }
      return rule
    }
    guard let language = self.language.map({ Language(rawValue: $0) }) ?? face.language else {
      throw CommandError.unknownLanguage(self.language ?? "")
    }
    let form = try self.form.map { try KitForm.read($0) } ?? []
    let path = PathBytes(output ?? "Kit-\(worker.text)")
    if (try? FileSystem.linkStatus(path)) != nil { throw VaultError.kit(.folderThere(Place(path.description))) }
    let session = try face.session()
    try session.require(.counsel)
    let caseID = try self.caseID.map { try session.findCase($0) }
    try face.confirmCustodians(session)
    let counsel = session.log.roster.members.values.filter { $0.isActive && $0.holds(.counsel) }.count
    let rule = wanted ?? (counsel > 1 ? .twoCounsel : .checkpoint)
    let plan = KitPlan(
      worker: worker, until: until, rule: rule, caseID: caseID, language: language.rawValue, form: form)
    if common.dryRun {
      try face.out(Message("would make a kit for \(worker.text) in \(path), until \(until)"))
      return ["worker": .string(worker.text)]
    }
    let passphrase = try face.kitPassphrase(kitPassphraseFile, words: Self.passphraseWords, choose: choose)
    let made = try session.makeKit(plan, in: path, passphrase: passphrase, logN: Self.logN)
    let card = KitCard(plan: plan, made: made, vault: session.note)
    let packed = try made.finish(card: card.text(in: language))
    try face.done(Message("made  \(path), and \(packed)  a kit for \(worker.text), until \(until)"))
    let words = CheckWords.of(session.note.id)
    try face.out(Message("check words  \(words.joined(separator: " "))"))
    try face.out(Message("counsel's recipient  \(made.counsel)"))
    switch rule {
    case .twoCounsel: face.say(Message("The worker's copy of a note goes only when two counsel have signed for it."))
    case .checkpoint:
      face.say(
        Message("The worker's copy of a note goes when one counsel has signed for it, and a checkpoint covers it."))
    }
    let cardFile = "\(path)/\(MadeKit.cardName)"
    face.say(Message("Print \(cardFile), and take it out of the folder: it says whose this is."))
    face.next(Message("give \(path) to \(worker.text), who compares the words: \("\(Program.name) kit check")"))
    return [
      "worker": .string(worker.text), "kit": .hash(made.kit), "until": .string(until.description),
      "output": .string(path.description), "rule": .string(rule.rawValue),
      "check-words": .array(words.map { .string($0) }), "counsel": .string(made.counsel),
    ]
  }
}

extension Face {
  /// The passphrase of a kit: handed over in a file of its own, or made here and shown once.
  func kitPassphrase(_ file: String?, words: Int, choose: Bool) throws -> Secret {
    guard let file else { return try askNewPassphrase(words: words, choose: choose) }
    let path = PathBytes(file)
    let descriptor: Descriptor
    do { descriptor = try FileSystem.openForReading(path) } catch { throw CommandError.file(path.description, error) }
    return try checkedLength(Self.firstLine(descriptor, path.description))
  }
}
