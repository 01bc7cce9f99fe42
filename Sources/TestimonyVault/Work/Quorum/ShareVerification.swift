import Age
import Platform
import Record
import Sodium

// What a member can check of who opens identities.
extension Session {
  /// Whether the policy that is in force here can be relied on.
  func checkPolicies(_ result: inout Verification) {
    let meaning: Finding.Meaning? =
      log.roster.contestedPolicies.isEmpty ? policyStands ? nil : .quorumWentBack : .quorumContested
    if let meaning { result.findings.append(Finding(kind: .fork, place: Place("log"), meaning: meaning)) }
  }

  /// The caller's own shares, in every lock file: each opens, and is the share that its place says. Counsel cannot see it,
  /// so that a custodian who looks is the only one to notice before it is needed.
  func checkShares(_ result: inout Verification) throws(VaultError) {
    guard let me, log.roster.isCustodian(me) else { return }
    let index = try reader().locks
    let (check, holders) = (ShareCheck(log), ShareHolders(log))
    for file in index.files.sorted() {
      if Interruption.requested { throw .interrupted }
      // What cannot be read was told with the other locks.
      guard let found = try? index.read(file), case .record(let record, _) = found.note.subject else { continue }
      for lock in found.note.locks {
        guard case .share(let address) = lock.to, let policy = log.roster.policies[address.policy],
          holders.numbers(of: key.hash, policy).contains(address.number),
          !isGood(lock, address, of: record, policy, check, holders)
        else { continue }
        result.findings.append(
          Finding(
            kind: .damaged, place: Place(ObjectPlace(.locks, file).description),
            meaning: .falseShare(by: name(of: found.note.author))))
      }
    }
  }

  private func isGood(
    _ lock: LocksNote.Lock, _ address: ShareAddress, of record: SHA256Hash, _ policy: Policy, _ check: ShareCheck,
    _ holders: ShareHolders
  ) -> Bool {
    guard let content = try? AgeFile.open(lock.file.span, with: [key.identity]) else {
      // A share that was handed on is sealed to whoever holds it now.
      return !holders.isOnly(key.hash, of: address.number, policy)
    }
    guard let note = try? ShareNote(parsing: content.bytes) else { return false }
    return (try? check.share(in: note, at: address, of: record, policy)) != nil
  }
}
