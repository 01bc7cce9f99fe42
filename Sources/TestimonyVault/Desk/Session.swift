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
  private var currentLog: CustodyLog
  private var currentOpen: PublicRecord
  /// Something was written since the log was read.
  private var isStale = false
  /// What the caller should say aloud, once.
  public private(set) var remarks: [SessionRemark] = []

  var circles: CircleKeys
  var seen: SeenMemory
  /// Entries that no key of this member opens: not for them, or damaged.
  public private(set) var notForYou = 0
  public private(set) var damaged: [Place] = []
  var locks: LockIndex?

  /// Opens the vault for a member. Writes nothing.
  public init(_ vault: VaultFolder, keys: KeyFolder, key: MemberKey) throws(VaultError) {
    let note = try vault.vaultNote()
    if let pinned = key.vault, pinned != note.id { throw .keyOfAnotherVault(key.name.text) }
    self.vault = vault
    self.note = note
    self.keys = keys
    self.key = key
    guard key.identity.kind.rawValue == note.keys else { throw .mixedKeys }
    let name = SeenMemory.fileName(key.name)
    if let file = try keys.read(name) {
      self.seen = try SeenMemory(opening: file, for: key, vault: note.id, place: keys.place(name))
    } else {
      self.seen = SeenMemory(vault: note.id)
      remarks.append(.noMemory)
    }
    self.circles = try CircleKeys.find(in: vault, for: key, remembered: seen.locks)
    let reading = try LogReading.read(vault, with: circles)
    self.currentLog = CustodyLog(vault: note, entries: reading.entries)
    self.notForYou = reading.notForYou
    self.damaged = reading.damaged
    let notes = try vault.publicNotes()
    self.currentOpen = PublicRecord(vault: note, keysNotes: notes.keys, caseNotes: notes.cases)
    guard log.roster.members[key.hash] != nil else {
      throw circles.identities.isEmpty ? .noneOfYourKeys : .notAdmitted(key.name.text)
    }
    // A circle key that the founder's entries do not name is not used, whoever handed it out.
    circles.identities.removeAll { address, _ in
      !log.roster.circles[address.circle, default: []].contains { $0.epoch == address.epoch }
    }
    if isFirstUse, key.vault == nil { remarks.append(.firstUse) }
    settleChains()
  }

  /// There is no memory of this vault on this machine yet.
  var isFirstUse: Bool { remarks.contains(.noMemory) }

  /// The custody log as this member's keys show it.
  public var log: CustodyLog {
    refresh()
    return currentLog
  }

  /// What is published.
  public var open: PublicRecord {
    refresh()
    return currentOpen
  }

  /// What was written is read back when somebody looks: a command that ends with writing many need not open them all.
  /// Where reading fails the last state stands; the next write reads anew, and says so.
  private func refresh() {
    if isStale { try? reload() }
  }

  /// Notes that something was written.
  func wrote() {
    isStale = true
    locks = nil
  }

  public var me: Roster.Member? { log.roster.members[key.hash] }
  public var kind: KeyKind { KeyKind(rawValue: note.keys) ?? .hybrid }

  func require(_ role: Role) throws(VaultError) {
    guard me?.holds(role) ?? false else { throw .needsRole(role) }
  }

  /// The circle's current epoch, to seal to.
  func circle(_ name: String) throws(VaultError) -> (body: CircleBody, recipient: NativeRecipient) {
    guard let body = log.roster.current(name) else { throw .noCircle(name) }
    do { return (body, try NativeRecipient(parsing: body.recipient)) } catch { throw .age(error) }
  }

  /// Reads the log anew, after something was written.
  func reload() throws(VaultError) {
    let reading = try LogReading.read(vault, with: circles)
    currentLog = CustodyLog(vault: note, entries: reading.entries)
    let notes = try vault.publicNotes()
    isStale = false
    currentOpen = PublicRecord(vault: note, keysNotes: notes.keys, caseNotes: notes.cases)
    locks = nil
  }

  /// Settles interrupted writes, and begins a new chain where the vault knows more of this device than it remembers.
  func settleChains() {
    let present = { (file: SHA256Hash) in (try? self.vault.read(ObjectPlace(.log, file))) != nil }
    seen.settle(exists: present)
    for own in [key.hash, key.founder.map { KeyHash.of($0.verifyingKey) }].compactMap({ $0 }) {
      let entries = log.entries.filter { $0.entry.author == own }
      guard !entries.isEmpty else { continue }
      guard let chain = seen.chain(of: own) else {
        remarks.append(.newChain)
        continue
      }
      if entries.contains(where: { $0.entry.chain != chain.chain || $0.entry.seq > chain.used }),
        entries.contains(where: { $0.entry.chain == chain.chain && $0.entry.seq > chain.used })
      {
        seen.chains.removeAll { $0.author == own }
        remarks.append(.newChain)
      }
    }
  }
}

/// What a session has to say aloud.
public enum SessionRemark: Equatable, Sendable {
  /// There is no `NAME.seen` on this machine.
  case noMemory
  /// The key was made away from the vault: this is the vault that it now belongs to.
  case firstUse
  /// The vault holds entries of this device that it does not remember: a new chain begins.
  case newChain
}
