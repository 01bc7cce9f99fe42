import Age
import Platform
import Record
import TestimonyVault

/// An error as a person reads it: what failed and why, what to do, and the exit code. All sentences are here; none has
/// content, only places and ids.
struct Complaint {
  let what: String
  let hint: String?
  let exit: ExitCodes

  init(_ what: String, hint: String? = nil, exit: ExitCodes) {
    self.what = what
    self.hint = hint
    self.exit = exit
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
    default: self.init("internal error: \(type(of: error))", hint: "please report this", exit: .internalError)
    }
  }

  init(system error: SystemError, at place: String?) {
    let start = place.map { "\($0): " } ?? ""
    if error.isInterrupted {
      self = .interrupted
    } else if error.isNotFound {
      self.init("\(start)there is no such file", exit: .notHere)
    } else if error.isNoSpace {
      self.init(
        "\(start)no space left", hint: "nothing sealed earlier is affected; free some space and run it again",
        exit: .inputOutput)
    } else if error.isReadOnly {
      self.init("\(start)not allowed: \(error.reason)", hint: "is it read-only, or another user's?", exit: .inputOutput)
    } else {
      self.init("\(start)\(error.reason)", exit: .inputOutput)
    }
  }

  /// A usage error of the argument parser, in our voice.
  init(usage message: String) {
    var text = message.split(separator: "\n").first.map(String.init) ?? message
    if text.utf8.starts(with: "Error: ".utf8) { text = String(text.dropFirst("Error: ".count)) }
    if let letter = text.first { text = letter.lowercased() + text.dropFirst() }
    while text.last == "." { text.removeLast() }
    self.init("usage: \(text)", hint: "\(Program.name) VERB --help", exit: .usage)
  }

  /// As a person reads it.
  var text: String {
    "\(Program.name): \(what)\n" + (hint.map { "hint: \($0)\n" } ?? "")
  }

  /// As one line of JSON.
  func json(command: String, warnings: [String]) -> String {
    let object: JSON = [
      "v": 1, "command": .string(command), "exit": .integer(Int64(exit.rawValue)),
      "error": ["what": .string(what), "hint": hint.map { .string($0) } ?? .null],
      "warnings": .array(warnings.map { .string($0) }),
    ]
    return object.shown + "\n"
  }

  static var interrupted: Complaint {
    let terminated = Interruption.signal == 15
    return Complaint(
      "interrupted: nothing of this command counts", exit: terminated ? .terminated : .interrupted)
  }

  private init(age error: AgeError) {
    switch error {
    case .unknownRecipient, .malformedBech32, .bech32Checksum:
      self.init("this is not an age recipient of the kinds that this program knows", exit: .damaged)
    case .mixedKinds:
      self.init("hybrid and classic keys are never mixed", exit: .refused)
    case .tooMuchWork(let logN):
      self.init("the file asks for too much work to open (2^\(logN))", exit: .damaged)
    case .outOfMemory: self.init("not enough memory to derive the key", exit: .inputOutput)
    default: self.init("the file is not authentic, or not an age file", exit: .damaged)
    }
  }

  private init(command error: CommandError) {
    switch error {
    case .name(let name):
      self.init(
        "'\(PathBytes(name))' cannot be a name",
        hint: "2 to 31 letters a-z, digits and dashes, beginning with a letter",
        exit: .usage)
    case .needsTerminal(let purpose):
      self.init(
        "\(purpose) is needed, and there is nobody to ask", hint: "use --passphrase-file or --passphrase-fd",
        exit: .passphrase)
    case .passphraseTooShort:
      self.init("a passphrase has at least 12 characters", exit: .passphrase)
    case .passphrasesDiffer: self.init("the two passphrases are not the same", exit: .passphrase)
    case .wordsDiffer:
      self.init(
        "these are not the words that were asked for: nothing was made",
        hint: "run it again, and write the words down first", exit: .passphrase)
    case .emptyPassphrase: self.init("the passphrase is empty", exit: .passphrase)
    case .cancelled: self.init("cancelled: nothing was done", exit: .cancelled)
    case .notConfirmed(let id):
      self.init(
        "this cannot be undone, and nobody is here to confirm it", hint: "confirm with: --confirm \(id)",
        exit: .cancelled)
    case .wrongConfirmation(let id): self.init("that is not \(id): nothing was done", exit: .cancelled)
    case .noKeys(let folder):
      self.init("there is no key in \(folder)", hint: "make one: \(Program.name) key new NAME", exit: .noneOfYourKeys)
    case .kitForm(let file, let line):
      self.init(
        "\(HandedIn.place(file)), line \(line): not a question",
        hint: "one on a line, as   place: Where did you see it?",
        exit: .usage)
    case .notText: self.init("the answer is not UTF-8 text", hint: "set the terminal to UTF-8", exit: .usage)
    case .unknownRule(let text):
      self.init(
        "there is no rule '\(PathBytes(text))'", hint: SafetyRule.allCases.map(\.rawValue).joined(separator: " or "),
        exit: .usage)
    case .whichCase(let worker):
      self.init("nothing says to which case the notes of \(worker) belong", hint: "--case CASE", exit: .usage)
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
    case .standardInputTwice: self.init("standard input can be used for one thing only", exit: .usage)
    case .nothingToSearch:
      self.init("there is nothing to search for: a word has at least one letter", exit: .usage)
    case .nothingToSeal:
      self.init(
        "there is nothing to seal", hint: "give --testimony, --summary, --attach, --identity or --identity-attach",
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
    case .editor(let why): self.init("the editor: \(why)", exit: .helper)
    case .unknownLayer(let layer):
      self.init("there is no layer '\(PathBytes(layer))'", hint: "summary, testimony or identity", exit: .usage)
    case .unknownForm(let form):
      self.init(
        "there is no form '\(PathBytes(form))'", hint: Template.kinds, exit: .usage)
    case .notADate(let text):
      self.init(
        "'\(PathBytes(text))' is no date", hint: "a day (2027-03-31) or a time (2027-03-31T12:00:00Z)", exit: .usage)
    case .dateNotAhead(let time): self.init("\(time) is not in the future", exit: .usage)
    case .dateTooFar(let time):
      self.init("\(time) is more than a year ahead: a request is good for a year at most", exit: .usage)
    case .textTooLarge(let file, let limit):
      self.init(
        "\(file): a text has at most \(Amounts.bytes(UInt64(limit))) here",
        hint: "longer material is attached to a record: seal --attach",
        exit: .usage)
    }
  }

  private init(form failure: Form.Failure, _ file: String) {
    switch failure {
    case .notText:
      self.init(
        "\(file): this is not UTF-8 text", hint: "a document or picture belongs among the attachments: --attach",
        exit: .usage)
    case .json: self.init("\(file): the JSON is not well formed, or has a key twice", exit: .usage)
    case .notAnObject: self.init("\(file): the JSON is not an object", exit: .usage)
    case .otherForm(let kind):
      self.init("\(file): this is a form for '\(kind.rawValue)', and it was given for something else", exit: .refused)
    case .line(let number):
      self.init(
        "\(file): line \(number) is not 'name: value'", hint: "a long text goes below the line that begins with ---",
        exit: .usage)
    case .empty: self.init("\(file): there is nothing in it", exit: .usage)
    }
  }
}
