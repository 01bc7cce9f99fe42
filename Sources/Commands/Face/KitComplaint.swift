import Platform
import TestimonyVault

// The sentences for kits and what they carry.
extension Complaint {
  init(_ fault: KitFault) {
    switch fault {
    case .notAKit(let place):
      self.init("\(place) is not a kit", hint: "name its folder: --kit DIR", exit: .notAVault)
    case .several(let names):
      self.init(
        "there are several kits here: \(names.joined(separator: ", "))", hint: "say which: --as NAME", exit: .usage)
    case .notVouchedFor(let place):
      self.init(
        "\(place) is not signed by a counsel of its vault: nothing is sealed with it",
        hint: "have counsel make you a new kit", exit: .damaged)
    case .lostList(let place):
      self.init(
        "\(place) is gone or damaged: a number could be used twice, so nothing is sealed",
        hint: "carry everything in outbox/ to counsel as it is, and have them make you a new kit", exit: .damaged)
    case .noDrop(let text):
      self.init(
        "no note here has the number or receipt code '\(PathBytes(text))'", hint: "\(Program.name) outbox list",
        exit: .notHere)
    case .foreignReceipt(let place):
      self.init("\(place) is no receipt of this vault's counsel for this kit", exit: .refused)
    case .receiptWentBack(let place):
      self.init(
        "\(place) does not follow from what this kit knows of its vault: nothing of it was taken",
        hint: "ask counsel by another way, and keep the file: it may be evidence", exit: .fork)
    case .noSuchKit(let name): self.init("there is no kit of '\(PathBytes(name))'", exit: .notHere)
    case .kitExists(let name):
      self.init(
        "there is, or was, a kit of \(name): receipts and numbers are read together with the name",
        hint: "take another name for the new one, as \(name)-2", exit: .refused)
    case .folderThere(let place):
      self.init(
        "\(place) is already there, and is left as it is",
        hint: "what a `kit new` left that was cut short can be moved away; if its name is used up, take another",
        exit: .usage)
    case .noFiled(let name, let number):
      self.init(
        "not one note of \(PathBytes(name)) that was filed has the number \(number), or two have",
        hint: "\(Program.name) kit list", exit: .notHere)
    case .notAsSealed(let place):
      self.init(
        "\(place) changed, or its sealed copy does not read back the same: every original stays", exit: .damaged)
    case .endsInThePast: self.init("the kit would be over already", hint: "--until DATE", exit: .usage)
    }
  }
}
