public import Sodium

/// A field device, as the log tells of it.
public struct Kit: Sendable {
  public let body: KitBody
  /// Who works with it; nil for who is not counsel.
  public internal(set) var worker: WorkerBody?
  /// What its revocations name as the last that counts: the narrowest holds.
  public internal(set) var revocations: [KitRevokeBody] = []
  /// Every note of its that was taken in.
  public private(set) var notes: [NoteBody] = []
  private var standings: [SHA256Hash: NoteBody.Standing] = [:]

  init(_ body: KitBody) { self.body = body }

  /// What became of a drop, by its head's note hash; nil where it was never taken in.
  public func standing(of head: SHA256Hash) -> NoteBody.Standing? { standings[head] }

  /// What was filed by anybody stays filed.
  mutating func take(_ note: NoteBody) {
    notes.append(note)
    guard case .drop(_, let head, _, _) = note.source else { return }
    if standings[head] != .filed { standings[head] = note.standing }
  }

  public var isRevoked: Bool { !revocations.isEmpty }

  /// Of several revocations the one with the lowest last number.
  public var end: KitRevokeBody? { revocations.min { ($0.last?.number ?? 0) < ($1.last?.number ?? 0) } }
}

// Field devices and what came from them.
extension EntryJudging {
  mutating func applyField(_ one: VerifiedEntry) throws {
    try require(.counsel, one)
    let json = try one.entry.body
    switch one.entry.type {
    case .kit:
      try require(CircleName.members, one)
      let body = try KitBody(json)
      // A second entry for one key could move its end: the first one by hash holds on every machine.
      guard kits[body.kit] == nil else { throw EntryFault.contradiction }
      kits[body.kit] = Kit(body)
    case .kitRevoke:
      try require(CircleName.members, one)
      let body = try KitRevokeBody(json)
      try known(body.kit) { $0.revocations.append(body) }
    case .worker:
      try require(CircleName.counsel, one)
      let body = try WorkerBody(json)
      try known(body.kit) { kit throws(EntryFault) in
        guard kit.worker == nil else { throw .contradiction }
        kit.worker = body
      }
    case .note:
      try require(CircleName.counsel, one)
      try applyNote(NoteBody(json), isBorneOut: one.isBorneOut)
    case .intake:
      try require(CircleName.counsel, one)
      try known(IntakeBody(json).kit) { _ in }
    default: return
    }
  }

  /// Counsel's word that a note came must be borne out by the head that is in it.
  private mutating func applyNote(_ body: NoteBody, isBorneOut: Bool) throws {
    if case .unsigned(let file) = body.source { unsigned.insert(file) }
    guard let kit = body.kit else { return }
    guard let key = kits[kit]?.body.key else { throw EntryFault.unknownKit }
    if !isBorneOut { try body.checkHead(in: vault, by: key) }
    kits[kit]?.take(body)
  }

  private mutating func known(_ kit: SHA256Hash, _ change: (inout Kit) throws(EntryFault) -> Void) throws(EntryFault) {
    guard var found = kits[kit] else { throw .unknownKit }
    try change(&found)
    kits[kit] = found
  }
}
