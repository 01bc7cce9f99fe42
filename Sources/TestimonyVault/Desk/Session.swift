public import Age
import Platform
public import Publishing
public import Record
import Sodium

/// A member at work in a vault: an unlocked key, the circle keys that it opens, and the custody log as they show it.
public final class Session {
  public let vault: VaultFolder
  public let note: VaultNote
  public let keys: KeyFolder
  public let key: MemberKey
  private(set) var state: VaultState
  /// Something was written since the log was read.
  private var isStale = false
  /// The entries of it.
  private var written: [KnownEntry] = []
  /// By their text: checking a recipient costs as much as sealing to it.
  private var recipients: [String: NativeRecipient] = [:]
  /// What the caller should say aloud, once.
  public internal(set) var remarks: [SessionRemark] = []

  var circles: CircleKeys
  /// Among which lock files which keys were looked for the last time.
  private var searched: (files: [ObjectPlace], lacking: Set<Entry.Address>)?
  private let isRereading: Bool
  /// The newest checkpoint, where this device does not remember it yet.
  var newerCheckpoint: SeenMemory.Checkpointed?
  /// What this member's index stands on, and the index, if there is one that counts.
  var basis: SHA256Hash
  var index: SealedIndex?
  var seen: SeenMemory
  var locks: LockIndex?

  /// Opens the vault for a member. Writes nothing.
  /// - Parameter rereading: opens everything anew, whatever the member's index has: to verify.
  public init(_ vault: VaultFolder, keys: KeyFolder, key: MemberKey, rereading: Bool = false) throws(VaultError) {
    let note = try vault.vaultNote()
    if let pinned = key.vault, pinned != note.id { throw .keyOfAnotherVault(key.name.text) }
    guard key.identity.kind.rawValue == note.keys else { throw .mixedKeys }
    self.vault = vault
    self.note = note
    self.keys = keys
    self.key = key
    self.isRereading = rereading
    let (memory, remark) = try SeenMemory.recall(from: keys, for: key, vault: note.id)
    self.seen = memory
    if let remark { remarks.append(remark) }
    self.circles = try CircleKeys.find(in: vault, for: key, remembered: seen.locks)
    self.basis = try IndexBasis.of(circles, in: vault)
    self.index = rereading ? nil : IndexStore(keys: keys, key: key, vault: note.id).openOrDrop(basis: basis)
    self.state = try VaultState.read(
      vault, note, with: circles, basis: basis, knowing: (try? index?.log()) ?? [])
    // Without any member the founder's entries are not here: it is the vault that lacks something, not the caller.
    if log.roster.members.isEmpty, !circles.identities.isEmpty { throw .missing(Place("log")) }
    guard log.roster.members[key.hash] != nil else {
      throw circles.identities.isEmpty ? .noneOfYourKeys : .notAdmitted(key.name.text)
    }
    try findKeys()
    if isFirstUse, key.vault == nil { remarks.append(.firstUse) }
    if !followsKeys { remarks.append(.keysWentBack) }
    try lookAtTree()
    for lost in lostHeads { remarks.append(.wentBack(author: lost.author, was: lost.was, now: lost.now)) }
    // Whoever writes settles again, and hears of an error; reading goes on without.
    try? settleChains()
  }

  /// Looks whether the checkpoint that this device remembers still stands, and for a newer one.
  private func lookAtTree() throws(VaultError) {
    let look = try TreeLook(vault, note, open, remembered: seen.checkpoint)
    newerCheckpoint = look.newer
    if let back = look.wentBack { remarks.append(.checkpointsWentBack(was: back.was, now: back.now)) }
  }

  /// The custody log as this member's keys show it.
  public var log: CustodyLog { current.log }

  /// What is published.
  public var open: PublicRecord { current.open }

  /// Throws where a public note of one folder could not be read: what is written behind it would be a fork.
  func requireAllRead(below folder: String) throws(VaultError) {
    let prefix = Array("public/\(folder)/".utf8)
    guard let place = current.unread.first(where: { $0.description.utf8.starts(with: prefix) }) else { return }
    throw .damaged(place, .unreadable)
  }

  /// Entries that no key of this member opens: other people's.
  public var notForYou: Int { current.strangers.count }

  /// Entries that are not what they should be.
  public var damaged: [(place: Place, damage: Damage)] { current.damaged }

  /// What was written is read back when somebody looks: a command that ends with writing many need not open them all.
  /// Where reading fails the last state stands; the next write reads anew, and says so.
  private var current: VaultState {
    if isStale { try? reload() }
    return state
  }

  /// Notes that something was written.
  func wrote(_ entries: [KnownEntry]) {
    isStale = true
    written += entries
    locks = nil
    // A rotation, or something gone: what the index holds of it must not outlast this.
    guard let now = try? IndexBasis.of(circles, in: vault), now != basis else { return }
    basis = now
    index = nil
    IndexStore(keys: keys, key: key, vault: note.id).drop()
  }

  /// There is no memory of this vault on this machine yet.
  var isFirstUse: Bool { remarks.contains(.noMemory) }

  /// Whether this person's key file holds the key that writes the roster.
  public var isFounder: Bool { KeyHash.of(key.founder.verifyingKey) == log.roster.founderKey }

  public var me: Roster.Member? { log.roster.members[key.hash] }
  public var kind: KeyKind { key.identity.kind }

  /// Throws where this member does not have the role.
  public func require(_ role: Role) throws(VaultError) {
    guard me?.holds(role) ?? false else { throw .needsRole(role) }
  }

  /// The circle's epoch to seal to: of those that nothing has replaced, the newest whose key this device holds. Nothing is
  /// sealed to a key that is not here, since nobody might have it, nor to an older one, which somebody who left may have.
  func circle(_ name: String) throws(VaultError) -> (body: CircleBody, recipient: NativeRecipient) {
    let newest = Set(log.roster.newest(name).map(\.epoch))
    let held = try newestHeld(name)
    guard newest.contains(held.body.epoch) else { throw .lacksKey(name) }
    return held
  }

  /// The newest of a circle's epochs whose key this device holds, though it may have been replaced: for what is said about
  /// the members, which must be said also where somebody made a key that nobody else has.
  func newestHeld(_ name: String) throws(VaultError) -> (body: CircleBody, recipient: NativeRecipient) {
    guard let epochs = log.roster.circles[name], !epochs.isEmpty else {
      // Every vault is founded with these: their entries have not arrived.
      throw CircleName.founding.contains(name) ? .missing(Place("log")) : .noCircle(name)
    }
    let newest = Set(log.roster.newest(name).map(\.epoch))
    let held = epochs.filter { circles.identity($0.address) != nil }
    guard let body = held.last(where: { newest.contains($0.epoch) }) ?? held.last else { throw .noCircle(name) }
    if let known = recipients[body.recipient] { return (body, known) }
    do {
      let recipient = try NativeRecipient(parsing: body.recipient)
      recipients[body.recipient] = recipient
      return (body, recipient)
    } catch { throw .age(error) }
  }

  /// Reads the log and the public notes anew, where a file has come or gone since they were read.
  func refresh() throws(VaultError) {
    let names = try vault.names(.log)
    let open = try vault.publicNames()
    if !isStale, state.names == names, state.publicNames == open, state.damaged.isEmpty, state.unread.isEmpty { return }
    try reload()
  }

  /// Reads the log and the public notes anew. With the same keys, what this run has read or written itself is not opened
  /// a second time: a file's name says what is in it.
  func reload() throws(VaultError) {
    var known: [KnownEntry] = []
    if isRereading {
      // Whoever verifies reads what lies there, each time.
    } else if basis == state.basis {
      known = state.known + written
    } else {
      known = (try? index?.log()) ?? []
    }
    state = try VaultState.read(
      vault, note, with: circles, basis: basis, knowing: known.sorted { $0.file < $1.file }, opened: state.opened)
    isStale = false
    written = []
    locks = nil
    try findKeys()
  }

  /// Uses no key that the roster does not name, whoever handed it out, and looks for those that this member lacks:
  /// another lock file may have come since, and one that is remembered must not stand in for it.
  private func findKeys() throws(VaultError) {
    circles.keepTrusted(under: state.log)
    guard let me = state.log.roster.members[key.hash] else { return }
    let lacking = circles.lacking(of: me, in: state.log.roster)
    // Whoever is not active reads of being taken in again only with the new keys.
    if lacking.isEmpty, me.isActive { return }
    let files = try vault.list(.locks).objects
    // Where the same files did not help before, they do not now.
    if searched?.files == files, searched?.lacking == lacking { return }
    searched = (files, lacking)
    circles = try CircleKeys.find(in: vault, for: key, remembered: [])
    basis = try IndexBasis.of(circles, in: vault)
    index = isRereading ? nil : IndexStore(keys: keys, key: key, vault: note.id).openOrDrop(basis: basis)
    state = try VaultState.read(
      vault, note, with: circles, basis: basis, knowing: (try? index?.log()) ?? [], opened: state.opened)
    circles.keepTrusted(under: state.log)
  }
}
