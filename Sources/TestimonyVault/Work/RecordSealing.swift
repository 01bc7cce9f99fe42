import Age
import Platform
import Record
import Sodium
import Synchronization

/// The work of sealing: layer keys, compartments, attachments, commitments, locks.
struct RecordSealing {
  static let group = 128

  struct Prepared: Sendable {
    let manifest: Manifest
    let reviewers: String
    let locks: [LocksNote.Lock]
    let sealed: SealedRecord
  }

  let vault: SHA256Hash
  let key: MemberKey
  let kind: KeyKind
  let commit: Commit
  let many: Bool
  let progress: @Sendable (SealingProgress) throws -> Void
  private let circles: [String: (body: CircleBody, recipient: NativeRecipient)]
  private let cases: [ThingID: CaseBody]
  private let contested: Set<ThingID>
  private let records: [ThingID: RecordHistory]
  /// Of a reseal, which leaves the identity as it is, none is asked for.
  private let splitting: Result<IdentitySplitting, VaultError>

  init(
    _ session: Session, _ commit: Commit, many: Bool,
    progress: @escaping @Sendable (SealingProgress) throws -> Void
  ) throws(VaultError) {
    self.vault = session.note.id
    self.key = session.key
    self.kind = session.kind
    self.commit = commit
    self.many = many
    self.progress = progress
    self.cases = session.log.cases
    self.contested = session.log.contested
    self.records = session.log.records
    var circles: [String: (body: CircleBody, recipient: NativeRecipient)] = [:]
    // Of others than its own circles a record needs no key.
    for name in session.log.roster.circles.keys { circles[name] = try? session.circle(name) }
    self.circles = circles
    splitting = Result { () throws(VaultError) in try IdentitySplitting(session) }
  }

  /// Seals all records, in groups, so that memory stays bounded however many there are. `signing` gives the note hash of
  /// a record's entry, and is called for one after another in their order: a chain has no two heads.
  ///
  /// While one core signs a group's entries, the others prepare the next group and write the lock files of the last.
  func seal(_ drafts: [RecordDraft], signing: @Sendable (Prepared) throws -> SHA256Hash) throws -> [SealedRecord] {
    var sealed: [SealedRecord] = []
    var prepared: [Prepared] = []
    var signed: [(Prepared, SHA256Hash)] = []
    var start = 0
    while start < drafts.count || !prepared.isEmpty || !signed.isEmpty {
      let group = Array(drafts[start..<min(start + Self.group, drafts.count)])
      let (first, toSign, toLock) = (start, prepared, signed)
      let notes = Mutex<[SHA256Hash]>([])
      let results = Mutex<[Int: Prepared]>([:])
      try Parallel.forEach(0..<1 + group.count + toLock.count, workers: many ? nil : 1) { index in
        try Interruption.check()
        switch index {
        case 0:
          for one in toSign {
            let note = try signing(one)
            notes.withLock { $0.append(note) }
          }
        case _ where index <= group.count:
          let one = try prepare(group[index - 1], number: first + index - 1)
          results.withLock { $0[index - 1] = one }
        default:
          let (one, note) = toLock[index - 1 - group.count]
          try lock(one, note)
        }
      }
      sealed += toSign.map(\.sealed)
      signed = Array(zip(toSign, notes.withLock { $0 }))
      prepared = results.withLock { done in group.indices.compactMap { done[$0] } }
      start += group.count
    }
    return sealed
  }

  /// Signs and stages a record's entry; gives its note hash.
  func sign(_ one: Prepared, in writing: inout Writing) throws -> SHA256Hash {
    guard let circle = circles[one.reviewers] else { throw VaultError.lacksKey(one.reviewers) }
    let type: EntryType = one.manifest.version == 1 ? .seal : .amend
    let written = try writing.chain.entry(
      type, by: key.signing, to: circle.body, circle.recipient, body: one.manifest.json(vault: vault))
    try writing.stage(written)
    return written.note
  }

  /// Writes a record's lock file: it names the manifest, so it comes after the entry was signed.
  private func lock(_ one: Prepared, _ note: SHA256Hash) throws {
    guard let members = circles[CircleName.members] else { throw VaultError.lacksKey(CircleName.members) }
    let locks = LocksNote(
      vault: vault, author: key.hash,
      subject: .record(one.manifest.recordID(in: vault).hash, manifest: note), locks: one.locks)
    let signed = try locks.signed(with: key.signing)
    _ = try commit.stage(.locks, AgeFile.seal(signed.encoded.span, to: [members.recipient]))
  }

  private func prepare(_ draft: RecordDraft, number: Int) throws -> Prepared {
    let place = try place(of: draft)
    let splitting = try splitting.get()
    guard let body = cases[draft.caseID] else { throw VaultError.notHere(draft.caseID.shown()) }
    guard let reviewers = circles[body.reviewers] else { throw VaultError.lacksKey(body.reviewers) }
    guard let counsel = circles[CircleName.counsel] else { throw VaultError.lacksKey(CircleName.counsel) }
    guard circles[CircleName.members] != nil else { throw VaultError.lacksKey(CircleName.members) }
    let id = place.origin.id(.record, in: vault)
    let (record, version) = (id.hash, place.version)
    let keys = RecordKeys.generate(kind)
    let parts = try parts(number).seal(draft.content, to: keys.sealing, record: record, version: version)
    let manifest = Manifest(
      origin: place.origin, caseID: draft.caseID.hash, previous: place.previous, version: version,
      layers: parts.layers, identityPolicy: .quorum(splitting.policy), commitments: parts.commitments)
    let locks = [
      LocksNote.Lock(
        carries: .layer(.summary), to: .circle(reviewers.body.address),
        file: try LockedKey.seal(keys.summary, to: reviewers.recipient)),
      LocksNote.Lock(
        carries: .layer(.testimony), to: .circle(counsel.body.address),
        file: try LockedKey.seal(keys.testimony, to: counsel.recipient)),
    ]
    let shares = try splitting.locks(
      of: keys.identity, record: record, version: version, object: parts.layers[.identity]?.object ?? record)
    let bytes = parts.attachments.reduce(0) { $0 + $1.length }
    return Prepared(
      manifest: manifest, reviewers: body.reviewers, locks: locks + shares,
      sealed: SealedRecord(id: id, version: version, attachments: parts.attachments.count, bytes: bytes))
  }

  /// Where the version stands: the first of a new record, or behind all the newest of the one that it amends.
  private func place(of draft: RecordDraft) throws(VaultError) -> VersionPlace {
    guard !contested.contains(draft.caseID) else { throw .contested(draft.caseID) }
    guard let record = draft.amends else { return VersionPlace(newBy: key.hash) }
    guard !contested.contains(record) else { throw .contested(record) }
    guard let history = records[record], history.caseID == draft.caseID else { throw .notHere(record.shown()) }
    return try VersionPlace(behind: history)
  }

  /// - Parameter number: of the draft among those that are sealed together.
  func parts(_ number: Int) -> RecordParts {
    let progress = self.progress
    return RecordParts(vault: vault, kind: kind, commit: commit, workers: many ? 1 : nil) { place, count in
      try progress(SealingProgress(record: number, place: place, added: count))
    }
  }
}
