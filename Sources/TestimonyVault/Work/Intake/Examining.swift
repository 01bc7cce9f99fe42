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

  /// What a file is to counsel's keys.
  private enum Opening: Sendable {
    case closed, broken, foreign
    case locks(SealedNote)
    case head(VerifiedDrop)
    case stranger(kit: SHA256Hash, number: Int)
    case unsigned(SecretBox)
  }

  /// So many are held in memory at once.
  private static let together = 64

  mutating func open() throws {
    let all = intake.sources.files.filter { $0.value.size <= VaultFolder.textFileLimit }.sorted { $0.key < $1.key }
    let (keys, vault) = (keys, session.note.id)
    let kits = session.log.kits.mapValues(\.body.key)
    for start in stride(from: 0, to: all.count, by: Self.together) {
      let some = all[start..<min(start + Self.together, all.count)]
      let opened = try Parallel.map(some.indices) { index in
        try Self.open(all[index].value, with: keys, vault: vault, kits: kits)
      }
      for ((hash, found), opening) in zip(some, opened) { take(opening, hash, found) }
    }
  }

  /// A recording is not read for nothing: of what is large the header tells first.
  private static func open(
    _ found: DropSources.Found, with keys: [NativeIdentity], vault: SHA256Hash, kits: [SHA256Hash: VerifyingKey]
  ) throws -> Opening {
    try Interruption.check()
    if found.size > 1 << 18, try !found.isFor(keys) { return .closed }
    let bytes = try found.bytes()
    do {
      guard let opened = try SealedReader.open(bytes, with: keys) else { return .closed }
      let content = SecretBox(opened.take())
      return note(in: content.secret, size: found.size, vault: vault, kits: kits) ?? .unsigned(content)
    } catch { return .broken }
  }

  /// What a signed note of a vault is here; nil for everything else.
  private static func note(
    in content: borrowing Secret, size: UInt64, vault: SHA256Hash, kits: [SHA256Hash: VerifyingKey]
  ) -> Opening? {
    if content.begins(with: NoteKind.locks.line), let sealed = try? SealedNote(parsing: content.bytes, as: .locks) {
      return .locks(sealed)
    }
    if content.begins(with: NoteKind.drop.line), let sealed = try? SealedNote(parsing: content.bytes, as: .drop) {
      guard size <= largestSmall, let drop = try? UnverifiedDrop(sealed), drop.head.vault == vault else {
        return .broken
      }
      guard let key = kits[drop.head.kit] else { return .stranger(kit: drop.head.kit, number: drop.head.number) }
      return (try? drop.verified(in: vault, by: key)).map { .head($0) } ?? .broken
    }
    // A copy of a vault lies among what was handed in: its entries are for counsel too, and no notes. Nor is a key one.
    return content.begins(with: "testimony-vault/") || content.begins(with: "AGE-SECRET-KEY-") ? .foreign : nil
  }

  private mutating func take(_ opening: Opening, _ hash: SHA256Hash, _ found: DropSources.Found) {
    switch opening {
    case .closed: return
    case .broken: intake.broken.append(found.place)
    case .foreign: intake.foreign.append(found.place)
    case .locks(let sealed): locks[hash] = sealed
    case .head(let drop):
      heads.append(drop)
      claimed.formUnion(drop.head.files)
    case .stranger(let kit, let number): intake.strangers.append((kit, number, found.place))
    case .unsigned(let content):
      let isKnown = session.log.unsigned.contains(hash)
      intake.unsigned.append(UnsignedArrival(file: hash, place: found.place, isKnown: isKnown, content: content))
    }
    claimed.insert(hash)
  }

  mutating func judge() throws -> Intake {
    var all: [(drop: VerifiedDrop, kit: Kit, counting: KitCounting)] = []
    for (kit, drops) in Dictionary(grouping: heads, by: \.head.kit) {
      guard let known = session.log.kits[kit] else { continue }
      let counting = KitCounting(known, arriving: drops)
      all += drops.map { ($0, known, counting) }
    }
    let checking = DropChecking(session, intake.sources, locks, keys)
    let asked = all.map { one in isAsked(one.drop, one.kit) ? (one.drop, one.kit.body.key) : nil }
    let found = try Parallel.map(asked.indices) { index in
      try asked[index].flatMap { drop, key in try checking.keys(of: drop.head, signedBy: key) }
    }
    for (one, keys) in zip(all, found) { intake.arrivals.append(arrival(one.drop, one.kit, one.counting, keys)) }
    intake.arrivals.sort { ($0.worker, $0.head.number, $0.drop.note) < ($1.worker, $1.head.number, $1.drop.note) }
    for (hash, found) in intake.sources.files where !claimed.contains(hash) { intake.foreign.append(found.place) }
    intake.foreign.sort()
    return intake
  }

  private func missing(of drop: VerifiedDrop) -> Int {
    drop.head.files.filter { intake.sources.files[$0] == nil }.count
  }

  /// Whether it matters what is in the drop.
  private func isAsked(_ drop: VerifiedDrop, _ kit: Kit) -> Bool {
    kit.standing(of: drop.note) != .filed && missing(of: drop) == 0
  }

  /// - Parameter keys: counsel's, where the drop is what its head says.
  private func arrival(
    _ drop: VerifiedDrop, _ kit: Kit, _ counting: KitCounting, _ keys: Arrival.Keys?
  ) -> Arrival {
    let worker = kit.worker?.name ?? drop.head.kit.handle
    func verdict(_ verdict: Arrival.Verdict) -> Arrival {
      Arrival(drop: drop, verdict: verdict, worker: worker, keys: keys)
    }
    let before = kit.standing(of: drop.note)
    if before == .filed { return verdict(.known) }
    let missing = missing(of: drop)
    guard missing == 0 else { return verdict(before == nil ? .incomplete(missing) : .keptApart) }
    guard before == nil else { return verdict(.keptApart) }
    guard keys != nil else { return verdict(.quarantine(.otherContent)) }
    if let reason = counting.reason(against: drop) { return verdict(.quarantine(reason)) }
    return verdict(.good)
  }
}

extension Secret {
  fileprivate borrowing func begins(with start: String) -> Bool {
    guard count > start.utf8.count else { return false }
    for (index, byte) in start.utf8.enumerated() where bytes[index] != byte { return false }
    return true
  }
}
