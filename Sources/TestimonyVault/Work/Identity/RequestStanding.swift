import Platform
public import Record
public import Sodium

/// A request as the custodians and its requester see it: what it asks, who has answered, and what stands in its way.
public struct RequestStanding: Sendable {
  public enum State: Sendable, Equatable {
    case open
    /// A quorum has approved: its requester can open it.
    case approved
    case expired
    case cancelled(ClaimedTime)
    case opened(ClaimedTime)
    /// Its author signed two texts under one id: neither counts.
    case twoTexts
    /// Whoever asked was suspended, or removed, since: it is neither approved nor opened.
    case requesterEnded(isRemoved: Bool)
  }

  /// Whether the caller's own share is good.
  public enum OwnShare: Sendable {
    case good
    /// The caller holds none.
    case none
    /// It lies with another device of the caller, by name.
    case elsewhere(String)
    /// Of some version it is not what it should be: the others can be approved.
    case bad([Accusation], good: Int)
    /// It was not handed on to the caller by who held it before, by name, or that is still on its way.
    case unhanded(String)
    /// The lock file that holds it is not here.
    case missing(Place)
    case unknownPolicy
    /// It could not be looked for.
    case unread(VaultError)
  }

  public let history: RequestHistory
  public let state: State
  public let requester: String
  /// How many of the custodians of the request's policy are needed; the most, where versions have several policies.
  public let need: Int
  /// The names of those whose approvals count now, of those who denied, and of those who have not answered.
  public let approved: [String]
  public let denied: [(name: String, reason: String)]
  public let missing: [String]
  /// Those who approved and were suspended or removed since.
  public let ended: [String]
  public let own: OwnShare
  /// What is wrong with the request itself, while it waits: it is told, and stops no other one.
  public let faults: [RequestRefusal]
  /// Whether the caller has approved it; whether the caller has approved or denied it.
  public let hasApproved: Bool
  public let hasAnswered: Bool

  public var id: ThingID { history.id }
  public var record: ThingID { ThingID(kind: .record, hash: history.body.record) }

  /// Whether it has come to no end: it can be answered, or something stands in its way that custodians should know.
  public var isWaiting: Bool {
    switch state {
    case .open, .approved, .twoTexts, .requesterEnded: true
    case .expired, .cancelled, .opened: false
    }
  }
}

extension Session {
  /// All requests, oldest first.
  public func requestStandings() throws(VaultError) -> [RequestStanding] {
    let all = log.requests()
    var standings: [RequestStanding] = []
    for one in all { standings.append(try standing(of: one, among: all)) }
    return standings
  }

  /// The ids of all requests, by the note hash of their entries.
  public var requestIDs: [SHA256Hash: ThingID] {
    Dictionary(log.requests().map { ($0.note, $0.id) }) { first, _ in first }
  }

  /// The one request that a shown or full id means.
  public func findRequest(_ text: String) throws(VaultError) -> RequestStanding {
    let id = try ShownID(text, of: .request)
    let all = log.requests()
    let found = all.filter { id.matches($0.id) }
    guard let first = found.first else { throw .notHere(text) }
    let ids = Set(found.map(\.id))
    guard ids.count == 1 else { throw .ambiguous(text, ids.sorted()) }
    return try standing(of: first, among: all)
  }

  func standing(of request: RequestHistory, among all: [RequestHistory]) throws(VaultError) -> RequestStanding {
    let tally = Tally(request, log)
    let names = { (keys: [SHA256Hash]) in Set(keys.map { self.name(of: $0) }).sorted() }
    let me = key.hash
    let state = state(of: request, tally, among: all)
    let isOpen = state == .open || state == .approved
    let isCustodian = self.me.map { log.roster.isCustodian($0) } ?? false
    let own: RequestStanding.OwnShare = isOpen && isCustodian ? try ownShare(of: request) : .none
    let faults = isOpen ? try self.faults(of: request) : []
    let hasApproved = request.approvals.contains { $0.entry.entry.author == me }
    return RequestStanding(
      history: request, state: state, requester: name(of: request.requester),
      need: tally.need, approved: names(tally.approved),
      denied: request.denials.map { (name(of: $0.entry.entry.author), $0.body.reason) },
      missing: names(tally.missing), ended: names(tally.ended), own: own, faults: faults,
      hasApproved: hasApproved,
      hasAnswered: hasApproved || request.denials.contains { $0.entry.entry.author == me })
  }

  private func state(of request: RequestHistory, _ tally: Tally, among all: [RequestHistory]) -> RequestStanding.State {
    if let opened = request.openings.last { return .opened(opened.entry.time) }
    if let cancelled = request.cancelled { return .cancelled(cancelled.entry.time) }
    if request.isExpired(at: ClaimedTime(clamping: SystemClock.now())) { return .expired }
    if all.contains(where: { $0.id == request.id && $0.note != request.note }) { return .twoTexts }
    if let ended = log.roster.members[request.requester], !ended.isActive {
      return .requesterEnded(isRemoved: ended.isRemoved)
    }
    return tally.isReached ? .approved : .open
  }

  /// What is wrong with one request must not hide the others. Throws only where the run is to end.
  private func ownShare(of request: RequestHistory) throws(VaultError) -> RequestStanding.OwnShare {
    do throws(VaultError) { return try findOwnShare(of: request) } catch {
      if case .interrupted = error { throw error }
      return .unread(error)
    }
  }

  private func findOwnShare(of request: RequestHistory) throws(VaultError) -> RequestStanding.OwnShare {
    var accused: [Accusation] = []
    var (good, elsewhere): (Int, String?) = (0, nil)
    for identity in request.body.identities {
      guard log.roster.policies[identity.policy] != nil else { return .unknownPolicy }
      switch try OwnShare.find(of: identity, in: request, self) {
      case .good: good += 1
      case .none: continue
      case .elsewhere(let name): elsewhere = name
      case .bad(let accusation): accused.append(accusation)
      case .unhanded(let name): return .unhanded(name)
      case .missing(let place): return .missing(Place(place.description))
      }
    }
    if !accused.isEmpty { return .bad(accused, good: good) }
    if good > 0 { return .good }
    return elsewhere.map { .elsewhere($0) } ?? .none
  }
}
