import Age
import Platform
import Record
import Sodium

/// The caller's own share of one identity that a request names, as far as it can be found and checked.
enum OwnShare {
  case good(ShareNote)
  /// No lock of it is sealed to this key, and it should not be.
  case none
  /// It lies with another device of the same person, by name.
  case elsewhere(String)
  case bad(Accusation)
  /// The lock file that the request names is here, and has it for who held it before, by name: it was sealed to them after
  /// they had handed on what they had, or what they handed on is still on its way.
  case unhanded(String)
  /// The lock file that holds it is not here.
  case missing(ObjectPlace)

  /// Looks in the lock file that the request names, then in all others of the version: shares may have been handed on.
  static func find(of identity: RequestBody.Identity, in request: RequestHistory, _ session: Session)
    throws(VaultError) -> OwnShare
  {
    guard let policy = session.log.roster.policies[identity.policy] else {
      throw .request(request.id, .unknownPolicy)
    }
    let finder = Finder(request: request, identity: identity, policy: policy, session: session)
    return try finder.find()
  }

  private struct Finder {
    let request: RequestHistory
    let identity: RequestBody.Identity
    let policy: Policy
    let session: Session

    func find() throws(VaultError) -> OwnShare {
      let index = try session.reader().locks
      var files: [LockIndex.Found] = []
      // One that is damaged, or that nobody who may has signed, is as good as one that is not here: others may hold the same.
      var isNamedHere = false
      if let named = try? index.read(identity.lock) {
        files.append(named)
        isNamedHere = true
      }
      let subject = LocksNote.Subject.record(request.body.record, manifest: identity.manifest)
      if let named = files.first, named.note.subject != subject {
        return .bad(accusation(.requester, request.requester, .otherPlace))
      }
      files += index.found(identity.manifest).filter { $0.file != identity.lock }
      var accused: Accusation?
      for file in files where file.note.subject == subject {
        for lock in file.note.locks {
          guard case .share(let address) = lock.to, address.policy == identity.policy else { continue }
          do throws(Accusation) {
            if let note = try open(lock, address, in: file) { return .good(note) }
          } catch { accused = accused ?? error }
        }
      }
      if let accused { return .bad(accused) }
      let holders = ShareHolders(session.log)
      let own = (1...policy.body.custodians.count).filter { number in
        holders.named(number, policy).contains(session.key.hash)
      }
      // Whoever handed a share on has none here any more, and whoever was given one may still wait for it.
      guard let number = own.first(where: { holders.holder(of: $0, policy) == session.key.hash }) else {
        return holders.otherDevice(of: session.key.hash, policy).map { .elsewhere($0) } ?? .none
      }
      guard isNamedHere, let named = files.first, holders.isOnly(session.key.hash, of: number, policy) else {
        let first = policy.body.custodians[number - 1]
        if isNamedHere, first != session.key.hash { return .unhanded(session.name(of: first)) }
        return .missing(ObjectPlace(.locks, identity.lock))
      }
      return .bad(accusation(.lockAuthor, named.note.author, .doesNotOpen))
    }

    /// The share note in a lock; nil where it is somebody else's, or a share that nobody asks for.
    private func open(_ lock: LocksNote.Lock, _ address: ShareAddress, in file: LockIndex.Found)
      throws(Accusation) -> ShareNote?
    {
      // Of a lock that does not open nobody can say for whom it is.
      guard let content = try? AgeFile.open(lock.file.span, with: [session.key.identity]) else { return nil }
      guard let note = try? ShareNote(parsing: content.bytes) else {
        throw accusation(.lockAuthor, file.note.author, .malformed)
      }
      guard note.claims.author == identity.sealer else {
        guard address.set == identity.set else { return nil }
        throw accusation(.lockAuthor, file.note.author, .stranger)
      }
      do throws(ShareCheck.Wrong) {
        _ = try ShareCheck(session.log).share(in: note, of: identity, record: request.body.record, policy)
      } catch {
        guard error.isTheSealers else { throw accusation(.lockAuthor, file.note.author, error.what) }
        throw accusation(.sealer, note.claims.author, error.what)
      }
      guard note.claims.number == address.number, note.claims.set == address.set else {
        throw accusation(.lockAuthor, file.note.author, .otherHolder)
      }
      // Somebody else's share, or one that was handed on and is not told yet: nobody would take it from here.
      guard ShareHolders(session.log).holders(of: note.claims.number, policy).contains(session.key.hash) else {
        return nil
      }
      return note
    }

    private func accusation(_ role: Accusation.Role, _ key: SHA256Hash, _ wrong: Accusation.Wrong) -> Accusation {
      Accusation(role, session.name(of: key), version: identity.version, wrong)
    }
  }
}

extension Session {
  /// A member's name, also of somebody whom the roster does not know any more.
  func name(of key: SHA256Hash) -> String { log.roster.members[key]?.name ?? key.handle }
}
