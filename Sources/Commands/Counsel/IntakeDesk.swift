import Platform
import Record
import Sodium
import TestimonyVault

/// How an intake is asked about and told.
struct IntakeDesk {
  let face: Face
  let session: Session
  let given: ThingID?
  private var asked: [String: ThingID] = [:]

  init(face: Face, session: Session, given: ThingID?) {
    self.face = face
    self.session = session
    self.given = given
  }

  func isFiled(_ one: Arrival, accepting: Bool) -> Bool {
    switch one.verdict {
    case .good: true
    case .quarantine, .keptApart: accepting && one.canBeFiled
    case .known, .incomplete: false
    }
  }

  /// The case of each drop that is filed: as given, as its kit says, or as the note that it corrects; else it is asked, once
  /// for each worker.
  mutating func cases(for arrivals: [Arrival]) throws -> [SHA256Hash: ThingID] {
    var cases: [SHA256Hash: ThingID] = [:]
    for one in arrivals {
      let kit = session.log.kits[one.head.kit]
      let own = kit?.worker?.caseID.map { ThingID(kind: .case, hash: $0) }
      cases[one.drop.note] = try given ?? corrected(one, kit) ?? own ?? ask(one.worker)
    }
    return cases
  }

  mutating func caseOfUnsigned(_ one: UnsignedArrival) throws -> ThingID { try given ?? ask("an unsigned note") }

  private func corrected(_ one: Arrival, _ kit: Kit?) -> ThingID? {
    guard let corrects = one.head.corrects else { return nil }
    let note = kit?.notes.first { if case .drop(_, corrects, _, _) = $0.source { true } else { false } }
    return note.flatMap { session.log.records[ThingID(kind: .record, hash: $0.record)]?.caseID }
  }

  private mutating func ask(_ worker: String) throws -> ThingID {
    if let known = asked[worker] { return known }
    let cases = session.log.cases.keys.sorted()
    if cases.count == 1 { return cases[0] }
    guard !face.options.noInput, let terminal = Terminal.open() else { throw CommandError.whichCase(worker) }
    for id in cases { terminal.write("\(id.shown())  \(face.quoted(session.log.cases[id]?.title ?? ""))\n") }
    let prompt = face.text(Message("To which case do the notes of \(worker) belong? "))
    guard let answer = try terminal.readLine(prompt: prompt, echo: true) else { throw CommandError.cancelled }
    let id = try session.findCase(String(decoding: answer.bytes.copy(), as: UTF8.self))
    asked[worker] = id
    return id
  }

  /// One drop in a line.
  func line(_ one: Arrival) -> Message {
    let name = "\(one.worker) \(one.head.number) \(one.code)"
    switch one.verdict {
    case .good: return Message("filed  \(name)  \(one.head.record.shown())")
    case .known: return Message("known  \(name)  \(one.head.record.shown())")
    case .keptApart: return Message("apart  \(name)  kept apart before")
    case .incomplete(let missing):
      let files = Message(count: missing, one: "%1 file is not here whole", many: "%1 files are not here whole")
      return Message("torn   \(name)  \(files)")
    case .quarantine(let reason): return Message("apart  \(name)  \(Self.sentence(reason))")
    }
  }

  /// As the log says it, in the language of this run.
  private static func sentence(_ reason: Arrival.Quarantine) -> Message {
    switch reason {
    case .afterEnd: Message("arrived after the kit's end")
    case .afterRevocation: Message("not among the drops that count since the kit was revoked")
    case .otherContent: Message("its files are not what its head says")
    }
  }

  /// What became of everything, worker by worker.
  func tell(_ intake: Intake, _ taken: [Taken], _ statuses: [Standing]) throws {
    let filed = Set(taken.filter { $0.standing == .filed }.compactMap(\.drop))
    var isPartly = false
    for one in intake.arrivals {
      if filed.contains(one.drop.note) {
        let name = "\(one.worker) \(one.head.number) \(one.code)"
        try face.done(Message("filed  \(name)  \(one.head.record.shown())"))
      } else {
        try face.out(line(one))
        if one.verdict != .known { isPartly = true }
      }
    }
    for one in intake.strangers {
      try face.out(
        Message("apart  a kit that nobody named (\(one.kit.handle)), number \(one.number), \(one.place): left there"))
      isPartly = true
    }
    for place in intake.sources.torn {
      try face.out(Message("torn   \(place)  it is not whole, or not what its name says"))
    }
    for place in intake.sources.refused { try face.out(Message("refused  \(place)  no part of a drop")) }
    for place in intake.broken { try face.out(Message("broken  \(place)  it opens, and is not what it should be")) }
    for one in intake.sources.unread { try face.out(Message("unread  \(one.place)  \(one.error.reason)")) }
    if !intake.foreign.isEmpty {
      try face.out(
        Message(
          count: intake.foreign.count, one: "foreign  %1 sealed file that no drop here names",
          many: "foreign  %1 sealed files that no drop here names"))
    }
    if intake.sources.junk > 0 {
      face.say(
        Message(
          count: intake.sources.junk, one: "%1 other file lay among them", many: "%1 other files lay among them"))
    }
    for (worker, status) in statuses { try tellMissing(worker, status, &isPartly) }
    if !intake.sources.torn.isEmpty || !intake.broken.isEmpty || !intake.sources.unread.isEmpty { isPartly = true }
    if isPartly, face.exit == .done { face.exit = .partly }
  }

  typealias Standing = (worker: String, status: KitStatus)

  /// Of every worker of whom something arrived, what is there by now.
  func statuses(_ intake: Intake) -> [Standing] {
    let drops = Dictionary(grouping: intake.arrivals, by: \.worker)
    return drops.sorted { $0.key < $1.key }.compactMap { worker, arrivals in
      (try? session.kit(named: worker)).map { (worker, KitStatus($0, arriving: arrivals.map(\.drop))) }
    }
  }

  private func tellMissing(_ worker: String, _ status: KitStatus, _ isPartly: inout Bool) throws {
    if !status.missing.isEmpty {
      try face.out(Message("missing  \(worker): number \(KitStatus.list(status.missing))"))
      isPartly = true
    }
    if !status.forked.isEmpty {
      try face.out(
        Message(
          "forked   \(worker): two different notes under number \(KitStatus.list(status.forked)); both are kept"))
      face.exit = .fork
    }
  }

  /// A receipt for each worker of whom something was filed now.
  func receipts(for taken: [Taken], into folder: PathBytes) throws -> [JSON] {
    let drops = Set(taken.filter { $0.standing == .filed }.compactMap(\.drop))
    var written: [JSON] = []
    for kit in session.kits {
      guard let worker = kit.worker?.name,
        kit.notes.contains(where: {
          if case .drop(_, let head, _, _) = $0.source { drops.contains(head) } else { false }
        })
      else { continue }
      written.append(try face.writeReceipt(for: kit, of: worker, into: folder, session))
    }
    return written
  }

  func report(_ intake: Intake, _ taken: [Taken], _ statuses: [Standing], receipts: [JSON]) -> JSON {
    let byDrop = Dictionary(taken.compactMap { one in one.drop.map { ($0, one) } }) { first, _ in first }
    return [
      "drops": .array(
        intake.arrivals.map { one in
          [
            "worker": .string(one.worker), "number": .integer(Int64(one.head.number)),
            "receipt": .string(one.code.description), "record": .string(one.head.record.shown()),
            "state": .string(byDrop[one.drop.note]?.standing.rawValue ?? state(one.verdict)),
          ]
        }),
      "unsigned": .array(taken.filter { $0.drop == nil }.map { .string($0.record.shown()) }),
      "torn": .array(intake.sources.torn.map { .string($0) }),
      "refused": .array(intake.sources.refused.map { .string($0) }),
      "broken": .array(intake.broken.map { .string($0) }), "foreign": .integer(Int64(intake.foreign.count)),
      "strangers": .integer(Int64(intake.strangers.count)), "junk": .integer(Int64(intake.sources.junk)),
      "workers": .array(
        statuses.map { worker, status in
          [
            "worker": .string(worker), "missing": .array(status.missing.map { .integer(Int64($0)) }),
            "forked": .array(status.forked.map { .integer(Int64($0)) }),
          ]
        }),
      "receipts": .array(receipts),
    ]
  }

  private func state(_ verdict: Arrival.Verdict) -> String {
    switch verdict {
    case .good: "new"
    case .known: "known"
    case .keptApart: "quarantined"
    case .incomplete: "incomplete"
    case .quarantine: "quarantined"
    }
  }
}
