import Age
import Platform
import Record
import TestimonyVault

// The sentences for what the vault and its keys report.
extension Complaint {
  init(vault error: VaultError) {
    switch error {
    case .notAVault(let place):
      self.init(
        Message("\(place) is not a vault"),
        hint: Message("found one: \("\(Program.name) init"), or name one: \("--vault DIR")"), exit: .notAVault)
    case .unknownFormat(let format):
      self.init(
        "the vault has the format '\(PathBytes(format))', which this program does not know",
        hint: "a newer version may", exit: .notAVault)
    case .alreadyThere(let place):
      self.init(
        Message("\(place) is already there, and is left as it is"),
        hint: Message("name another place or person; what an init left that was cut short can be moved away"),
        exit: .usage)
    case .noSuchKey(let name):
      self.init(Message("there is no key '\(name)' here"), exit: .noneOfYourKeys)
    case .keyOfAnotherVault(let name):
      self.init(Message("the key of \(name) belongs to another vault"), exit: .noneOfYourKeys)
    case .passphrase: self.init(Message("wrong passphrase"), exit: .passphrase)
    case .tooMuchWork(let logN):
      self.init(
        Message("the key file asks for too much work to open (\("2^\(logN)"), at most \("2^20"))"), exit: .passphrase)
    case .noneOfYourKeys:
      self.init(
        "none of your keys opens it",
        hint: "has the founder admitted your card, and has your copy of the vault arrived?", exit: .noneOfYourKeys)
    case .notThisLayer(let record, let wanted, let may, let name): self.init(record, wanted, may, name)
    case .notAdmitted(let name):
      self.init(
        "\(name) is not a member of this vault",
        hint: "the founder admits a card: \(Program.name) member admit FILE --role ROLE", exit: .noneOfYourKeys)
    case .needsRole(let role):
      self.init(Message("only \(Self.name(of: role)) can do this"), exit: .refused)
    case .needsFounder: self.init("only the founder's key can do this", exit: .refused)
    case .needsRegistrar: self.init("only the registrar's key can do this", exit: .refused)
    case .checkpointsWentBack(let was, let now):
      self.init(
        "the vault went back: this device signed checkpoint \(was), and the newest here is \(now == 0 ? "none" : String(now)), or another one: nothing is signed",
        hint: "fetch what is missing from another copy; keep this one, it may be evidence", exit: .fork)
    case .checkpointsUnclear(let place):
      self.init(
        "the checkpoints are in doubt (\(place)): nothing is signed behind them",
        hint: "\(Program.name) verify tells what is wrong", exit: .fork)
    case .mixedKeys:
      self.init(
        Message("the key is of another kind than this vault's: hybrid and classic are never mixed"), exit: .refused)
    case .keysInsideVault(let place):
      self.init(
        "\(place) lies inside a vault, which is copied and synced: no key is written there",
        hint: "name another folder: --keys DIR", exit: .refused)
    case .nameTaken(let name): self.init("there is a member '\(name)' already", exit: .refused)
    case .keyTaken(let name):
      self.init("the keys on the card of \(name) belong to a member already", exit: .refused)
    case .wasRemoved(let name):
      self.init(
        "\(name) was removed: this key is not admitted again",
        hint: "whoever comes back makes a new key: \(Program.name) key new NAME",
        exit: .refused)
    case .noMember(let name):
      self.init(
        "there is no member '\(PathBytes(name))' who could be meant", hint: "\(Program.name) member list",
        exit: .notHere)
    case .lastCounsel(let name):
      self.init(
        "\(name) is the last counsel: nobody would be left who could work here", hint: "admit another counsel first",
        exit: .refused)
    case .isFounder(let name):
      self.init(
        "\(name) is the founder", hint: "hand the vault on first: \(Program.name) succession", exit: .refused)
    case .circleTaken(let name): self.init("there is a circle '\(name)' already", exit: .refused)
    case .foundingCircle(let name):
      self.init(
        "who holds the key of \(name) follows from the roles", hint: "\(Program.name) circle new NAME --with MEMBER",
        exit: .refused)
    case .holdsAllCircles(let name):
      self.init("\(name) is counsel, who hold the keys of all circles", exit: .refused)
    case .notCounsel(let name): self.init("\(name) is not counsel", exit: .refused)
    case .policyNeeds(let rule, let need, let have):
      self.init(
        "the policy asks for \(need) to \(rule == .succession ? "put a new founder in place" : rule.rawValue), and there would be \(have)",
        hint: rule == .succession
          ? "\(Program.name) succession set T NAME…"
          : "\(Program.name) policy set --\(rule.rawValue) N, or admit another counsel",
        exit: .refused)
    case .notASuccessor:
      self.init(
        "no rule of succession names you", hint: "\(Program.name) succession show", exit: .refused)
    case .nothingToTake:
      self.init(
        "nobody has put your key in place as the founder's, or the vault is yours already",
        hint: "\(Program.name) succession show", exit: .refused)
    case .followsAlready: self.init("this device follows the newest note: there is nothing to settle", exit: .refused)
    case .isRegistrar(let name): self.init("\(name) issues the checkpoints already", exit: .refused)
    case .notAHash(let text):
      self.init(
        "'\(PathBytes(text))' is no hash of an entry",
        hint: "its first eight digits or more: \(Program.name) log MEMBER shows them, adopt lists what is late",
        exit: .usage)
    case .notLate(let text):
      self.init("there is no late entry \(text)", hint: "\(Program.name) adopt lists what is late", exit: .notHere)
    case .noEntry(let text, let name):
      self.init(
        "there is no entry \(text) by \(name) here", hint: "\(Program.name) log \(name)", exit: .notHere)
    case .severalEntries(let text): self.init("\(text) means several: give more of the hash", exit: .usage)
    case .notAdoptable(let note):
      self.init(
        "\(note.handle) cannot be adopted: it is about the members, or by a founder's key that was replaced",
        hint: "the founder does it anew", exit: .refused)
    case .nothingAwaits(let handle):
      self.init(
        "nothing called \(PathBytes(handle)) awaits signatures here",
        hint: "\(Program.name) countersign lists what does",
        exit: .notHere)
    case .signedAlready(let number):
      self.init("publisher \(number), which is you, has signed it already", exit: .refused)
    case .damaged(let place, let damage):
      self.init(
        Message("damaged  \(place)  \(Self.meaning(damage))"),
        hint: Message("fetch that one file from another copy. Do not delete it: it may be evidence"), exit: .damaged)
    case .missing(let place):
      self.init(
        Message("\(place) is not here"),
        hint: Message("if the vault is still arriving, try again later; else fetch it from another copy"),
        exit: .incomplete)
    case .notHere(let id): self.init(Message("\(PathBytes(id)) is not here, or not for you"), exit: .notHere)
    case .mistyped(let id):
      self.init(Message("\(PathBytes(id)) is mistyped: its check letter does not fit"), exit: .notHere)
    case .notAnID(let id):
      self.init(
        Message("\(PathBytes(id)) is no id of this kind"),
        hint: Message("a case is \("C-…"), a record \("R-…"), a request \("Q-…")"), exit: .notHere)
    case .ambiguous(let id, let several):
      self.init(
        "\(id) means several", hint: several.map { $0.shown(extraGroups: 1) }.joined(separator: " or "), exit: .usage)
    case .noAttachment(let record, let name):
      self.init(
        name.isEmpty
          ? "\(record.shown()) has none or several attachments: say which"
          : "\(record.shown()) has no attachment '\(PathBytes(name))'",
        hint: "\(Program.name) read \(record.shown()) testimony lists them", exit: .notHere)
    case .noVersion(let record, let label):
      self.init(
        "\(record.shown()) has no version '\(PathBytes(label))'",
        hint: "\(Program.name) read \(record.shown()) lists them", exit: .notHere)
    case .needsQuorum(let record):
      self.init(
        "the identity of \(record.shown()) is granted to nobody: it is opened by those who hold its key",
        exit: .refused)
    case .opensByQuorum(let record):
      self.init(
        "the identity of \(record.shown()) is read by a request that a quorum of custodians approves",
        hint: "counsel ask: \(Program.name) identity request \(record.shown()) --purpose TEXT --until DATE",
        exit: .quorum)
    case .identityAlone(let record):
      self.init(
        "an identity of \(record.shown()) is locked to one person's own key still: it is not asked for",
        hint: "the one who sealed it: \(Program.name) relock \(record.shown()) --quorum", exit: .refused)
    case .request(let id, let refusal): self.init(id, refusal)
    case .shares(let id, let accused): self.init(id, accused)
    case .orderTooLarge(let place):
      self.init("\(place): an order has at most 16 MB (16777216 bytes)", exit: .usage)
    case .kit(let fault): self.init(fault)
    case .quorum(let refusal): self.init(refusal)
    case .share(let error): self.init("a share is not what it should be: \(Self.reason(error))", exit: .damaged)
    case .noSuchMember(let name):
      self.init("there is no member '\(PathBytes(name))'", hint: "\(Program.name) member list", exit: .notHere)
    case .couldNotSee(let record, let name, let circle):
      self.init(
        "\(PathBytes(name)) does not hold the key of the circle '\(PathBytes(circle))', and so could not see \(record.shown())",
        hint: "a grant gives a compartment to somebody who reviews the case", exit: .refused)
    case .tooLongForAnEntry(let bytes):
      self.init(
        Message("the note has \(bytes) bytes with its envelope, and at most 1048576 fit"),
        hint: Message(
          "counsel can attach longer material to the record: \("\(Program.name) amend RECORD --attach FILE")"),
        exit: .usage)
    case .identityTooLong(let bytes):
      self.init(
        Message("the identity has \(bytes) bytes, and at most 16384 fit"),
        hint: Message("put longer material into a file: \("--identity-attach")"), exit: .usage)
    case .noCircle(let name): self.init("you have no key of the circle '\(PathBytes(name))'", exit: .noneOfYourKeys)
    case .lacksKey(let name):
      self.init(
        "the newest key of the circle '\(PathBytes(name))' is not here: nothing is sealed to an older one",
        hint:
          "if the vault is still arriving, try again later; else the founder: \(Program.name) circle rotate \(PathBytes(name))",
        exit: .incomplete)
    case .partly(let done, let all):
      self.init(
        "partly done: \(done) of \(all) entries are in the vault, the rest is not",
        hint: "\(Program.name) list shows what is there; seal the rest again", exit: .partly)
    case .unconfirmed:
      self.init(
        Message("it is in the vault, but the disk did not confirm it"),
        hint: Message("do not do it again; keep the originals until a second copy of the vault exists"),
        exit: .inputOutput)
    case .notDestroyed(let count):
      self.init(
        "it is done, but the disk did not confirm that \(Amounts.count(count, "old file", "old files")) went",
        hint: "once the disk can be written, run it again: what is still here is destroyed then", exit: .inputOutput)
    case .unreadable:
      self.init(
        Message("what was handed in is nested too deeply or too long to be read back: nothing was sealed"),
        hint: Message("attach it as a file: \("--attach")"), exit: .usage)
    case .contested(let id):
      self.init(
        "the author of \(id.shown()) signed two different things about it: nothing is sealed into it",
        hint: "open a new case", exit: .fork)
    case .unexpected(let type): self.init(internal: type)
    case .outputExists(let place):
      self.init(
        Message("\(place) is already there, and is left as it is"),
        hint: Message("name another file: \("--output FILE")"), exit: .usage)
    case .busy:
      self.init(Message("another run with your key has been writing for ten minutes"), exit: .busy)
    case .newerEntries:
      self.init(
        "the log holds entries about the members that this version does not know: it writes nothing here",
        hint: "use the version that wrote them", exit: .refused)
    case .nothingLost: self.init("nothing that this device has seen is gone", exit: .refused)
    case .rosterIncomplete:
      self.init(
        "an entry about the members that others knew is not here: nothing is sealed before it has arrived",
        hint: "\(Program.name) verify names what is missing; fetch it from another copy", exit: .incomplete)
    case .awaitsSuccession(let name):
      self.init(
        "\(name) was put in place as the founder and has not taken the vault yet: nothing is sealed before that",
        hint:
          "\(name): \(Program.name) succession take; or put another in place: \(Program.name) succession propose NAME",
        exit: .incomplete)
    case .wentBack(_, let was, let now):
      self.init(
        "the vault went back in time: a chain of entries about the members was at \(was), now at \(now)",
        hint:
          "nothing is sealed to an old roster: fetch what verify names from another copy, or, where it is lost for good: \(Program.name) accept-loss",
        exit: .fork)
    case .keysWentBack:
      self.init(
        "the founder's public notes that this device followed are not on the way to the newest any more",
        hint:
          "the vault went back in time, or a succession set them aside: ask the others by another way, then fetch the vault anew, or: \(Program.name) succession follow",
        exit: .fork)
    case .provenElsewhere(let handle):
      self.init(
        "\(handle) says that files are gone, and is signed only where what took their place is proven",
        hint: "\(Program.name) relock RECORD, or reseal RECORD: the same command that its author ran",
        exit: .refused)
    case .textAwaits(let id):
      self.init(
        "an earlier public text of \(id.shown()) awaits further signatures",
        hint: "\(Program.name) countersign \(id.shown())", exit: .refused)
    case .cannotRecord(let place):
      self.init(
        "neither the vault nor \(place) can be written: what is opened could not be recorded, so nothing is shown",
        hint: "copy Keys/ to where it can be written, and name it: --keys DIR", exit: .inputOutput)
    case .system(let error, let place): self.init(system: error, at: place.description)
    case .record(let error): self.init(Self.sentence(error), exit: .damaged)
    case .age(let error): self.init(error)
    case .interrupted: self = .interrupted
    }
  }

  private init(_ record: ThingID, _ wanted: Layer, _ may: [Layer], _ name: String) {
    let id = record.shown()
    let what =
      may.isEmpty
      ? "none of your keys opens \(id)"
      : "you may read the \(may.map(\.rawValue).joined(separator: " and ")) of \(id), not its \(wanted.rawValue)"
    let hint =
      wanted == .identity
      ? "an identity is opened by those who hold its key, never by a role"
      : "counsel can grant it: \(Program.name) grant \(id) \(wanted.rawValue) --to \(name)"
    self.init(what, hint: hint, exit: .noneOfYourKeys)
  }

  /// What is wrong with a file, in a few words.
  static func meaning(_ damage: Damage) -> Message {
    switch damage {
    case .otherContent: Message("its content does not match its name")
    case .empty: Message("it is empty")
    case .notRegular: Message("it is not a regular file")
    case .unreadable: Message("it cannot be read")
    case .notFolder: Message("it is not a folder")
    case .tooLarge: Message("it is larger than such a file can be")
    case .stanzas: Message("it is not sealed as this vault seals: to one key")
    case .age: Message("it is not authentic")
    case .record(let error): reason(error)
    case .otherKey: Message("it carries another key than the record names")
    case .otherPlace: Message("it belongs to another record, version or layer")
    case .commitment: Message("it is not what was committed to when it was sealed")
    }
  }

  private static func name(of role: Role) -> Message {
    switch role {
    case .counsel: Message("counsel")
    case .reviewer: Message("reviewer")
    case .custodian: Message("custodian")
    }
  }

  static func sentence(_ error: RecordError) -> Message {
    Message("what was read is not well formed: \(reason(error))")
  }

  static func reason(_ error: RecordError) -> Message {
    switch error {
    case .note: Message("it is not a signed note")
    case .kind(let kind): Message("it is not a note of the kind '\(kind.rawValue)'")
    case .json: Message("its JSON is not well formed, or has a key twice")
    case .field(let name):
      name.isEmpty
        ? Message("a field is malformed") : Message("the field '\(PathBytes(name))' is missing or malformed")
    case .signature: Message("its signature is not good")
    case .otherVault: Message("it belongs to another vault")
    case .origin: Message("its id does not follow from its origin")
    case .commitment: Message("its commitments do not add up")
    case .characters: Message("it holds characters that a signed note cannot hold")
    }
  }
}
