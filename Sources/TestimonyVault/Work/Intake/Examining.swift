import Age
import Platform
import Record
public import Sodium

/// Everything that was handed in, as far as counsel's keys show it, before anything is written.
public struct Intake {
  public internal(set) var arrivals: [Arrival] = []
  public internal(set) var unsigned: [UnsignedArrival] = []
  /// Signed heads of kits that no entry names: left where they are. By key hash and number, as they say.
  public internal(set) var strangers: [(kit: SHA256Hash, number: Int, place: String)] = []
  /// Files that none of counsel's keys opens and that no head names.
  public internal(set) var foreign: [String] = []
  /// Files that open and are not what they should be.
  public internal(set) var broken: [String] = []
  public let sources: DropSources
}

extension Session {
  /// Opens what was handed in, and says of each drop what it is. Writes nothing.
  public func examine(_ sources: DropSources) throws(VaultError) -> Intake {
    try require(.counsel)
    do {
      var examining = Examining(self, sources)
      try examining.open()
      return try examining.judge()
    } catch { throw VaultError(error) }
  }

  /// The keys to what is sealed to counsel: all epochs that this member holds, the newest first.
  var counselKeys: [NativeIdentity] {
    circles.identities.filter { $0.address.circle == CircleName.counsel }.map(\.identity).reversed()
  }
}

private struct Examining {
  let session: Session
  var intake: Intake
  private let keys: [NativeIdentity]
  private var heads: [VerifiedDrop] = []
  private var locks: [SHA256Hash: SealedNote] = [:]
  /// What was opened or named.
  private var claimed: Set<SHA256Hash> = []

  /// Heads and lock parts, in bytes: far above what is written.
  private static let largestSmall: UInt64 = 4 << 20

  init(_ session: Session, _ sources: DropSources) {
    self.session = session
    intake = Intake(sources: sources)
    keys = session.counselKeys
  }

  mutating func open() throws {
    for (hash, found) in intake.sources.files.sorted(by: { $0.key < $1.key }) {
      try Interruption.check()
      guard found.size <= VaultFolder.textFileLimit else { continue }
      let bytes = try found.bytes()
      var opened: SecretBox?
      do {
        guard let content = try SealedReader.open(bytes, with: keys) else { continue }
        opened = SecretBox(content.take())
      } catch {
        intake.broken.append(found.place)
        continue
      }
      claimed.insert(hash)
      if let opened { try take(opened, hash, found) }
    }
  }

  private mutating func take(_ content: SecretBox, _ hash: SHA256Hash, _ found: DropSources.Found) throws {
    if let sealed = Self.note(in: content.secret, as: .locks) {
      locks[hash] = sealed
    } else if let sealed = Self.note(in: content.secret, as: .drop) {
      guard found.size <= Self.largestSmall, let head = try? DropHead(sealed.body), head.vault == session.note.id else {
        return intake.broken.append(found.place)
      }
      guard let kit = session.log.kits[head.kit] else {
        return intake.strangers.append((head.kit, head.number, found.place))
      }
      guard let drop = Self.verified(content.secret, session.note.id, kit.body.key) else {
        return intake.broken.append(found.place)
      }
      heads.append(drop)
      claimed.formUnion(head.files)
    } else if Self.isOfAVault(content.secret) {
      // A copy of a vault lies among what was handed in: its entries are for counsel too, and no notes.
      intake.foreign.append(found.place)
    } else {
      let isKnown = session.log.unsigned.contains(hash)
      intake.unsigned.append(UnsignedArrival(file: hash, place: found.place, isKnown: isKnown, content: content))
    }
  }

  /// Whether something begins as every signed note of a vault, or is a key.
  private static func isOfAVault(_ content: borrowing Secret) -> Bool {
    ["testimony-vault/", "AGE-SECRET-KEY-"].contains { start in
      content.count > start.utf8.count && zip(content.bytes.indices, start.utf8).allSatisfy { content.bytes[$0] == $1 }
    }
  }

  private static func note(in content: borrowing Secret, as kind: NoteKind) -> SealedNote? {
    try? SealedNote(parsing: content.bytes, as: kind)
  }

  private static func verified(_ content: borrowing Secret, _ vault: SHA256Hash, _ key: VerifyingKey) -> VerifiedDrop? {
    try? VerifiedDrop(parsing: content.bytes, vault: vault, key: key)
  }

  mutating func judge() throws -> Intake {
    for (kit, drops) in Dictionary(grouping: heads, by: \.head.kit) {
      guard let known = session.log.kits[kit] else { continue }
      let counting = KitCounting(known, arriving: drops)
      for drop in drops { intake.arrivals.append(try arrival(drop, known, counting)) }
    }
    intake.arrivals.sort { ($0.worker, $0.head.number, $0.drop.note) < ($1.worker, $1.head.number, $1.drop.note) }
    for (hash, found) in intake.sources.files where !claimed.contains(hash) { intake.foreign.append(found.place) }
    intake.foreign.sort()
    return intake
  }

  private func arrival(_ drop: VerifiedDrop, _ kit: Kit, _ counting: KitCounting) throws -> Arrival {
    let worker = kit.worker?.name ?? drop.head.kit.handle
    func verdict(_ verdict: Arrival.Verdict, _ keys: Arrival.Keys? = nil) -> Arrival {
      Arrival(drop: drop, verdict: verdict, worker: worker, keys: keys)
    }
    let before = kit.standing(of: drop.note)
    if before == .filed { return verdict(.known) }
    let missing = drop.head.files.filter { intake.sources.files[$0] == nil }.count
    guard missing == 0 else { return verdict(before == nil ? .incomplete(missing) : .keptApart) }
    guard let keys = try keys(of: drop, kit) else {
      return verdict(before == nil ? .quarantine(.otherContent) : .keptApart)
    }
    if before != nil { return verdict(.keptApart, keys) }
    if let reason = counting.reason(against: drop) { return verdict(.quarantine(reason), keys) }
    return verdict(.good, keys)
  }

  /// Counsel's keys of a drop, where its lock part and its testimony are what the head says.
  private func keys(of drop: VerifiedDrop, _ kit: Kit) throws -> Arrival.Keys? {
    let head = drop.head
    guard let sealed = locks[head.locks],
      (try? sealed.verified(as: KeyName.kit(of: head.vault), by: kit.body.key)) != nil,
      let note = try? LocksNote(sealed.body), note.author == head.kit, note.subject == .drop(head.record.hash),
      let summary = key(.summary, note, head), let testimony = key(.testimony, note, head)
    else { return nil }
    let shares = note.locks.filter { lock in
      guard case .share(let share) = lock.to else { return false }
      return share.policy == head.policy
    }
    // An identity that nobody could ever open is not filed by itself.
    guard let policy = session.log.roster.policies[head.policy],
      Self.numbers(of: shares).count >= policy.body.threshold,
      shares.reduce(0, { $0 + $1.file.count }) <= VaultFolder.lockLimit / 4,
      let objects = try objects(of: head, testimony, summary), objects == Set(head.objects)
    else { return nil }
    return Arrival.Keys(summary: summary, testimony: testimony, shares: shares)
  }

  private static func numbers(of shares: [LocksNote.Lock]) -> Set<Int> {
    Set(shares.compactMap { if case .share(let share) = $0.to { share.number } else { nil } })
  }

  private func key(_ layer: Layer, _ note: LocksNote, _ head: DropHead) -> NativeIdentity? {
    for lock in note.locks where lock.carries == .layer(layer) {
      for own in keys {
        if let key = LockedKey.open(lock.file, with: own),
          KeyHash.ofRecipient(key.recipient.text) == head.layers[layer]?.recipient
        {
          return key
        }
      }
    }
    return nil
  }

  /// Every file that the drop should have, as its testimony lists them; nil where summary or testimony is not what the
  /// head commits to.
  private func objects(of head: DropHead, _ testimony: NativeIdentity, _ summary: NativeIdentity) throws
    -> Set<SHA256Hash>?
  {
    guard try compartment(.summary, head, summary) != nil, let told = try compartment(.testimony, head, testimony)
    else {
      return nil
    }
    return Set(head.layers.values.map(\.object) + told.attachments.flatMap(\.parts) + told.identityObjects)
  }

  private func compartment(_ layer: Layer, _ head: DropHead, _ key: NativeIdentity) throws -> Compartment? {
    guard let object = head.layers[layer]?.object, let found = intake.sources.files[object],
      found.size <= VaultFolder.textFileLimit
    else { return nil }
    let bytes = try found.bytes()
    guard SealedReader.hasOneStanza(bytes.span, of: session.kind),
      let content = try? AgeFile.open(bytes.span, with: [key]),
      let compartment = try? Compartment(parsing: content.bytes), compartment.vault == head.vault,
      compartment.record == head.record.hash, compartment.version == 1, compartment.layer == layer,
      LayerReader.isCommitted(compartment, Compartment.committed(in: content.bytes), in: head.commitments, key)
    else { return nil }
    return compartment
  }
}
