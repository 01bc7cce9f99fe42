import Age
import Platform
import Record
import TestimonyVault

/// An error as a person reads it: what failed and why, what to do, and the exit code. All sentences are here; none has
/// content, only places and ids.
struct Complaint {
  let what: Message
  let hint: Message?
  let exit: ExitCodes

  init(_ what: Message, hint: Message? = nil, exit: ExitCodes) {
    self.what = what
    self.hint = hint
    self.exit = exit
  }

  /// A sentence that is in no catalogue yet.
  init(_ what: String, hint: String? = nil, exit: ExitCodes) {
    self.init(Message(verbatim: what), hint: hint.map { Message(verbatim: $0) }, exit: exit)
  }

  init(_ error: any Error) {
    switch error {
    case let error as VaultError: self.init(vault: error)
    case let error as CommandError: self.init(command: error)
    case let error as BackupFault: self.init(backup: error)
    case let error as BackupRefusal: self.init(refusal: error)
    case let error as SystemError:
      self.init(system: error, at: nil)
    case let error as AgeError: self.init(age: error)
    case let error as RecordError: self.init(Self.sentence(error), exit: .damaged)
    default: self.init(internal: "\(type(of: error))")
    }
  }

  init(internal type: String) {
    self.init(Message("internal error: \(type)"), hint: Message("please report this"), exit: .internalError)
  }

  init(system error: SystemError, at place: String?) {
    func at(_ what: Message) -> Message { place.map { Message("\(HandedIn.shown($0)): \(what)") } ?? what }
    if error.isInterrupted {
      self = .interrupted
    } else if error.isNotFound {
      self.init(at(Message("there is no such file")), exit: .notHere)
    } else if error.isNoSpace {
      self.init(
        at(Message("no space left")),
        hint: Message("nothing sealed earlier is affected; free some space and run it again"), exit: .inputOutput)
    } else if error.isReadOnly {
      self.init(
        at(Message("not allowed: \(error.reason)")), hint: Message("is it read-only, or another user's?"),
        exit: .inputOutput)
    } else {
      self.init(at(Message(verbatim: error.reason)), exit: .inputOutput)
    }
  }

  /// A usage error of the argument parser, in our voice.
  init(usage message: String) {
    var text = message.split(separator: "\n").first.map(String.init) ?? message
    if text.utf8.starts(with: "Error: ".utf8) { text = String(text.dropFirst("Error: ".count)) }
    if let letter = text.first { text = letter.lowercased() + text.dropFirst() }
    while text.last == "." { text.removeLast() }
    self.init(Message("usage: \(text)"), hint: Message(verbatim: "\(Program.name) VERB --help"), exit: .usage)
  }

  /// As a person reads it.
  func text(in language: Language) -> String {
    let first = Message("\(Program.name): \(what)").written(in: language) + "\n"
    return first + (hint.map { Message("hint: \($0)").written(in: language) + "\n" } ?? "")
  }

  /// As one line of JSON.
  func json(_ command: String, _ warnings: [Message], in language: Language) -> String {
    let object: JSON = [
      "v": 1, "command": .string(command), "exit": .integer(Int64(exit.rawValue)),
      "error": [
        "what": .string(what.text(in: language)), "hint": hint.map { .string($0.text(in: language)) } ?? .null,
      ],
      "warnings": .array(warnings.map { .string($0.text(in: language)) }),
    ]
    return object.shown + "\n"
  }

  static var interrupted: Complaint {
    let terminated = Interruption.signal == 15
    return Complaint(
      Message("interrupted: nothing of this command counts"), exit: terminated ? .terminated : .interrupted)
  }

  private init(age error: AgeError) {
    switch error {
    case .unknownRecipient, .malformedBech32, .bech32Checksum:
      self.init(Message("this is not an age recipient of the kinds that this program knows"), exit: .damaged)
    case .mixedKinds:
      self.init(Message("hybrid and classic keys are never mixed"), exit: .refused)
    case .tooMuchWork(let logN):
      self.init(Message("the file asks for too much work to open (\("2^\(logN)"))"), exit: .damaged)
    case .outOfMemory: self.init(Message("not enough memory to derive the key"), exit: .inputOutput)
    default: self.init(Message("the file is not authentic, or not an age file"), exit: .damaged)
    }
  }

  private init(command error: CommandError) {
    switch error {
    case .name(let name):
      self.init(
        Message("'\(PathBytes(name))' cannot be a name"),
        hint: Message("2 to 31 letters \("a-z"), digits and dashes, beginning with a letter"),
        exit: .usage)
    case .needsTerminal(let purpose):
      self.init(
        Message("\(purpose) is needed, and there is nobody to ask"),
        hint: Message("use \("--passphrase-file") or \("--passphrase-fd")"), exit: .passphrase)
    case .passphraseTooShort:
      self.init(Message("a passphrase has at least 12 characters"), exit: .passphrase)
    case .passphrasesDiffer: self.init(Message("the two passphrases are not the same"), exit: .passphrase)
    case .wordsDiffer:
      self.init(
        Message("these are not the words that were asked for: nothing was made"),
        hint: Message("run it again, and write the words down first"), exit: .passphrase)
    case .emptyPassphrase: self.init(Message("the passphrase is empty"), exit: .passphrase)
    case .cancelled: self.init(Message("cancelled: nothing was done"), exit: .cancelled)
    case .notConfirmed(let id):
      self.init(
        Message("this cannot be undone, and nobody is here to confirm it"),
        hint: Message("confirm with: \("--confirm \(id)")"), exit: .cancelled)
    case .wrongConfirmation(let id): self.init(Message("that is not \(id): nothing was done"), exit: .cancelled)
    case .noKeys(let folder):
      self.init(
        Message("there is no key in \(folder)"), hint: Message("make one: \("\(Program.name) key new NAME")"),
        exit: .noneOfYourKeys)
    case .kitForm(let file, let line):
      self.init(
        Message("\(HandedIn.shown(HandedIn.place(file))), line \(line): not a question"),
        hint: Message("one on a line, as   \("place: Where did you see it?")"), exit: .usage)
    case .notText:
      self.init(Message("the answer is not UTF-8 text"), hint: Message("set the terminal to UTF-8"), exit: .usage)
    case .unknownRule(let text):
      self.init(
        Message("there is no rule '\(PathBytes(text))'"),
        hint: Message("\(SafetyRule.twoCounsel.rawValue) or \(SafetyRule.checkpoint.rawValue)"), exit: .usage)
    case .unknownLanguage(let text):
      self.init(
        Message("there is no language '\(PathBytes(text))'"),
        hint: Message("one of: \(Language.codes.joined(separator: ", "))"), exit: .usage)
    case .whichCase(let worker):
      self.init(
        Message("nothing says to which case the notes of \(worker) belong"), hint: Message(verbatim: "--case CASE"),
        exit: .usage)
    case .whichKey(let names):
      self.init(
        "there are several keys here: say whose to use", hint: "--as \(names.joined(separator: " | --as "))",
        exit: .usage)
    case .notACard(let file, let error):
      self.init("\(file): this is not a card: \(Self.reason(error))", exit: .damaged)
    case .form(let file, let failure): self.init(form: failure, file)
    case .file(let file, let error): self.init(system: error, at: file)
    case .largerLocks(let custodians, let size):
      self.init(
        "with \(custodians) custodians every lock file is of \(size / 1024) KiB, not 32: its size tells records of this policy from others",
        hint: "if that is meant: --larger", exit: .refused)
    case .standardInputTwice: self.init(Message("standard input can be used for one thing only"), exit: .usage)
    case .nothingToSearch:
      self.init("there is nothing to search for: a word has at least one letter", exit: .usage)
    case .nothingToSeal:
      self.init(
        Message("there is nothing to seal"),
        hint: Message(
          "give \("--testimony"), \("--summary"), \("--attach"), \("--identity") or \("--identity-attach")"),
        exit: .usage)
    case .incompleteTranslation(let file, let missing):
      self.init(
        "\(file): a translation says where it comes from: \(missing.joined(separator: ", ")) is missing",
        hint: "--from, --to, --translator and --date, or a filled form: template translation", exit: .usage)
    case .noProposal(let number):
      self.init("there is no proposal \(number)", hint: "\(Program.name) read CASE lists them", exit: .notHere)
    case .batch(let place, let why): self.init("\(place): \(why)", exit: .usage)
    case .unknownRole(let role):
      self.init("there is no role '\(PathBytes(role))'", hint: "counsel, reviewer or custodian", exit: .usage)
    case .editor(let why): self.init(Message("the editor: \(why)"), exit: .helper)
    case .unknownLayer(let layer):
      self.init("there is no layer '\(PathBytes(layer))'", hint: "summary, testimony or identity", exit: .usage)
    case .unknownForm(let form):
      self.init(
        "there is no form '\(PathBytes(form))'", hint: Template.kinds, exit: .usage)
    case .notADate(let text):
      self.init(
        Message("'\(PathBytes(text))' is no date"),
        hint: Message("a day (\("2027-03-31")) or a time (\("2027-03-31T12:00:00Z"))"), exit: .usage)
    case .dateNotAhead(let time): self.init(Message("\(time) is not in the future"), exit: .usage)
    case .dateTooFar(let time):
      self.init("\(time) is more than a year ahead: a request is good for a year at most", exit: .usage)
    case .textTooLarge(let file, let limit):
      self.init(
        Message("\(HandedIn.shown(file)): a text has at most \(Amounts.size(UInt64(limit))) here"),
        hint: Message("longer material is attached to a record: \("seal --attach")"), exit: .usage)
    }
  }

  private init(form failure: Form.Failure, _ file: String) {
    let file = HandedIn.shown(file)
    switch failure {
    case .notText:
      self.init(
        Message("\(file): this is not UTF-8 text"),
        hint: Message("a document or picture belongs among the attachments: \("--attach")"), exit: .usage)
    case .json: self.init(Message("\(file): the JSON is not well formed, or has a key twice"), exit: .usage)
    case .notAnObject: self.init(Message("\(file): the JSON is not an object"), exit: .usage)
    case .otherForm(let kind):
      self.init(
        Message("\(file): this is a form for '\(kind.rawValue)', and it was given for something else"), exit: .refused)
    case .line(let number):
      self.init(
        Message("\(file): line \(number) is not '\("name: value")'"),
        hint: Message("a long text goes below the line that begins with \("---")"), exit: .usage)
    case .empty: self.init(Message("\(file): there is nothing in it"), exit: .usage)
    }
  }
}
