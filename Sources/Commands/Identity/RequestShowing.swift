import Record
import Sodium
import TestimonyVault

/// A request as custodians and counsel see it.
struct RequestShowing {
  private let one: RequestStanding
  init(_ one: RequestStanding) { self.one = one }

  func show(_ face: Face) throws {
    let body = one.history.body
    let drill = body.isDrill ? "  a drill, as it says itself" : ""
    try face.out("\(one.id.shown())  \(one.record.shown())  \(state)\(drill)")
    for fault in one.faults { try face.out("  wrong      \(Complaint(one.id, fault).what)") }
    let why = body.split == nil ? reading : "whose program splits the keys anew and shows nothing"
    try face.out("  asked by   \(one.requester), \(why)  \(one.history.entry.entry.time)")
    try face.out("  for        \(Amounts.count(body.identities.count, "identity", "identities")), until \(body.until)")
    try face.out("  purpose")
    for line in face.lines(of: body.purpose) { try face.out("  \(line)") }
    if let order = body.order {
      try face.out(
        "  order      \(face.quoted(order.name))  \(Amounts.bytes(UInt64(order.length)))  (identity pending \(one.id.shown()) --order FILE)"
      )
    }
    try face.out("  approved   \(one.approved.count) of \(one.need)\(list(one.approved))")
    for denial in one.denied { try face.out("  denied     \(denial.name): \(face.quoted(denial.reason))") }
    if !one.ended.isEmpty {
      try face.out("  not counted  \(one.ended.joined(separator: ", ")): suspended or removed since")
    }
    if !one.missing.isEmpty { try face.out("  no answer  \(one.missing.joined(separator: ", "))") }
    if let own = ownWords { try face.out("  your share  \(own)") }
  }

  private func list(_ names: [String]) -> String { names.isEmpty ? "" : ": \(names.joined(separator: ", "))" }

  /// Who asks is who reads.
  private var reading: String {
    switch one.state {
    case .open, .approved: "who will read it"
    case .opened: "who read it"
    case .expired, .cancelled, .twoTexts, .requesterEnded: "who was to read it"
    }
  }

  private var state: String {
    switch one.state {
    case .open: "waits"
    case .approved: "approved by a quorum"
    case .expired: "expired"
    case .cancelled(let time): "taken back \(time)"
    case .opened(let time): "opened \(time)"
    case .twoTexts: "its author signed two different texts under this id: neither counts"
    case .requesterEnded(let isRemoved):
      "goes no further: whoever asked was \(isRemoved ? "removed" : "suspended") since"
    }
  }

  /// What is read before the request is approved, beside its purpose.
  func beforeApproving(_ face: Face) -> [String] {
    let body = one.history.body
    let number = Amounts.count(body.identities.count, "identity", "identities")
    let what =
      body.split == nil
      ? "asks to read \(number) of \(one.record.shown()), until \(body.until):"
      : "asks for the key of \(number) of \(one.record.shown()), until \(body.until), to split it anew:"
    var lines = ["\(one.id.shown())  \(one.requester) \(what)"] + face.lines(of: body.purpose)
    if body.isDrill {
      lines.append("It says of itself that it is a drill: ask \(one.requester) by voice whether one is on.")
    }
    if let order = body.order {
      lines.append(
        "It has an order, \(face.quoted(order.name)): identity pending \(one.id.shown()) --order FILE writes it.")
    }
    if let split = body.split {
      lines.append(
        "The shares go to \(one.requester), whose program splits the key under the quorum \(split.handle) and shows nothing."
      )
    }
    return lines + one.faults.map { "Wrong: \(Complaint(one.id, $0).what)." }
  }

  /// What approving brings about.
  var effect: String {
    let then = one.history.body.split == nil ? "reads it, once," : "has the key"
    return "Approving cannot be undone: \(one.requester) \(then) when \(one.need) have approved."
  }

  private var ownWords: String? {
    if !one.isOpen { return nil }
    if one.hasApproved { return "sent: you have approved it" }
    switch one.own {
    case .good: return "good"
    case .none: return nil
    case .elsewhere(let name): return "with \(name), your other device"
    case .bad(let accused, let good):
      let others = good > 0 ? "; \(Amounts.count(good, "other is", "others are")) good" : ""
      return "bad: \(accused.map(Complaint.sentence).joined(separator: "; "))\(others)"
    case .unhanded(let name): return "sealed to \(name), not handed on to you here"
    case .missing(let place): return "not here: \(place)"
    case .unknownPolicy: return "of a quorum that is not here"
    case .unread(let error): return "could not be looked for: \(Complaint(error).what)"
    }
  }

  private var ownWord: String {
    switch one.own {
    case .good: "good"
    case .none: "none"
    case .elsewhere: "elsewhere"
    case .bad: "bad"
    case .unhanded: "unhanded"
    case .missing: "missing"
    case .unknownPolicy: "unknown"
    case .unread: "unread"
    }
  }

  private var stateWord: String {
    switch one.state {
    case .open: "open"
    case .approved: "approved"
    case .expired: "expired"
    case .cancelled: "cancelled"
    case .opened: "opened"
    case .twoTexts: "contested"
    case .requesterEnded: "requester-ended"
    }
  }

  var json: JSON {
    let body = one.history.body
    return [
      "request": .string(one.id.shown()), "id": .string(one.id.hash.description), "note": .hash(one.history.note),
      "record": .string(one.record.shown()), "requester": .string(one.requester), "purpose": .string(body.purpose),
      "asked": .string(one.history.entry.entry.time.description), "until": .string(body.until.description),
      "identities": .integer(Int64(body.identities.count)), "drill": .bool(body.isDrill),
      "split": body.split.map { .hash($0) } ?? .null,
      "order": body.order.map { ["name": .string($0.name), "length": .integer($0.length)] } ?? .null,
      "state": .string(stateWord), "need": .integer(Int64(one.need)),
      "approved": .array(one.approved.map { .string($0) }),
      "denied": .array(one.denied.map { ["name": .string($0.name), "reason": .string($0.reason)] }),
      "missing": .array(one.missing.map { .string($0) }), "not-counted": .array(one.ended.map { .string($0) }),
      "faults": .array(one.faults.map { .string(Complaint(one.id, $0).what.description) }),
      "own-share": .string(ownWord), "own-approval": .bool(one.hasApproved),
    ]
  }
}
