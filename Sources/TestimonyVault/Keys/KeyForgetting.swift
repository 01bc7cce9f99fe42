public import Platform
public import Record

/// Forgetting a key on this machine: its files in `Keys/` are removed, and nothing else is claimed. Nothing is overwritten:
/// flash memory would keep the old blocks all the same.
extension KeyFolder {
  /// What was forgotten.
  public struct Forgotten: Sendable {
    /// The files that are gone.
    public let files: [PathBytes]
    /// Another process of this key still has its turn: `NAME.lock` stays, and it may write its memory anew.
    public let isInUse: Bool
  }

  /// The files of a key that are here, the key itself first; what a killed run left half-written is among them.
  public func files(of person: PersonName) -> [PathBytes] {
    let names = ["key", "seen", "index", "card"].map { PathBytes("\(person.text).\($0)") }
    let all = names.flatMap { [$0, PathBytes("\($0).damaged")] + leftovers(of: $0) }
    return all.filter { exists($0) }
  }

  /// Whether there is anything that only the key's owner has: the key itself, its sealed memory, or the lock that a run which
  /// was cut short while it forgot the key has left. Others have the card too.
  public func hasKey(of person: PersonName) -> Bool {
    hasLock(of: person) || files(of: person).contains { $0 != PathBytes("\(person.text).card") }
  }

  /// A link or a folder of that name is nobody's turn.
  private func hasLock(of person: PersonName) -> Bool {
    (try? root.statusIfPresent(Self.lock(of: person)))?.kind == .regular
  }

  private static func lock(of person: PersonName) -> PathBytes { PathBytes("\(person.text).lock") }

  /// Removes them all, the key first, durably; needs no passphrase and waits for nobody. `NAME.lock` goes last, where no
  /// process holds it: while it is there, a run that was cut short can be finished by another.
  public func forget(_ person: PersonName) throws(VaultError) -> Forgotten {
    // First, so that no run with this key begins to write meanwhile.
    let lockName = Self.lock(of: person)
    var lock: Descriptor?
    var isMine = true
    if hasKey(of: person) {
      // Made where there is none; a key is forgotten all the same where it cannot be. A link or a folder stays.
      lock = try? root.openOrCreate(lockName)
      do { isMine = try lock?.tryLock() ?? true } catch { throw .system(error, at: place(lockName)) }
    }
    var gone: [PathBytes] = []
    for name in files(of: person) {
      do { try root.remove(name) } catch {
        if !error.isNotFound { throw .system(error, at: place(name)) }
      }
      gone.append(name)
    }
    if lock != nil, isMine {
      try? root.remove(lockName)
      gone.append(lockName)
    }
    do { try root.sync() } catch { throw .system(error, at: path.description) }
    return Forgotten(files: gone, isInUse: !isMine)
  }
}
