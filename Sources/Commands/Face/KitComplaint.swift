import Platform
import TestimonyVault

// The sentences for kits and what they carry.
extension Complaint {
  init(_ fault: KitFault) {
    switch fault {
    case .notAKit(let place):
      self.init(Message("\(place) is not a kit"), hint: Message("name its folder: \("--kit DIR")"), exit: .notAVault)
    case .several(let names):
      self.init(
        Message("there are several kits here: \(names.joined(separator: ", "))"),
        hint: Message("say which: \("--as NAME")"), exit: .usage)
    case .notVouchedFor(let place):
      self.init(
        Message("\(place) is not signed by a counsel of its vault: nothing is sealed with it"),
        hint: Message("have counsel make you a new kit"), exit: .damaged)
    case .lostList(let place):
      self.init(
        Message("\(place) is gone or damaged: a number could be used twice, so nothing is sealed"),
        hint: Message("carry everything in \("outbox/") to counsel as it is, and have them make you a new kit"),
        exit: .damaged)
    case .noDrop(let text):
      self.init(
        Message("no note here has the number or receipt code '\(PathBytes(text))'"),
        hint: Message(verbatim: "\(Program.name) outbox list"),
        exit: .notHere)
    case .foreignReceipt(let place):
      self.init(Message("\(place) is no receipt of this vault's counsel for this kit"), exit: .refused)
    case .receiptWentBack(let place):
      self.init(
        Message("\(place) does not follow from what this kit knows of its vault: nothing of it was taken"),
        hint: Message("ask counsel by another way, and keep the file: it may be evidence"), exit: .fork)
    case .noSuchKit(let name): self.init(Message("there is no kit of '\(PathBytes(name))'"), exit: .notHere)
    case .kitExists(let name):
      self.init(
        Message("there is, or was, a kit of \(name): receipts and numbers are read together with the name"),
        hint: Message("take another name for the new one, as \("\(name)-2")"), exit: .refused)
    case .folderThere(let place):
      self.init(
        Message("\(place) is already there, and is left as it is"),
        hint: Message(
          "what a \("`kit new`") left that was cut short can be moved away; if its name is used up, take another"),
        exit: .usage)
    case .noFiled(let name, let last):
      self.init(
        Message(
          "not one note of \(PathBytes(name)) that was filed has the number or receipt code '\(PathBytes(last))', or two have"
        ),
        hint: Message("name it by its receipt code, or name the one before"), exit: .notHere)
    case .notAsSealed(let place):
      self.init(
        Message("\(place) changed, or its sealed copy does not read back the same: every original stays"),
        exit: .damaged)
    case .endsInThePast:
      self.init(Message("the kit would be over already"), hint: Message(verbatim: "--until DATE"), exit: .usage)
    }
  }
}
