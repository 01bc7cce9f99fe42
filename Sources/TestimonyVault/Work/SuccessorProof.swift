import Age
import Platform
import Record
import Sodium

/// The proof that what takes a file's place is what it must be, read from the disk anew.
///
/// It stands before every signature that something is gone, and before every removal: nothing is destroyed whose successor
/// is not proven. It lives as long as one run, and reads everything once.
final class SuccessorProof {
  /// How far what a `reseal` replaced was compared with what took its place.
  enum Content {
    /// Both were opened, and say the same.
    case same(old: OpenedLayer?, new: OpenedLayer)
    /// A part of the old is gone already on enough publishers' word: enough to go on, and to sign nothing.
    case goneBefore(old: OpenedLayer?, new: OpenedLayer)
  }

  private let session: Session
  private let reader: LayerReader
  let trust: LockTrust
  private var locks: [SHA256Hash: Result<LockIndex.Found, VaultError>] = [:]
  private var attachments: [SHA256Hash: Result<Void, VaultError>] = [:]

  init(_ session: Session) throws(VaultError) {
    self.session = session
    reader = try session.reader()
    trust = LockTrust(session)
  }

  /// A lock file that may stand for a version: signed by somebody with a reason to, it carries the keys that the manifest
  /// names, to the circles that should have them, and every lock of the identity that was there.
  @discardableResult
  func lock(_ file: SHA256Hash, of record: ThingID, _ version: SealedVersion) throws(VaultError) -> LockIndex.Found {
    if let known = locks[file] { return try known.get() }
    let result: Result<LockIndex.Found, VaultError>
    do { result = .success(try read(file, of: record, version)) } catch { result = .failure(error) }
    locks[file] = result
    return try result.get()
  }

  private func read(_ file: SHA256Hash, of record: ThingID, _ version: SealedVersion) throws(VaultError)
    -> LockIndex.Found
  {
    if Interruption.requested { throw .interrupted }
    let place = Place(ObjectPlace(.locks, file).description)
    guard let found = try reader.locks.read(file), found.epoch != nil,
      found.note.subject == .record(record.hash, manifest: version.note)
    else { throw .damaged(place, .otherPlace) }
    guard trust.isTrusted(found, for: version) else { throw .damaged(place, .record(.signature)) }
    guard let history = session.log.records[record], let reviewers = session.log.cases[history.caseID]?.reviewers
    else { throw .notHere(record.shown()) }
    for (layer, circle) in [(Layer.summary, reviewers), (.testimony, CircleName.counsel)] {
      let locks = found.note.locks.filter { lock in
        if case .circle(let address) = lock.to { address.circle == circle } else { false }
      }
      let narrowed = LockIndex.Found(
        file: file,
        note: LocksNote(vault: found.note.vault, author: found.note.author, subject: found.note.subject, locks: locks),
        epoch: found.epoch)
      do { _ = try reader.layerKey(layer, of: record, version, with: [narrowed]) } catch {
        if case .notThisLayer = error { throw .damaged(place, .otherKey) }
        throw error
      }
    }
    let identity = trust.identityLocks(of: version, in: reader.locks.found(version.note).filter { $0.epoch != nil })
    guard !identity.isEmpty, identity.allSatisfy({ found.note.locks.contains($0) }) else {
      throw .damaged(place, .otherKey)
    }
    return found
  }

  /// Compares a version with the one that was resealed from it: everything that is stated, the fields, and the hashes of
  /// the attachments must be the same, and all of the new must open as what its manifest commits to.
  ///
  /// - Parameters:
  ///   - isOwn: the caller resealed it, and compared it then: what cannot be opened any more is not asked for.
  ///   - isGone: whether an object is gone on enough publishers' word.
  func content(
    of record: ThingID, old: SealedVersion, new: SealedVersion, with lock: LockIndex.Found, isOwn: Bool,
    isGone: (SHA256Hash) -> Bool
  ) throws(VaultError) -> Content {
    let (before, after) = (try old.checkedManifest(), try new.checkedManifest())
    let place = Place(ObjectPlace(.log, new.entry.file).description)
    guard before.origin == after.origin, before.caseID == after.caseID, before.version == after.version,
      before.previous == after.previous, before.identityPolicy == after.identityPolicy,
      before.layers[.identity] == after.layers[.identity],
      before.commitments[.identity] == after.commitments[.identity],
      before.commitments.identityAttachments == after.commitments.identityAttachments
    else { throw .damaged(place, .otherPlace) }
    let known = trust.identityLocks(of: old, in: reader.locks.found(old.note).filter { $0.epoch != nil })
    guard known.allSatisfy({ lock.note.locks.contains($0) }) else {
      throw .damaged(Place(ObjectPlace(.locks, lock.file).description), .otherKey)
    }
    var opened: [Layer: (old: OpenedLayer?, new: OpenedLayer)] = [:]
    var isWhole = true
    for layer in [Layer.summary, .testimony] {
      let next = try reader.open(layer, of: record, new, with: [lock])
      var first: OpenedLayer?
      do throws(VaultError) {
        let one = try reader.open(layer, of: record, old)
        guard Self.isSame(one.compartment, next.compartment) else { throw .damaged(place, .commitment) }
        first = one
      } catch {
        if case .interrupted = error { throw error }
        if case .damaged(place, .commitment) = error { throw error }
        guard let object = before.layers[layer]?.object else { throw error }
        let isGoneBefore = !session.isHere(ObjectPlace(.sealed, object)) && isGone(object)
        guard isOwn || isGoneBefore else { throw error }
        isWhole = isWhole && isOwn
      }
      opened[layer] = (first, next)
    }
    guard let testimony = opened[.testimony] else { throw .damaged(place, .otherPlace) }
    try requireAttachments(of: testimony.new)
    return isWhole
      ? .same(old: testimony.old, new: testimony.new) : .goneBefore(old: testimony.old, new: testimony.new)
  }

  private func requireAttachments(of opened: OpenedLayer) throws(VaultError) {
    let note = opened.version.note
    if let known = attachments[note] { return try known.get() }
    let result: Result<Void, VaultError>
    do throws(VaultError) {
      for one in opened.compartment.attachments { try session.prove(one, of: opened) }
      for object in opened.compartment.identityObjects { _ = try session.vault.open(ObjectPlace(.sealed, object)) }
      result = .success(())
    } catch { result = .failure(error) }
    attachments[note] = result
    try result.get()
  }

  private static func isSame(_ old: Compartment, _ new: Compartment) -> Bool {
    func stated(_ one: Attachment) -> [JSON] {
      [
        .string(one.name), one.rawName.map { .string(Hex.encode($0)) } ?? .null, .string(one.mediaType),
        .integer(Int64(one.length)), .hash(one.content),
      ]
    }
    return old.fields == new.fields && old.attachments.map(stated) == new.attachments.map(stated)
      && old.identityObjects == new.identityObjects
  }
}

extension Session {
  /// Whether a sealed object opens with a layer's key: it belongs to that layer, whatever names it.
  func opens(_ object: SHA256Hash, with identity: NativeIdentity) -> Bool {
    guard let descriptor = try? vault.open(ObjectPlace(.sealed, object)), let status = try? descriptor.status() else {
      return false
    }
    let reader = try? SeekableReader(fileSize: status.size, with: [identity]) { offset, span in
      try descriptor.read(at: offset, into: &span)
    }
    return reader != nil
  }
}
