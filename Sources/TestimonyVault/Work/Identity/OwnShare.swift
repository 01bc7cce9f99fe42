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
      var isMissing = false
      do throws(VaultError) {
        if let named = try index.read(identity.lock) { files.append(named) }
      } catch {
        guard case .missing = error else { throw error }
        isMissing = true
      }
      let subject = LocksNote.Subject.record(request.body.record, manifest: identity.manifest)
      if let named = files.first, named.note.subject != subject {
        return .bad(Accusation(.requester, name(request.requester), version: identity.version, .otherPlace))
      }
      files += index.found(identity.manifest).filter { $0.file != identity.lock }
      let holders = ShareHolders(session.log)
      let own = holders.numbers(of: session.key.hash, policy)
      var accused: Accusation?
      for file in files where file.note.subject == subject {
        for lock in file.note.locks {
          guard case .share(let address) = lock.to, address.policy == identity.policy, address.set == identity.set
          else { continue }
          do throws(Accusation) {
            if let note = try open(lock, address, mine: own.contains(address.number), in: file) { return .good(note) }
          } catch { accused = accused ?? error }
        }
      }
      if let accused { return .bad(accused) }
      if !own.isEmpty, isMissing { return .missing(ObjectPlace(.locks, identity.lock)) }
      return holders.otherDevice(of: session.key.hash, policy).map { .elsewhere($0) } ?? .none
    }

    /// The share note in a lock; nil where it is somebody else's.
    private func open(_ lock: LocksNote.Lock, _ address: ShareAddress, mine: Bool, in file: LockIndex.Found)
      throws(Accusation) -> ShareNote?
    {
      let author = name(file.note.author)
      func blame(_ wrong: Accusation.Wrong) -> Accusation {
        Accusation(.lockAuthor, author, version: identity.version, wrong)
      }
      let content: Secret
      do { content = try AgeFile.open(lock.file.span, with: [session.key.identity]) } catch {
        // Of another's share this key knows nothing.
        if error == .noMatch, !mine { return nil }
        throw blame(.doesNotOpen)
      }
      guard mine else { throw blame(.otherHolder) }
      guard let note = try? ShareNote(parsing: content.bytes) else { throw blame(.malformed) }
      do throws(ShareCheck.Wrong) {
        _ = try ShareCheck(session.log).share(in: note, of: identity, record: request.body.record, policy)
      } catch {
        guard error.isTheSealers else { throw blame(error.what) }
        throw Accusation(.sealer, name(note.claims.author), version: identity.version, error.what)
      }
      guard note.claims.number == address.number else { throw blame(.otherHolder) }
      return note
    }

    private func name(_ key: SHA256Hash) -> String { session.name(of: key) }
  }
}

extension Session {
  /// A member's name, also of somebody whom the roster does not know any more.
  func name(of key: SHA256Hash) -> String { log.roster.members[key]?.name ?? key.handle }
}
