import Age
import Platform
public import Record
public import Sodium
import Synchronization

/// What was taken in of one drop or one unsigned note.
public struct Taken: Sendable {
  public let record: ThingID
  public let standing: NoteBody.Standing
  /// The head's note hash; nil of an unsigned note.
  public let drop: SHA256Hash?
}

extension Session {
  /// As many drops as are written together, in number and in bytes: after each the log is judged anew, and what an
  /// interrupted run had not written yet is copied again.
  private static let (together, togetherBytes) = (1024, UInt64(1) << 30)

  /// Files drops as records of their cases, and keeps others apart. What was taken in meanwhile is left as it is.
  /// - Parameter accepting: a counsel's reason to file what would be kept apart.
  public func take(
    _ arrivals: [(arrival: Arrival, caseID: ThingID?)], from sources: DropSources, accepting reason: String? = nil
  ) throws(VaultError) -> [Taken] {
    try require(.counsel)
    var taken: [Taken] = []
    var rest = arrivals[...]
    while !rest.isEmpty {
      var (count, bytes) = (0, UInt64(0))
      while count < min(rest.count, Self.together), count == 0 || bytes < Self.togetherBytes {
        bytes += sources.size(of: rest[rest.startIndex + count].arrival.head.files)
        count += 1
      }
      taken += try take(together: Array(rest.prefix(count)), sources, reason)
      rest = rest.dropFirst(count)
    }
    return taken
  }

  private func take(
    together some: [(arrival: Arrival, caseID: ThingID?)], _ sources: DropSources, _ reason: String?
  ) throws(VaultError) -> [Taken] {
    try write(many: some.count > 1) { writing in
      let planned = some.compactMap { one in self.plan(one.arrival, reason).map { (one, $0) } }
      let objects = writing.objects
      let files = planned.flatMap { one, plan in
        plan.standing == .filed ? one.arrival.head.objects : one.arrival.head.files
      }
      // One thread makes the entries, of which each names the one before; the others copy.
      let entries = {
        var (taken, filed): ([Taken], [Filed]) = ([], [])
        for (one, plan) in planned {
          try Interruption.check()
          taken.append(try self.take(one.arrival, in: one.caseID, plan, &writing, &filed))
        }
        return (taken, filed)
      }
      let (taken, filed) = try Parallel.forEach(files.indices, meanwhile: entries) { index in
        guard let found = sources.files[files[index]] else {
          throw VaultError.missing(Place(ObjectPlace(.sealed, files[index]).description))
        }
        _ = try objects.stage(.sealed, expecting: files[index]) { write in try found.read(write) }
      }
      if !filed.isEmpty {
        let members = try self.circle(CircleName.members).recipient
        try Parallel.forEach(filed.indices) { index in
          try Interruption.check()
          _ = try objects.stage(.locks, filed[index].lockFile(to: members))
        }
      }
      return taken
    }
  }

  /// What becomes of a drop, and why; nil where nothing is written of it.
  private func plan(
    _ arrival: Arrival, _ reason: String?
  ) -> (standing: NoteBody.Standing, reason: String?)? {
    switch log.kits[arrival.head.kit]?.standing(of: arrival.drop.note) {
    case .filed: return nil
    case .quarantined where reason == nil: return nil
    default: break
    }
    switch arrival.verdict {
    case .good: return (.filed, nil)
    case .quarantine(let quarantine):
      // What is not what its head says is never a record.
      let isAccepted = reason != nil && arrival.keys != nil
      return isAccepted ? (.filed, reason) : (.quarantined, quarantine.rawValue)
    case .keptApart where reason != nil && arrival.keys != nil: return (.filed, reason)
    default: return nil
    }
  }

  private func take(
    _ arrival: Arrival, in caseID: ThingID?, _ plan: (standing: NoteBody.Standing, reason: String?),
    _ writing: inout Writing, _ filed: inout [Filed]
  ) throws -> Taken {
    let head = arrival.head
    if plan.standing == .filed {
      guard let caseID, let keys = arrival.keys else { throw VaultError.notHere(arrival.head.record.shown()) }
      if let one = try file(arrival, keys, in: caseID, &writing) { filed.append(one) }
    }
    let counsel = try circle(CircleName.counsel)
    let body = NoteBody(
      source: .drop(head: arrival.drop.embedded, note: arrival.drop.note, kit: head.kit, number: head.number),
      record: head.record.hash, standing: plan.standing, reason: plan.reason,
      time: ClaimedTime(clamping: SystemClock.now()))
    try writing.stage(
      writing.chain.entry(
        .note, by: key.signing, to: counsel.body, counsel.recipient, body: body.json, isBorneOut: true))
    return Taken(record: head.record, standing: plan.standing, drop: arrival.drop.note)
  }

  /// Stages the record's manifest. Where another counsel has filed it already, on another copy of the vault, that holds.
  private func file(_ arrival: Arrival, _ keys: Arrival.Keys, in caseID: ThingID, _ writing: inout Writing) throws
    -> Filed?
  {
    let head = arrival.head
    if log.records[head.record] != nil { return nil }
    guard !log.contested.contains(caseID) else { throw VaultError.contested(caseID) }
    guard let body = log.cases[caseID] else { throw VaultError.notHere(caseID.shown()) }
    let reviewers = try circle(body.reviewers)
    let counsel = try circle(CircleName.counsel)
    let written = try writing.chain.entry(
      .seal, by: key.signing, to: reviewers.body, reviewers.recipient,
      body: head.manifest(in: caseID.hash).json(vault: note.id))
    try writing.stage(written)
    return Filed(
      vault: note.id, signer: key, record: head.record, manifest: written.note, keys: keys,
      reviewers: (reviewers.body.address, reviewers.recipient), counsel: (counsel.body.address, counsel.recipient))
  }

  /// Takes in a plain age file as a record of its own: text as the statement, anything else as a document with it.
  public func take(_ one: UnsignedArrival, named name: String, in caseID: ThingID) throws(VaultError) -> Taken? {
    try require(.counsel)
    return try write { writing in
      if self.log.unsigned.contains(one.file) { return nil }
      let memory = try MemoryFile.make("note")
      var draft = RecordDraft(caseID: caseID)
      if let text = Self.text(one.content.secret) {
        draft.testimony = ["source-signature": "none: a plain age file", "statement": .string(text)]
      } else {
        try Self.write(one.content.secret, to: memory)
        draft.testimony = ["source-signature": "none: a plain age file"]
        draft.attachments = [AttachmentSource(memory: memory, named: PathBytes(name))]
      }
      let sealing = try RecordSealing(self, writing.objects, many: false) { _ in }
      var shared = writing
      let sealed = try Self.sealOne(draft, sealing, &shared)
      writing = shared
      let counsel = try self.circle(CircleName.counsel)
      let body = NoteBody(
        source: .unsigned(one.file), record: sealed.hash, standing: .filed, reason: nil,
        time: ClaimedTime(clamping: SystemClock.now()))
      try writing.stage(
        writing.chain.entry(.note, by: self.key.signing, to: counsel.body, counsel.recipient, body: body.json))
      return Taken(record: sealed, standing: .filed, drop: nil)
    }
  }

  private static func sealOne(_ draft: RecordDraft, _ sealing: RecordSealing, _ writing: inout Writing) throws
    -> ThingID
  {
    let shared = Mutex(writing)
    let sealed = try sealing.seal([draft]) { one in try shared.withLock { try sealing.sign(one, in: &$0) } }
    writing = shared.withLock { $0 }
    guard let one = sealed.first else { throw VaultError.unreadable }
    return one.id
  }

  /// The content as text, where it is one that a statement can hold.
  private static func text(_ content: borrowing Secret) -> String? {
    guard content.count > 0, content.count <= VaultFolder.textLimit / 4,
      content.bytes.indices.allSatisfy({ content.bytes[$0] >= 0x20 || [9, 10, 13].contains(content.bytes[$0]) })
    else { return nil }
    return String(validating: content.bytes.copy(), as: UTF8.self)
  }

  private static func write(_ content: borrowing Secret, to memory: Descriptor) throws(SystemError) {
    try memory.write(content.bytes)
    try memory.rewind()
  }
}
