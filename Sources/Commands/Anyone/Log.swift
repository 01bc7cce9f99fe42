import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct Log: Verb {
  static let words = "log"
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "The custody chain: who sealed, opened, granted, removed what, and when.",
    discussion: "With a key (--as NAME) its content; without one only how many entries there are. Times are claims.")

  @OptionGroup var common: CommonOptions
  @Argument(
    help: ArgumentHelp(
      "Only what is about one case, record, request or member.", valueName: "case|record|request|member"))
  var subject: String?

  func perform(_ face: Face) throws -> JSON {
    let keys = try? face.keyFolder()
    let people = try keys?.people() ?? []
    guard common.person != nil || people.count == 1 || subject != nil else { return try outside(face) }
    let session = try face.session()
    let log = session.log
    let filter = try Filter(subject, session)
    let all = log.lines()
    let lines = all.filter(filter.takes)
    var rows: [JSON] = []
    let requests = session.requestIDs
    for line in lines {
      let request = line.request.flatMap { requests[$0] }
      try face.out(
        Self.text(line, session, face, request: request) + (filter.isMember ? "  \(line.entry.note.handle)" : ""))
      rows.append(Self.json(line, session, request: request))
    }
    for (file, fault) in log.refused where subject == nil && fault != .late && fault != .void {
      try face.out("refused  \(ObjectPlace(.log, file))  \(Verify.sentence(fault))")
    }
    if lines.isEmpty { face.say("no entries about it that your key shows") }
    face.say(
      "\(Amounts.count(lines.count, "entry", "entries")) of \(all.count) that your key shows; "
        + "\(Amounts.count(session.notForYou, "is", "are")) not for you")
    if log.chainFaults.contains(where: { $0.fault == .fork }) { face.exit = .fork }
    return [
      "entries": .array(rows), "not-for-you": .integer(Int64(session.notForYou)),
      "refused": .array(
        log.refused.map { file, fault in
          ["file": .string(ObjectPlace(.log, file).description), "meaning": .string(Verify.sentence(fault))]
        }),
    ]
  }

  private func outside(_ face: Face) throws -> JSON {
    let folder = try face.vaultFolder()
    _ = try folder.vaultNote()
    let count = try folder.list(.log).objects.count
    try face.out("\(Amounts.count(count, "entry", "entries")), sealed: a member sees what they say (--as NAME)")
    return ["count": .integer(Int64(count))]
  }

  static func text(_ line: CustodyLine, _ session: Session, _ face: Face, request: ThingID? = nil) -> String {
    let entry = line.entry.entry
    let type = face.quoted(entry.type.word)
    var parts = [
      entry.time.description, name(entry.author, session).padded(to: 10), type.padded(to: 10),
    ]
    let things = line.records.isEmpty ? line.cases : line.records
    parts += things.map { $0.shown() }
    if let request { parts.append(request.shown()) }
    if let layer = line.layer { parts.append(layer.rawValue) }
    if !line.members.isEmpty { parts.append(line.members.map { name($0, session) }.joined(separator: ", ")) }
    if let kit = line.kit, let worker = session.log.kits[kit]?.worker?.name, line.entry.entry.type != .worker {
      parts.append("kit \(worker)")
    }
    if let reason = line.reason, !reason.isEmpty { parts.append(face.quoted(reason)) }
    parts.append("to \(face.quoted(entry.to.circle))")
    for mark in line.marks {
      switch mark {
      case .late:
        let isCounsel = session.me?.holds(.counsel) ?? false
        let adopting = isCounsel ? "; \(Program.name) adopt \(line.entry.note.description.prefix(12))" : ""
        parts.append("late: without effect\(adopting)")
      case .fork: parts.append("fork: \(ObjectPlace(.log, line.entry.file))")
      case .unknown: parts.append("of a type that this version does not know")
      case .void: parts.append("void: its author declared that it never came to be")
      }
    }
    return parts.joined(separator: "  ")
  }

  static func json(_ line: CustodyLine, _ session: Session, request: ThingID? = nil) -> JSON {
    let entry = line.entry.entry
    return [
      "time": .string(entry.time.description), "author": .string(name(entry.author, session)),
      "author-key": .hash(entry.author), "type": .string(entry.type.word), "chain": .string(Hex.encode(entry.chain)),
      "seq": .integer(entry.seq), "note": .hash(line.entry.note),
      "file": .string(ObjectPlace(.log, line.entry.file).description), "to": .string(entry.to.circle),
      "cases": .array(line.cases.map { .string($0.shown()) }),
      "records": .array(line.records.map { .string($0.shown()) }),
      "members": .array(line.members.map { .string(Self.name($0, session)) }),
      "request": request.map { .string($0.shown()) } ?? .null,
      "layer": line.layer.map { .string($0.rawValue) } ?? .null, "reason": line.reason.map { .string($0) } ?? .null,
      "late": .bool(line.marks.contains(.late)), "fork": .bool(line.marks.contains(.fork)),
    ]
  }

  private static func name(_ key: SHA256Hash, _ session: Session) -> String {
    session.log.roster.members[key]?.name ?? "founder's key"
  }

  /// What the entries shown are about.
  private struct Filter {
    private var thing: ThingID?
    private var member: SHA256Hash?
    /// The note hashes of a request; several where its author signed several texts.
    private var requests: Set<SHA256Hash>?
    /// Then each entry is shown with its hash, to be named when the member is shut out.
    var isMember: Bool { member != nil }

    init(_ text: String?, _ session: Session) throws {
      guard let text else { return }
      if let found = session.log.roster.member(named: text) {
        member = found.key
      } else if (try? ShownID(text, of: .request))?.kind == .request {
        let id = try session.findRequest(text).id
        requests = Set(session.requestIDs.filter { $0.value == id }.keys)
      } else if (try? ShownID(text, of: .record)) != nil {
        thing = try session.findRecord(text)
      } else {
        thing = try session.findCase(text)
      }
    }

    func takes(_ line: CustodyLine) -> Bool {
      if let member { return line.entry.entry.author == member || line.members.contains(member) }
      if let requests { return line.request.map { requests.contains($0) } ?? false }
      if let thing { return line.records.contains(thing) || line.cases.contains(thing) }
      return true
    }
  }
}

extension String {
  /// With spaces behind it up to `width` columns.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - TextWidth.columns(self)))
  }
}
