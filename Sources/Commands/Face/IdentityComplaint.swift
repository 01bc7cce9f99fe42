import Record
import TestimonyVault

// The sentences for requests, shares, and who did what with them.
extension Complaint {
  init(_ id: ThingID, _ refusal: RequestRefusal) {
    let q = id.shown()
    switch refusal {
    case .expired(let time):
      self.init("\(q) has expired: it was good until \(time)", hint: "a new one: \(Self.ask)", exit: .refused)
    case .cancelled(let time): self.init("\(q) was taken back at \(time)", exit: .refused)
    case .opened(let time):
      self.init(
        "\(q) was opened at \(time), and its key is destroyed", hint: "to read it again: \(Self.ask)", exit: .refused)
    case .othersRequest(let name):
      self.init("\(q) is the request of \(name): nobody else can open it or take it back", exit: .refused)
    case .splitsOnly:
      self.init(
        "\(id.shown()) asks that keys be split anew: nothing of it is shown",
        hint: "\(Program.name) quorum replace OLD NEW",
        exit: .refused)
    case .noFreshKey:
      self.init(
        "the key of \(q) is not on this device: what was approved for it opens nowhere else",
        hint: "on the device that asked, or a new one: \(Self.ask)", exit: .noneOfYourKeys)
    case .twoTexts:
      self.init(
        "the requester signed two different texts under \(q): neither counts", hint: "a new one: \(Self.ask)",
        exit: .fork)
    case .requesterEnded(let name, let isRemoved):
      self.init(
        "\(q) goes no further: \(name), who asked, was \(isRemoved ? "removed" : "suspended") since",
        hint: "another counsel: \(Self.ask)", exit: .refused)
    case .membersMovedOn:
      self.init(
        "\(q) is not opened: the members have a newer key, and you do not: you were removed, or it is still arriving",
        hint: "fetch a newer copy of the vault, or ask the founder", exit: .refused)
    case .badRecipient:
      self.init(
        "\(q) gives no key of this vault's kind to seal the answers to", hint: "its requester: \(Self.ask)",
        exit: .damaged)
    case .noShare: self.init("you hold no share of what \(q) asks for", exit: .refused)
    case .shareElsewhere(let name):
      self.init("the share is with \(name), your other device", hint: "approve it there", exit: .refused)
    case .shareUnhanded(let name):
      self.init(
        "this share was sealed to \(name), and is not handed on to you here",
        hint: "\(name) can approve it, or hand it on: \(Program.name) quorum replace", exit: .incomplete)
    case .unknownPolicy:
      self.init(
        "\(q) names a quorum that is not here", hint: "fetch what is missing from another copy of the vault",
        exit: .incomplete)
    case .tooFew(let shortfall): self.init(q, shortfall)
    case .noOrder: self.init("\(q) has no order", exit: .notHere)
    case .badOrder: self.init("the order of \(q) is damaged, or no order that \(q) gives the key of", exit: .damaged)
    case .orderNotHere(let place):
      self.init(
        "the order of \(q) is not here (\(place))", hint: "if the vault is still arriving, look again later",
        exit: .incomplete)
    }
  }

  private static var ask: String { "\(Program.name) identity request RECORD --purpose TEXT --until DATE" }

  private init(_ q: String, _ shortfall: Shortfall) {
    var parts = ["\(shortfall.have) of \(shortfall.need) approved"]
    if !shortfall.missing.isEmpty { parts.append("missing: \(shortfall.missing.joined(separator: ", "))") }
    if !shortfall.ended.isEmpty {
      parts.append("\(shortfall.ended.joined(separator: ", ")) left meanwhile, and does not count")
    }
    parts += shortfall.accused.map(Self.sentence)
    self.init(
      "\(q) cannot be opened yet: \(parts.joined(separator: "; "))",
      hint: shortfall.missing.isEmpty
        ? "a new one: \(Self.ask)" : "they approve: \(Program.name) identity approve \(q)",
      exit: .quorum)
  }

  init(_ id: ThingID, _ accused: [Accusation]) {
    self.init(
      "\(id.shown()): \(accused.map(Self.sentence).joined(separator: "; "))",
      hint: "keep the vault as it is: the signed entry is evidence", exit: .damaged)
  }

  /// Who did what, in one clause.
  static func sentence(_ accusation: Accusation) -> String {
    let share = "share of version \(accusation.version)"
    let name = accusation.name
    switch (accusation.role, accusation.wrong) {
    case (.requester, _): return "\(name) names a lock file of another record in the request"
    case (.custodian, .doesNotOpen): return "the approval of \(name) does not open with this request's key"
    case (.custodian, .malformed): return "what \(name) sent is no share"
    case (.custodian, .signature): return "\(name) sent a \(share) that is not what was signed at sealing"
    case (.custodian, .otherHolder): return "\(name) sent somebody else's \(share)"
    case (.custodian, _): return "\(name) sent a share of another record, version or policy"
    case (.lockAuthor, .doesNotOpen): return "\(name) wrote a lock file whose \(share) does not open to you"
    case (.lockAuthor, .otherHolder): return "\(name) wrote a lock file that gives you somebody else's \(share)"
    case (.lockAuthor, .otherPlace):
      return "\(name) wrote a lock file with a share of another record, version or policy"
    case (.lockAuthor, _): return "\(name) wrote a lock file whose \(share) nobody who may signed"
    case (.sealer, .words): return "\(name), who sealed it, signed a \(share) whose words are others than it says"
    case (.sealer, .notAShare): return "\(name), who sealed it, signed a \(share) that is none"
    case (.sealer, .stranger): return "\(name) signed a \(share), and sealed nothing there"
    case (.sealer, .twoLists): return "\(name), who sealed it, signed two different lists of its shares"
    case (.sealer, _):
      return "\(name), who sealed it, signed shares of version \(accusation.version) that do not make its key"
    }
  }
}
