import Record
import Sodium
import TestimonyVault

/// A request as custodians and counsel see it.
struct RequestShowing {
  private let one: RequestStanding
  init(_ one: RequestStanding) { self.one = one }

  func show(_ face: Face) throws {
    let body = one.history.body
    let drill = body.isDrill ? "  a drill" : ""
    try face.out("\(one.id.shown())  \(one.record.shown())  \(state)\(drill)")
    let why = body.split == nil ? "who will read it" : "whose program splits the keys anew and shows nothing"
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

  private var state: String {
    switch one.state {
    case .open: "waits"
    case .approved: "approved by a quorum"
    case .expired: "expired"
    case .cancelled(let time): "taken back \(time)"
    case .opened(let time): "opened \(time)"
    case .twoTexts: "its author signed two different texts under this id: neither counts"
    }
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
    case .missing(let place): return "not here: \(place)"
    case .unknownPolicy: return "of a quorum that is not here"
    }
  }

  private var ownWord: String {
    switch one.own {
    case .good: "good"
    case .none: "none"
    case .elsewhere: "elsewhere"
    case .bad: "bad"
    case .missing: "missing"
    case .unknownPolicy: "unknown"
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
      "own-share": .string(ownWord), "own-approval": .bool(one.hasApproved),
    ]
  }
}
