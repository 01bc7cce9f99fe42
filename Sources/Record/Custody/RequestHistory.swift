public import Sodium

/// A request for identities, and what became of it: as far as this reader's circles show it.
public struct RequestHistory: Sendable {
  public let id: ThingID
  public let entry: VerifiedEntry
  public let body: RequestBody
  /// In the order of their claimed times. A custodian may stand there more than once.
  public let approvals: [(entry: VerifiedEntry, body: ApproveBody)]
  public let denials: [(entry: VerifiedEntry, body: DenyBody)]
  public let cancelled: VerifiedEntry?
  /// The requester's own `open` entries that name it and its record: for counsel. What others say of it opens nothing.
  public let openings: [VerifiedEntry]

  /// The note hash of the `request` entry, which approvals name.
  public var note: SHA256Hash { entry.note }
  /// The key hash of the one who will read.
  public var requester: SHA256Hash { entry.entry.author }

  /// Who has approved, by key hash.
  public var approvers: Set<SHA256Hash> { Set(approvals.map(\.entry.entry.author)) }

  public func isExpired(at time: ClaimedTime) -> Bool { time > body.until }
}

extension CustodyLog {
  /// All requests, oldest first. Two with one id are two texts under one origin: approvals of one are not of the other.
  public func requests() -> [RequestHistory] {
    var asked: [SHA256Hash: (VerifiedEntry, RequestBody)] = [:]
    var approvals: [SHA256Hash: [(entry: VerifiedEntry, body: ApproveBody)]] = [:]
    var denials: [SHA256Hash: [(entry: VerifiedEntry, body: DenyBody)]] = [:]
    var cancelled: [SHA256Hash: VerifiedEntry] = [:]
    var openings: [SHA256Hash: [(entry: VerifiedEntry, record: SHA256Hash)]] = [:]
    // Most vaults have many entries and few requests.
    guard entries.contains(where: { $0.entry.type == .request }) else { return [] }
    let types: Set<EntryType> = [.request, .approve, .deny, .cancel, .open]
    let ordered = entries.filter { types.contains($0.entry.type) }.sorted {
      ($0.entry.time, $0.note) < ($1.entry.time, $1.note)
    }
    for one in ordered {
      guard let json = try? one.entry.body else { continue }
      switch one.entry.type {
      case .request: if let body = try? RequestBody(json, vault: vault) { asked[one.note] = (one, body) }
      case .approve:
        if let body = try? ApproveBody(json) { approvals[body.request, default: []].append((one, body)) }
      case .deny: if let body = try? DenyBody(json) { denials[body.request, default: []].append((one, body)) }
      case .cancel: if let body = try? CancelBody(json) { cancelled[body.request] = one }
      case .open:
        if case .layer(.identity, let record, _, _, let request?)? = try? OpenBody(json) {
          openings[request, default: []].append((one, record))
        }
      default: continue
      }
    }
    return asked.values.map { entry, body in
      let own = (openings[entry.note] ?? []).filter { $0.entry.entry.author == entry.entry.author }
      return RequestHistory(
        id: body.id(in: vault), entry: entry, body: body, approvals: approvals[entry.note] ?? [],
        denials: denials[entry.note] ?? [], cancelled: cancelled[entry.note],
        openings: own.filter { $0.record == body.record }.map(\.entry))
    }.sorted { ($0.entry.entry.time, $0.note) < ($1.entry.entry.time, $1.note) }
  }
}
