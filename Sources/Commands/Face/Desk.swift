import Platform
import Publishing
import Record
import Shares
import Sodium
import TestimonyVault

/// The vault and the keys that the flags mean, opened for a verb.
extension Face {
  func vaultFolder() throws -> VaultFolder { try VaultFolder(opening: options.vaultPath) }

  func keyFolder() throws -> KeyFolder {
    do { return try KeyFolder(opening: options.keysPath) } catch VaultError.system(let error, let place)
      where error.isNotFound
    { throw CommandError.noKeys(place.description) }
  }

  /// Whose key is meant: `--as`, or the only one here.
  func person(in keys: KeyFolder) throws -> PersonName {
    if let given = options.person { return try Self.name(given) }
    let people = try keys.people()
    guard let only = people.first else { throw CommandError.noKeys(keys.path.description) }
    guard people.count == 1 else { throw CommandError.whichKey(people) }
    return try Self.name(only)
  }

  static func name(_ text: String) throws -> PersonName {
    do { return try PersonName(text) } catch { throw CommandError.name(text) }
  }

  /// Unlocks a key: one passphrase per run. Its memory is given back before anything else is read.
  func unlock(_ name: PersonName, in keys: KeyFolder) throws -> MemberKey {
    let file = PathBytes("\(name.text).key")
    guard let bytes = try keys.read(file) else { throw VaultError.noSuchKey(name.text) }
    let place = "\(keys.path)/\(file)"
    if let logN = KeyFile.workFactor(bytes), logN > 18 {
      say(Message("unlocking takes \(1 << (logN - 10)) MB of memory and some seconds"))
    }
    if let given = try givenPassphrase() { return try KeyFile.open(bytes, place: place, passphrase: given) }
    for attempt in 1...3 {
      do {
        return try KeyFile.open(bytes, place: place, passphrase: try askPassphrase(for: name.text))
      } catch VaultError.passphrase {
        if attempt == 3 { throw VaultError.passphrase }
        say(Message("wrong passphrase"))
      }
    }
    throw VaultError.passphrase
  }

  /// The vault, the keys, and an unlocked key: everything that needs no key is checked before the passphrase is asked for.
  func opened() throws -> Opened {
    let vault = try vaultFolder()
    _ = try vault.vaultNote()
    let keys = try keyFolder()
    let name = try person(in: keys)
    let key = try unlock(name, in: keys)
    if options.verbose { say("vault \(vault.path), keys \(keys.path), as \(name.text)") }
    return Opened(vault: vault, keys: keys, key: key)
  }

  struct Opened {
    let vault: VaultFolder
    let keys: KeyFolder
    let key: MemberKey

    /// What the member's index answers by itself.
    var quick: QuickReading? { QuickReading(vault, keys: keys, key: key) }
  }

  /// A member's session.
  ///
  /// `remembering` is false for what writes nothing at all, not even into `Keys/`; `rereading` opens everything anew.
  func session(_ opened: Opened? = nil, remembering: Bool = true, rereading: Bool = false) throws -> Session {
    let opened = try opened ?? self.opened()
    let session = try Session(opened.vault, keys: opened.keys, key: opened.key, rereading: rereading)
    current = session
    self.remembering = remembering && !options.dryRun
    sayRemarks()
    if session.mayRotate {
      for name in session.log.roster.circles.keys.sorted() where session.log.roster.newest(name).count > 1 {
        warn(
          "two keys of the circle \(quoted(name)) were made apart, and one may be known to somebody who was shut out: "
            + "\(Program.name) circle rotate \(name)")
      }
    }
    if self.remembering {
      session.keepMemory()
      do {
        for id in try session.dropEndedFreshKeys() { say("\(id.shown()) has ended: its key is destroyed") }
      } catch {
        warn(
          "the key of a request that has ended is still in \(session.key.name.text).seen, and is destroyed by the next run that can: \(Complaint(error).what)"
        )
      }
    }
    return session
  }

  /// Says where an opening was recorded, if not in the vault.
  func record(_ isInVault: Bool) {
    if !isInVault { warn("the vault cannot be written now: that you opened this waits in Keys/ for your next write") }
  }

  /// Says what the session has come to know since the last time: a write may find that a new chain begins.
  func sayRemarks() {
    guard let session = current else { return }
    for remark in session.remarks.dropFirst(remarksSaid) { say(remark, session) }
    remarksSaid = session.remarks.count
  }

  /// What to do about something that is gone.
  private static var wayOut: String {
    "fetch what is missing from another copy, or, where it is lost for good: \(Program.name) accept-loss"
  }

  private func say(_ remark: SessionRemark, _ session: Session) {
    switch remark {
    case .noMemory:
      break
    case .firstUse:
      let words = CheckWords.of(session.note.id).joined(separator: " ")
      warn(
        "first use of this key here: it now belongs to the vault \(VaultID(hash: session.note.id).shown()); "
          + "compare its check words with the founder before you rely on what you read: \(words)")
    case .damagedMemory:
      warn(
        "this device's memory (\(session.key.name.text).seen) is damaged or another key's; it is set aside at the next write"
      )
    case .wentBack(let author, let was, let now):
      let name = session.log.roster.members[author]?.name ?? "the founder's key"
      warn("the vault went back in time: the chain of \(name) was at \(was), now at \(now); \(Self.wayOut)")
    case .checkpointsWentBack(let was, let now):
      warn("the vault's checkpoints went back: was \(was), now \(now == 0 ? "none" : String(now)); \(Self.wayOut)")
    case .keysWentBack:
      warn(
        "the founder's public notes that this device followed are not on the way to the newest any more: the vault went "
          + "back in time, or a succession set them aside; nothing is written before people have settled it")
    case .newChain:
      warn(
        "this device's memory (\(session.key.name.text).seen) was lost or is older than the vault: a new chain begins")
    }
  }
}
